// What a change would come to before it is made: who would gain what, and who would lose it, now and when something that it is about begins. The store is read as if
// the change had been made, and the door's decision is asked; nothing is written. Whoever asks needs no right to make the change, and gets none by asking.
import { z } from 'zod'
import { type Guardrail, guardrailShape, inForce, requireSound, rulesNow, withGuardrail, withoutGuardrail } from '../../access/index.ts'
import { action, fail, idOf, isCoded, locateOrganization, organizationType, slugText } from '../../kernel/index.ts'
import { type Change, noChange } from './paths/change.ts'
import { changedMax, type Foreseeing, type Foreseen, foresee } from './paths/foresee.ts'
import { foreseeLater, type Later, momentsMax } from './paths/foresee-later.ts'
import { foreseeOwner } from './paths/foresee-owner.ts'
import { foreseeRules } from './paths/foresee-rules.ts'
import type { Look } from './paths/look.ts'
import { difference, looksAt } from './paths/shown.ts'
import { changeOfGroup, changeOfMapping, changeOfRole, given, giveShape, liveGrant, membership, term } from './paths/terms.ts'

const bodyBytesMax = 131_072
const setMax = 100

const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('give'), ...giveShape }),
  z.strictObject({ kind: z.literal('take'), grant: idOf('grt') }),
  z.strictObject({ kind: z.literal('join'), ...membership }),
  z.strictObject({ kind: z.literal('leave'), ...membership }),
  z.strictObject({ kind: z.literal('dissolve'), group: idOf('grp') }),
  z.strictObject({
    kind: z.literal('role'),
    role: slugText.meta({ description: 'A role that ships, or one of your own, by its name.' }),
    add: z.array(z.string().max(60)).max(100).default([]),
    remove: z.array(z.string().max(60)).max(100).default([]),
    retire: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('policy'),
    guardrail: slugText
      .default('foreseen')
      .meta({ description: 'One that is there, to be changed or retired; a new one where it is left out.' }),
    policy: guardrailShape.policy.optional(),
    environmentClasses: guardrailShape.environmentClasses.optional(),
    sensitivity: guardrailShape.sensitivity.nullable().optional(),
    retire: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('owner'),
    of: z.union([idOf('pip'), idOf('agt'), idOf('svc'), idOf('twn')]),
    to: idOf('per'),
  }),
  z.strictObject({
    kind: z.literal('set'),
    give: z.array(term).max(setMax).default([]),
    take: z.array(idOf('grt')).max(setMax).default([]),
  }),
  z.strictObject({
    kind: z.literal('mapping'),
    mapping: z.string().max(40).meta({ description: 'A mapping that is there.' }),
    retire: z.literal(true).default(true),
  }),
])
type Asked = z.output<typeof change>

/** Refuses a policy that no guardrail may have, with where it stands in this input. */
async function requireSoundAt(it: Parameters<typeof requireSound>[0], row: Guardrail, within: string): Promise<void> {
  try {
    await requireSound(it, row)
  } catch (error) {
    if (!isCoded(error) || error.notes.pointer === undefined) throw error
    throw fail(error.code, error.message, { ...error.notes, pointer: `${within}${error.notes.pointer}`, cause: error })
  }
}

type RulesForeseen = Foreseen & { readonly looksAt: readonly Look[] }

async function rulesChange(it: Foreseeing, asked: Extract<Asked, { kind: 'policy' }>): Promise<RulesForeseen> {
  const { tx, ports, org } = it
  const now = await rulesNow(tx)
  const found = await tx.selectFrom('guardrail').selectAll().where('slug', '=', asked.guardrail).executeTakeFirst()
  const before = now.guardrails.map(inForce)
  if (asked.retire) {
    if (found === undefined) throw fail('not_found', 'There is no guardrail with this name.', { pointer: '/change/guardrail' })
    const told = await foreseeRules(it, { before, after: withoutGuardrail(now, asked.guardrail).guardrails.map(inForce) })
    return { ...told, touched: 0 }
  }
  const policy = asked.policy ?? found?.policy
  if (policy === undefined) throw fail('invalid', 'Say the policy.', { pointer: '/change/policy' })
  const row = {
    org_id: org,
    slug: asked.guardrail,
    title: found?.title ?? asked.guardrail,
    policy,
    environment_classes: asked.environmentClasses ?? found?.environment_classes ?? [],
    sensitivity: asked.sensitivity === undefined ? (found?.sensitivity ?? null) : asked.sensitivity,
    state: 'active' as const,
    version: 1,
    created_by: '',
    created_at: new Date(ports.clock.now()),
    activated_at: null,
    retired_at: null,
  }
  await requireSoundAt({ tx, ports, org }, row, '/change')
  return { ...(await foreseeRules(it, { before, after: withGuardrail(now, row).guardrails.map(inForce) })), touched: 0 }
}

/** A change of grants and memberships as the store would hold it. Throws `not_found` for what is not there. */
async function changeOf(it: Foreseeing, asked: Exclude<Asked, { kind: 'policy' | 'owner' }>): Promise<Change> {
  switch (asked.kind) {
    case 'give':
      return { ...noChange, given: [await given(it, asked, '/change')] }
    case 'take':
      return { ...noChange, revoked: [await liveGrant(it.tx, asked.grant, '/change/grant')] }
    case 'set': {
      const rows = []
      for (const [at, one] of asked.give.entries()) rows.push(await given(it, one, `/change/give/${at}`))
      const gone = []
      for (const [at, id] of asked.take.entries()) gone.push(await liveGrant(it.tx, id, `/change/take/${at}`))
      return { ...noChange, given: rows, revoked: gone }
    }
    case 'role':
      return changeOfRole(it, asked)
    case 'mapping':
      return changeOfMapping(it.tx, asked.mapping)
    default:
      return changeOfGroup(it.tx, asked)
  }
}

/** What it would come to now, and later. */
async function foreseen(it: Foreseeing, asked: Asked): Promise<RulesForeseen & { readonly later: readonly Later[] }> {
  if (asked.kind === 'policy') return { ...(await rulesChange(it, asked)), later: [] }
  if (asked.kind === 'owner') return { ...(await foreseeOwner(it, asked)), later: [], looksAt: [] }
  const change = await changeOf(it, asked)
  const now = await foresee(it, change)
  const { later, cut } = await foreseeLater(it, change, now)
  return { ...now, later, looksAt: [], cut: now.cut || cut }
}

const total = z.object({ principals: z.number(), differences: z.number() })

const totalOf = (all: Foreseen['gains']) => ({ principals: new Set(all.map(({ principal }) => principal)).size, differences: all.length })

/** Says what a change would come to. */
export const foreseeChange = action({
  name: 'access:whatif',
  summary:
    'Say who would gain and who would lose what by a change of a grant, a group, a role, a guardrail, an owner or a mapping; without making it.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  bodyBytesMax,
  input: z.strictObject({ change }),
  output: z.object({
    gains: z.array(difference).meta({ description: 'Asked on things that are public and that nobody has had a hand in.' }),
    loses: z.array(difference),
    later: z.array(z.object({ at: z.string(), gains: z.array(difference), loses: z.array(difference) })).meta({
      description: `What comes besides when a grant begins that has not begun yet, moment by moment; the first ${momentsMax}.`,
    }),
    looksAt,
    totals: z.object({ gains: total, loses: total }).meta({ description: 'Of what is shown as of now.' }),
    touched: z.number().meta({ description: 'How many people and workloads hold something that the change is about; 0 for a policy.' }),
    cut: z.boolean().meta({
      description: `Whether there is more than is shown: more than ${changedMax} people and workloads, or too many differences or moments.`,
    }),
  }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal, allowed }) {
    const told = await foreseen({ tx, ports, org: principal.org, version: allowed.version }, input.change)
    const { gains, loses, touched, cut } = told
    const later = told.later.map((one) => ({ at: one.at, gains: [...one.gains], loses: [...one.loses] }))
    const totals = { gains: totalOf(gains), loses: totalOf(loses) }
    return { result: { gains: [...gains], loses: [...loses], later, looksAt: [...told.looksAt], totals, touched, cut } }
  },
})
