// The way out: what no guardrail of an organization can forbid, so that nobody locks himself out, or locks a thief in. Signing in and looking at who one is;
// seeing, retiring and mending the organization's own rules; and everything that ends something or takes it away. Grants are needed for these as ever, and the
// guardrails that ship hold over them. The schema makes a group of these actions, and every guardrail is read as if it began by leaving that group out.

/** The group of actions in the schema. */
export const wayOut = 'way-out'

/** Verbs that end something or take it away. */
const ending = new Set([
  'abandon',
  'cancel',
  'deny',
  'end',
  'freeze',
  'offboard',
  'reject',
  'remove',
  'retire',
  'revoke',
  'roll-back',
  'suspend',
  'withdraw',
])

/** What has to be found before it can be ended or mended, signing in, and what a directory tells of those who leave. */
const needed = new Set([
  'session:create',
  'session:show',
  'organization:sign-in',
  'organization:settings',
  'organization:keep',
  'person:break-glass',
  'person:sessions',
  'sso:list',
  'directory:list',
  'directory:find',
  'directory:find-users',
  'directory:show-user',
  'directory:patch-user',
  'directory:replace-user',
  'directory:remove-user',
  'directory:find-groups',
  'directory:show-group',
  'directory:patch-group',
  'directory:replace-group',
  'directory:remove-group',
  'access:check',
  'access:explain',
  'guardrail:list',
  'guardrail:show',
  'guardrail:try',
  'role:list',
  'role:show',
  'example:list',
  'grant:list',
  'person:list',
  'group:list',
  'workload:list',
  'connection:list',
  'key:list',
  'run:list',
  'promotion:list',
])

/** Ends a restriction and nothing else: a guardrail may keep it in. */
const kept = new Set(['conflict:end'])

/** Whether no guardrail of an organization can forbid an action. */
export function isWayOut(name: string): boolean {
  const [, verb = ''] = name.split(':')
  return needed.has(name) || (ending.has(verb) && !kept.has(name))
}
