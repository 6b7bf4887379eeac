// The policies that ship with the product: what system parts may do, and what nobody may, whatever was granted.
// They are Cedar, not code, so that `explain` can name them; an organization can add to them and cannot take them away.
import type { Capability } from '../kernel/index.ts'
import type { Policy } from './grants.ts'
import { freshSignInForData, guardrailsByClass } from './shipped-by-class.ts'

/** Guardrails: each `forbid` holds over every grant. */
export const guardrails: readonly Policy[] = [
  {
    id: 'guardrail/no-simulation-in-production',
    text: 'forbid(principal, action == Action::"run:launch", resource) when { context.environmentClass == "production" };',
  },
  {
    id: 'guardrail/maker-is-not-reviewer',
    text: 'forbid(principal, action in [Action::"promotion:approve", Action::"promotion:reject"], resource) when { resource.makers.containsAny(principal.chain) };',
  },
  {
    id: 'guardrail/people-review',
    text: 'forbid(principal, action in [Action::"promotion:approve", Action::"promotion:reject", Action::"request:approve", Action::"request:deny", Action::"grant:review"], resource) when { !(principal is Person) };',
  },
  {
    id: 'guardrail/maker-does-not-cross',
    text: 'forbid(principal, action == Action::"promotion:cross", resource) when { resource.makers.containsAny(principal.chain) };',
  },
  {
    id: 'guardrail/reviewer-is-not-deployer',
    text: 'forbid(principal, action == Action::"promotion:cross", resource) when { resource.reviewers.containsAny(principal.chain) };',
  },
  {
    id: 'guardrail/maker-does-not-export',
    text: 'forbid(principal, action == Action::"artifact:export", resource) when { resource.makers.containsAny(principal.chain) };',
  },
  {
    id: 'guardrail/read-connection-is-only-read',
    text: 'forbid(principal, action == Action::"connection:call", resource) when { resource.access == "read" && !(["GET", "HEAD"].contains(context.method)) };',
  },
  {
    id: 'guardrail/granter-is-not-grantee',
    text: 'forbid(principal, action in [Action::"grant:create", Action::"group:add", Action::"role:change", Action::"request:approve", Action::"mapping:create", Action::"mapping:change", Action::"position:change"], resource) when { principal.chain.containsAny(context.grantees) };',
  },
  {
    id: 'guardrail/one-approval-each',
    text: 'forbid(principal, action == Action::"request:approve", resource) when { resource.approvers.containsAny(principal.chain) };',
  },
  {
    id: 'guardrail/people-break-glass',
    text: 'forbid(principal, action == Action::"grant:break-glass", resource) when { !(principal is Person) };',
  },
  {
    id: 'guardrail/break-glass-is-reviewed',
    text: 'forbid(principal, action == Action::"grant:break-glass", resource) when { context.overdue };',
  },
  {
    id: 'guardrail/holder-does-not-review',
    text: 'forbid(principal, action == Action::"grant:review", resource) when { principal.chain.containsAny(context.grantees) };',
  },
  {
    id: 'guardrail/people-make-admin-links',
    text: 'forbid(principal, action in [Action::"link:create", Action::"link:accept"], resource) when { !(principal is Person) };',
  },
  {
    id: 'guardrail/proposed-directory-says-nothing',
    text: 'forbid(principal, action in [Action::"directory:create-user", Action::"directory:replace-user", Action::"directory:patch-user", Action::"directory:remove-user", Action::"directory:create-group", Action::"directory:replace-group", Action::"directory:patch-group", Action::"directory:remove-group"], resource) when { resource.proposed };',
  },
  {
    id: 'guardrail/asker-does-not-confirm',
    text: 'forbid(principal, action == Action::"organization:confirm-deletion", resource) when { resource.askers.containsAny(principal.chain) || !(principal is Person) };',
  },
  ...guardrailsByClass,
]

/** Actions that show governed content, or let it out: they need a clearance at least as high as the content's sensitivity. */
function clearanceGuardrail(catalogue: readonly Capability[]): Policy[] {
  const names = catalogue
    .filter((one) => one.effect === 'content' || one.effect === 'consequence' || one.goesOnShowing === true)
    .filter((one) => one.resource.attributes.sensitivity === 'Long')
    .map((one) => one.name)
  if (names.length === 0) return []
  const actions = names.map((name) => `Action::${JSON.stringify(name)}`).join(', ')
  return [
    {
      id: 'guardrail/clearance',
      text: `forbid(principal, action in [${actions}], resource) when { principal.clearance < resource.sensitivity };`,
    },
  ]
}

const freshSignIn = 'guardrail/fresh-sign-in'

/** Whether a guardrail asks for a fresh sign-in: whoever meets no other may do it after he signed in again. */
export function isFreshSignIn(policy: string): boolean {
  return policy === freshSignIn || policy === freshSignInForData
}

/** Acts that cannot be taken back, and changes of who signs in and how: people who signed in too long ago sign in again first. */
const stepUpActions =
  /^(promotion:(approve|cross)|(sso|directory|domain):(?!list$|show$|test$).*|link:(create|accept)|organization:(require-sso|step-up|change-settings|export|delete|confirm-deletion)|(person|grant):break-glass|archive:(create|fetch)|passkey:(add|remove)|person:(link|change-address|recovery-codes|erase))$/

function freshSignInGuardrail(catalogue: readonly Capability[]): Policy[] {
  const names = catalogue
    .filter((one) => stepUpActions.test(one.name) && one.effect !== 'read' && (one.roles.length > 0 || one.by.includes('person')))
    .map((one) => one.name)
  if (names.length === 0) return []
  const actions = names.map((name) => `Action::${JSON.stringify(name)}`).join(', ')
  return [
    {
      id: freshSignIn,
      text: `forbid(principal, action in [${actions}], resource) when { context.stepUpSeconds > 0 && context.signedInSecondsAgo > context.stepUpSeconds };`,
    },
  ]
}

/** What each system part may do: exactly the actions that name it. */
function systemPolicies(catalogue: readonly Capability[]): Policy[] {
  const parts = new Set(catalogue.flatMap((one) => one.system))
  return [...parts].map((part) => ({
    id: `system/${part}`,
    text: `permit(principal == System::${JSON.stringify(part)}, action in Action::${JSON.stringify(`system:${part}`)}, resource);`,
  }))
}

/** What a principal may do to what is its own: a person to his sessions, a run to itself, a service to the channel that it was promoted for. */
function ownPolicies(catalogue: readonly Capability[]): Policy[] {
  const own = catalogue.filter((one) => one.resource.attributes.self === 'String' && one.by.length > 0)
  if (own.length === 0) return []
  const isForPeople = ({ by }: Capability) => by.every((kind) => kind === 'person')
  const permit = (id: string, those: readonly Capability[], condition: string): Policy[] => {
    const actions = those.map((one) => `Action::${JSON.stringify(one.name)}`).join(', ')
    return those.length === 0 ? [] : [{ id, text: `permit(principal, action in [${actions}], resource) when { ${condition} };` }]
  }
  const isOwn = 'principal.chain.contains(resource.self)'
  return [
    ...permit(
      'own/self',
      own.filter((one) => !isForPeople(one)),
      isOwn,
    ),
    // A workload has its owner in its chain, and a role might open these to it: what is his own is not its own.
    ...permit('own/person', own.filter(isForPeople), `principal is Person && ${isOwn}`),
  ]
}

/** What an admin link may do: set up what it is for, and nothing that lets anybody in. */
function adminLinkPolicies(catalogue: readonly Capability[]): Policy[] {
  const names = catalogue.filter((one) => one.by.includes('admin_link') && one.context.ofThisLink === 'Boolean').map((one) => one.name)
  if (names.length === 0) return []
  const actions = names.map((name) => `Action::${JSON.stringify(name)}`).join(', ')
  return [
    {
      id: 'own/admin-link',
      text: `permit(principal, action in [${actions}], resource) when { principal is AdminLinkIdentity && context.ofThisLink && !context.gives };`,
    },
  ]
}

/** Every shipped policy for a catalogue. */
export function shippedPolicies(catalogue: readonly Capability[]): Policy[] {
  return [
    ...guardrails,
    ...clearanceGuardrail(catalogue),
    ...freshSignInGuardrail(catalogue),
    ...systemPolicies(catalogue),
    ...ownPolicies(catalogue),
    ...adminLinkPolicies(catalogue),
  ]
}
