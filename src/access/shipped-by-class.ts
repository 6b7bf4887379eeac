// The guardrails that rise with the class of the environment and with the sensitivity of what is touched. Each line holds over every grant; what is of no
// environment, or has no sensitivity, none of them speaks of. `docs/guides/guardrails.md` shows them as a table; each has examples in its test.
import type { Policy } from './grants.ts'

const exporting = 'action == Action::"artifact:export"'
const people = 'principal is Person'
/** Sensitivities as policies compare them. */
const [confidential, restricted] = [2, 3]
/** Whoever signed in too long ago; whoever does not sign in is not meant. */
const stale = 'context.stepUpSeconds > 0 && context.signedInSecondsAgo > context.stepUpSeconds'

/** The guardrail that asks for a fresh sign-in because of what leaves: whoever meets it alone may do it after he signed in again. */
export const freshSignInForData = 'guardrail/fresh-sign-in-for-data'

/** From the sandbox, where connections may hold plain secrets and cells may be open, to production. */
export const guardrailsByClass: readonly Policy[] = [
  {
    id: 'guardrail/restricted-stays-in-the-sandbox',
    text: `forbid(principal, ${exporting}, resource) when { context.environmentClass == "sandbox" && resource.sensitivity >= ${restricted} };`,
  },
  {
    id: 'guardrail/restricted-leaves-by-people',
    text: `forbid(principal, ${exporting}, resource) when { context.environmentClass == "staging" && resource.sensitivity >= ${restricted} && !(${people}) };`,
  },
  {
    id: 'guardrail/confidential-leaves-by-people',
    text: `forbid(principal, ${exporting}, resource) when { ["preproduction", "production"].contains(context.environmentClass) && resource.sensitivity >= ${confidential} && !(${people}) };`,
  },
  {
    id: freshSignInForData,
    text: `forbid(principal, ${exporting}, resource) when { ${stale} && (resource.sensitivity >= ${restricted} || (["preproduction", "production"].contains(context.environmentClass) && resource.sensitivity >= ${confidential})) };`,
  },
  {
    id: 'guardrail/confidential-crosses-by-people',
    text: `forbid(principal, action == Action::"promotion:cross", resource) when { context.environmentClass == "production" && resource.sensitivity >= ${confidential} && !(${people}) };`,
  },
]
