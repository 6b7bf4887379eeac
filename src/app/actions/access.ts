// Asking what one may do, before doing it: the console, and whoever writes a program, learn what this caller could press, and what is missing. It is answered
// by the steps of the door itself, about the caller alone. Questions come from outside; an answer tells no more than trying would.
import { z } from 'zod'
import { createGrant, type Examined, type ExaminedAnswer, isFreshSignIn, rolesFor } from '../../access/index.ts'
import { callerEntity, personPrincipal, sessionType } from '../../identity/index.ts'
import { action, idOf, organizationRef, type Ports, type Tx } from '../../kernel/index.ts'

/** How many questions one request may ask. */
export const questionsMax = 30
const bodyBytesMax = 65_536
const grantersMax = 20

/** Somebody who could grant what is missing. */
export const granter = z.object({ id: idOf('per'), slug: z.string(), name: z.string() })
/** Somebody who could grant what is missing. */
export type Granter = z.input<typeof granter>

const question = z.strictObject({
  action: z.string().max(60).meta({ description: 'A capability, as `noun:verb`.' }),
  input: z.record(z.string().max(60), z.json()).default({}).meta({ description: 'What the action would be given.' }),
})

const answer = z.object({
  action: z.string(),
  allowed: z.boolean(),
  code: z
    .string()
    .nullable()
    .meta({ description: 'What trying would fail with: `denied`, `not_found`, `invalid` or another code; null when it is allowed.' }),
  detail: z.string().nullable(),
  policies: z.array(z.string()).meta({ description: 'What allows it, or what forbids it.' }),
  roles: z.array(z.string()).meta({ description: 'Roles of which each would hold it; none where no grant helps.' }),
  grantedBy: z.array(granter).meta({ description: 'People who could grant such a role to this caller.' }),
})

/**
 * People who hold a role that grants roles, and who may grant one to this caller where it is missing, on that thing or on the whole organization: asked as each
 * of them would be at the door.
 */
export async function grantersFor(tx: Tx, ports: Ports, { principal, version }: Examined, on: ExaminedAnswer['on']): Promise<Granter[]> {
  const whole = organizationRef(principal.org)
  const above = (await ports.scopes.above(tx, on ?? whole)) ?? [whole]
  const people = await tx
    .selectFrom('person')
    .selectAll()
    .where('state', '=', 'active')
    .where('id', 'in', (eb) => {
      const holders = eb
        .selectFrom('grant')
        .select('principal_id')
        .where('revoked_at', 'is', null)
        .where('role', 'in', [...rolesFor(createGrant)])
        .where(
          'scope_id',
          'in',
          above.map(({ id }) => id),
        )
      return holders.union(eb.selectFrom('group_member').select('member_id as principal_id').where('group_id', 'in', holders))
    })
    .orderBy('id')
    .limit(grantersMax)
    .execute()
  const scope = on === undefined ? {} : { scopeType: on.type, scope: on.id }
  const input = { principal: principal.id, role: 'observer', ...scope, reason: 'Whether it could be granted.' }
  const granters: Granter[] = []
  for (const person of people) {
    const as = { principal: personPrincipal(person, person.id), version }
    const [could] = await ports.examiner.examine(tx, as, [{ action: createGrant.name, input }])
    const id = idOf('per').parse(person.id)
    if (could?.allowed === true) granters.push({ id, slug: person.slug, name: person.name })
  }
  return granters
}

/** Whether what is missing could be granted: no guardrail stands in the way. */
export const grantWouldHelp = (one: ExaminedAnswer): boolean => one.code === 'denied' && one.roles.length > 0

/** What trying would fail with: where all that is missing is a fresh sign-in, that, as the door says it. */
function codeOf({ code, policies }: ExaminedAnswer): string | null {
  return code === 'denied' && policies.length > 0 && policies.every(isFreshSignIn) ? 'step_up_required' : code
}

/** Says what the caller may do, and what is missing where he may not. */
export const checkAccess = action({
  name: 'access:check',
  summary: 'Say whether you may do things, without doing them; and what is missing, and who could grant it.',
  effect: 'read',
  roles: [],
  by: ['person', 'pipeline', 'agent', 'service'],
  resource: sessionType,
  bodyBytesMax,
  input: z.strictObject({ questions: z.array(question).min(1).max(questionsMax) }),
  output: z.object({ answers: z.array(answer) }),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ input, tx, ports, principal, allowed }) {
    const who = { principal, version: allowed.version }
    const examined = await ports.examiner.examine(tx, who, input.questions)
    const known = new Map<string, Granter[]>()
    const answers = []
    for (const [at, one] of examined.entries()) {
      const place = `${one.on?.type} ${one.on?.id}`
      const granters = grantWouldHelp(one) ? (known.get(place) ?? (await grantersFor(tx, ports, who, one.on))) : []
      if (grantWouldHelp(one)) known.set(place, granters)
      const { allowed: may, detail, policies, roles } = one
      const action = input.questions[at]?.action ?? ''
      answers.push({ action, allowed: may, code: codeOf(one), detail, policies: [...policies], roles: [...roles], grantedBy: granters })
    }
    return { result: { answers } }
  },
})
