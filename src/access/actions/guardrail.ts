// Actions on guardrails: policies of an organization's own that forbid. A draft decides nothing; activating it, and changing it from then on, is refused when an
// example does not hold. Whatever changes what is active moves the take-away counter: nothing is admitted any more that was decided by other guardrails.
import { z } from 'zod'
import {
  action,
  canonicalBytes,
  digestOf,
  fail,
  locateOrganization,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  reasonText,
  slugText,
  type Tx,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { requireExamplesHold } from '../examples/hold.ts'
import { withGuardrail, withoutGuardrail } from '../examples/verdict.ts'
import { findGuardrail, type Guardrail, guardrailOutput, guardrailShape, shownGuardrail } from '../guardrails/shown.ts'
import { requireSound } from '../guardrails/sound.ts'

/** How many guardrails of an organization are active at a time, and how many it ever has. */
const activeMax = 50
const keptMax = 1000

const { title, policy, environmentClasses, sensitivity } = guardrailShape
const named = { guardrail: slugText, reason: reasonText }

interface Acting {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

async function requireRoom(tx: Tx, slug: string): Promise<void> {
  const rows = await tx.selectFrom('guardrail').select('slug').execute()
  if (rows.some((row) => row.slug === slug)) throw fail('conflict', 'A guardrail has, or had, this name.', { pointer: '/slug' })
  if (rows.length >= keptMax) throw fail('too_large', `At most ${keptMax} guardrails are kept.`)
}

/** Asked with the counter in hand: of two that are put into force at once, the second sees the first. */
async function requireActiveRoom(tx: Tx): Promise<void> {
  const { active } = await tx
    .selectFrom('guardrail')
    .select((eb) => eb.fn.countAll<string>().as('active'))
    .where('state', '=', 'active')
    .executeTakeFirstOrThrow()
  if (Number(active) >= activeMax)
    throw fail('too_large', `At most ${activeMax} guardrails are active at a time.`, { next: 'Retire one, or put two into one policy.' })
}

function factsOf(row: Guardrail, ports: Ports) {
  const { slug, state, version, environment_classes, sensitivity: from } = row
  return {
    guardrail: slug,
    state,
    version,
    policy: digestOf(canonicalBytes(row.policy), ports.sha256),
    environment_classes,
    sensitivity: from,
  }
}

/** What is the same of every change: its result, its facts, its texts. */
function done(row: Guardrail, ports: Ports, texts: Readonly<Record<string, string>>, takesAway: boolean) {
  return { result: shownGuardrail(row), facts: factsOf(row, ports), texts, takesAway }
}

/** Keeps a changed row. Throws `stale` when somebody else changed it since it was looked at. */
async function keep(tx: Tx, before: Guardrail, row: Guardrail): Promise<void> {
  const moved = await tx
    .updateTable('guardrail')
    .set(row)
    .where('slug', '=', row.slug)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) throw fail('stale', 'Somebody else changed this guardrail at the same time.')
}

/** Everything that an active guardrail is held to. */
async function requireActivable({ tx, ports, principal }: Acting, row: Guardrail): Promise<void> {
  const it = { tx, ports, org: principal.org }
  await requireSound(it, row)
  await holdAdmissions(tx)
  await requireExamplesHold(it, { about: { guardrail: row.slug }, after: (rules) => withGuardrail(rules, row) })
}

/** Drafts a guardrail. */
export const createGuardrail = action({
  name: 'guardrail:create',
  summary: 'Draft a guardrail: one Cedar policy that forbids. It decides nothing until it is activated.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    slug: slugText,
    title,
    policy,
    environmentClasses: environmentClasses.default([]),
    sensitivity: sensitivity.optional(),
    reason: reasonText,
  }),
  output: guardrailOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    await requireRoom(tx, input.slug)
    const row: Guardrail = {
      org_id: principal.org,
      slug: input.slug,
      title: input.title,
      policy: input.policy,
      environment_classes: [...new Set(input.environmentClasses)],
      sensitivity: input.sensitivity ?? null,
      state: 'draft',
      version: 1,
      created_by: principal.id,
      created_at: new Date(ports.clock.now()),
      activated_at: null,
      retired_at: null,
    }
    await requireSound({ tx, ports, org: principal.org }, row)
    await tx.insertInto('guardrail').values(row).execute()
    return done(row, ports, { reason: input.reason, policy: row.policy }, false)
  },
})

/** Lists guardrails. */
export const listGuardrails = action({
  name: 'guardrail:list',
  summary: 'List the guardrails of the organization, and those that ship with the product.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ state: z.enum(['draft', 'active', 'retired']).optional() }),
  output: z.object({
    items: z.array(guardrailOutput),
    shipped: z.array(z.object({ id: z.string(), policy: z.string() })).meta({ description: 'These hold in every organization.' }),
  }),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    const all = tx.selectFrom('guardrail').selectAll().orderBy('slug').limit(keptMax)
    const rows = await (input.state === undefined ? all : all.where('state', '=', input.state)).execute()
    const shipped = ports.decider.shipped.filter(({ id }) => id.startsWith('guardrail/'))
    return { result: { items: rows.map(shownGuardrail), shipped: shipped.map(({ id, text }) => ({ id, policy: text })) } }
  },
})

const locateOne = async ({ input, tx, principal }: { input: { guardrail: string }; tx: Tx; principal: Principal }) => ({
  resource: organizationEntity(principal.org),
  found: await findGuardrail(tx, input.guardrail),
})

/** Shows a guardrail. */
export const showGuardrail = action({
  name: 'guardrail:show',
  summary: 'Show a guardrail: its policy, as it was written and as it is decided by.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ guardrail: slugText }),
  output: guardrailOutput,
  locate: locateOne,
  perform: async ({ found }) => ({ result: shownGuardrail(found) }),
})

/** Puts a draft into force. */
export const activateGuardrail = action({
  name: 'guardrail:activate',
  summary: 'Put a drafted guardrail into force, when every example holds. When this returns, nothing is admitted that it forbids.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject(named),
  output: guardrailOutput,
  locate: locateOne,
  async perform({ input, found, tx, ports, principal }) {
    if (found.state !== 'draft') throw fail('conflict', `This guardrail is ${found.state}.`)
    const row: Guardrail = { ...found, state: 'active', version: found.version + 1, activated_at: new Date(ports.clock.now()) }
    await requireActivable({ tx, ports, principal }, row)
    await requireActiveRoom(tx)
    await keep(tx, found, row)
    return done(row, ports, { reason: input.reason, policy: row.policy }, true)
  },
})

/** Changes a guardrail. */
export const changeGuardrail = action({
  name: 'guardrail:change',
  summary: 'Change a guardrail. One that is in force stays so, when every example holds.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    ...named,
    title: title.optional(),
    policy: policy.optional(),
    environmentClasses: environmentClasses.optional(),
    sensitivity: sensitivity.nullable().optional(),
  }),
  output: guardrailOutput,
  locate: locateOne,
  async perform({ input, found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This guardrail is retired.')
    const row: Guardrail = {
      ...found,
      title: input.title ?? found.title,
      policy: input.policy ?? found.policy,
      environment_classes: [...new Set(input.environmentClasses ?? found.environment_classes)],
      sensitivity: input.sensitivity === undefined ? found.sensitivity : input.sensitivity,
      version: found.version + 1,
    }
    const isActive = row.state === 'active'
    if (isActive) await requireActivable({ tx, ports, principal }, row)
    else await requireSound({ tx, ports, org: principal.org }, row)
    await keep(tx, found, row)
    return done(row, ports, { reason: input.reason, policy: row.policy }, isActive)
  },
})

/** Ends a guardrail. */
export const retireGuardrail = action({
  name: 'guardrail:retire',
  summary: 'End a guardrail: it forbids nothing any more. No guardrail can forbid this.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject(named),
  output: guardrailOutput,
  locate: locateOne,
  async perform({ input, found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This guardrail was retired before.')
    const row: Guardrail = { ...found, state: 'retired', version: found.version + 1, retired_at: new Date(ports.clock.now()) }
    if (found.state === 'active') {
      await holdAdmissions(tx)
      const it = { tx, ports, org: principal.org }
      await requireExamplesHold(it, { about: { guardrail: row.slug }, after: (rules) => withoutGuardrail(rules, row.slug) })
    }
    await keep(tx, found, row)
    return done(row, ports, { reason: input.reason }, found.state === 'active')
  },
})
