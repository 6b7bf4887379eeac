// A request as it is answered: in short for lists; whole, with its steps, who may give each, and which duties it would bring together. The texts lie beside the
// entries of those who wrote them, while nobody erased them.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { type Capability, idOf, roles, type Tx, toMoment } from '../../kernel/index.ts'
import { called } from '../called.ts'
import { conflictsMet, holdersBeside } from '../duties.ts'
import { conflictsOutput } from '../give.ts'
import type { AccessApprovalTable } from '../tables.ts'
import { decidersOf, type Looking, wouldGive } from './deciders.ts'
import type { RequestFound } from './find-request.ts'
import { stakes, stakesOf } from './stakes.ts'

/** The states of a request: `ended` when its asker left. */
export const requestStates = ['open', 'approved', 'denied', 'withdrawn', 'expired', 'ended'] as const

/** A request in short. */
export const requestOutput = z.object({
  id: idOf('req'),
  state: z.enum(requestStates).meta({ description: '`ended` when the asker left before it was decided.' }),
  asker: idOf('per'),
  askerName: z.string(),
  role: z.enum(roles).nullable(),
  customRole: z.string().nullable(),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()).meta({ description: 'Everywhere when empty.' }),
  minutes: z.number().meta({ description: 'How long the grant shall last.' }),
  notBefore: z.string().nullable(),
  reason: z.string().nullable().meta({ description: 'Null where the text was erased.' }),
  createdAt: z.string(),
  expiresAt: z.string().meta({ description: 'When the request itself expires.' }),
  closedAt: z.string().nullable(),
  approvalsNeeded: z.number(),
  approvalsGiven: z.number(),
  grant: idOf('grt').nullable().meta({ description: 'What it became, once approved.' }),
})
type Shown = z.input<typeof requestOutput>

/** Somebody who could decide. */
const deciderOutput = z.object({ id: idOf('per'), slug: z.string(), name: z.string() })

/** What the steps of a request come to. */
export const stepsShape = {
  second: z.array(z.enum(stakes)).meta({ description: 'Why two people must approve; empty where one is enough.' }),
  steps: z.array(
    z.object({
      number: z.number(),
      state: z.enum(['given', 'waiting', 'not_reached']),
      by: idOf('per').nullable(),
      byName: z.string().nullable(),
      at: z.string().nullable(),
      minutes: z.number().nullable().meta({ description: 'What this approval shortened it to.' }),
      reason: z.string().nullable(),
      mayDecide: z.array(deciderOutput).meta({ description: 'Who could give this step now.' }),
    }),
  ),
  enough: z.boolean().meta({ description: 'Whether there are enough people to give every step that waits.' }),
  conflicts: conflictsOutput,
}

/** A request whole. */
export const requestDetail = requestOutput.extend({
  ...stepsShape,
  answer: z
    .object({ by: z.string(), byName: z.string().nullable(), reason: z.string().nullable() })
    .nullable()
    .meta({ description: 'Who approved, denied or withdrew it at last, or ended it by changing the role that it was for.' }),
})

interface Words {
  readonly request: string
  readonly action: string
  readonly by: string
  readonly text: string
}

const worded = ['request:create', 'request:approve', 'request:deny', 'request:withdraw', 'role:change', 'role:retire']

async function wordsOf(tx: Tx, requests: readonly string[]): Promise<readonly Words[]> {
  if (requests.length === 0) return []
  return (
    tx
      .selectFrom('entry_ref')
      .innerJoin('entry', (join) => join.onRef('entry.id', '=', 'entry_ref.entry_id').onRef('entry.org_id', '=', 'entry_ref.org_id'))
      .innerJoin('sidecar', (join) => join.onRef('sidecar.entry_id', '=', 'entry.id').onRef('sidecar.org_id', '=', 'entry.org_id'))
      .select(['entry_ref.ref_id as request', 'entry.action', 'entry.actor_id as by', 'sidecar.content as text'])
      .where('entry_ref.ref_id', 'in', requests)
      // A change of its role names the requests that it ended.
      .where('entry_ref.rel', 'in', ['resource', 'request'])
      .where('entry.outcome', '=', 'done')
      .where('entry.action', 'in', worded)
      .where('sidecar.name', '=', 'reason')
      .orderBy('entry.id')
      .execute()
  )
}

function inShort({ row, approvals }: RequestFound, askerName: string | undefined, reason: string | undefined): Shown {
  return {
    id: row.id,
    state: row.state,
    asker: row.asker_id,
    askerName: askerName ?? row.asker_id,
    role: row.role === null ? null : z.enum(roles).parse(row.role),
    customRole: row.custom_role,
    actions: row.actions,
    scope: { type: row.scope_type, id: row.scope_id },
    environments: row.environments,
    minutes: row.minutes,
    notBefore: toMoment(row.not_before),
    reason: reason ?? null,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    closedAt: toMoment(row.closed_at),
    approvalsNeeded: row.approvals_needed,
    approvalsGiven: approvals.length,
    grant: row.grant_id,
  }
}

/** Requests in short. `pending` is the reason of one whose entry is being made. */
export async function shownRequests(tx: Tx, all: readonly RequestFound[], pending?: string): Promise<Shown[]> {
  const words = await wordsOf(
    tx,
    all.map(({ row }) => row.id),
  )
  const names = await called(
    tx,
    all.map(({ row }) => row.asker_id),
  )
  return all.map((found) => {
    const { id, asker_id } = found.row
    const asked = words.find(({ request, action }) => request === id && action === 'request:create')
    return inShort(found, names.get(asker_id), asked?.text ?? pending)
  })
}

/** A text of an act whose entry is being made in this transaction, and is not there yet. */
export interface Pending {
  readonly action: string
  readonly by: string
  readonly text: string
}

interface Told {
  readonly words: readonly Words[]
  readonly names: ReadonlyMap<string, string>
}

function given(one: Selectable<AccessApprovalTable>, { words, names }: Told) {
  const said = words.findLast(({ action, by }) => action === 'request:approve' && by === one.person_id)
  return {
    number: one.step,
    state: 'given' as const,
    by: one.person_id,
    byName: names.get(one.person_id) ?? null,
    at: one.at.toISOString(),
    minutes: one.minutes,
    reason: said?.text ?? null,
    mayDecide: [],
  }
}

/** The steps of a request, as far as they were given; those that wait with whoever may give them. */
export async function stepsOf(look: Looking, approve: Capability, found: RequestFound, told: Told) {
  const { tx, ports } = look
  const { row, approvals } = found
  const isOpen = row.state === 'open'
  const mayDecide = isOpen ? await decidersOf(look, approve, found) : []
  const given_ = approvals.map((one) => given(one, told))
  const rest = Array.from({ length: Math.max(0, row.approvals_needed - approvals.length) }, (_, at) => ({
    number: approvals.length + at + 1,
    state: isOpen ? ('waiting' as const) : ('not_reached' as const),
    by: null,
    byName: null,
    at: null,
    minutes: null,
    reason: null,
    mayDecide,
  }))
  const terms = await wouldGive(tx, ports, found)
  return {
    second: await stakesOf(tx, ports, terms),
    steps: [...given_, ...rest],
    enough: mayDecide.length >= rest.length,
    conflicts: isOpen ? await conflictsMet({ tx, ports, holders: await holdersBeside(tx, row.asker_id), given: terms }) : [],
  }
}

/** A request whole. */
export async function detailOf(
  look: Looking,
  approve: Capability,
  found: RequestFound,
  pending?: Pending,
): Promise<z.input<typeof requestDetail>> {
  const { row, approvals } = found
  const before = await wordsOf(look.tx, [row.id])
  const words = pending === undefined ? before : [...before, { request: row.id, ...pending }]
  const names = await called(look.tx, [row.asker_id, row.closed_by ?? row.asker_id, ...approvals.map(({ person_id }) => person_id)])
  const asked = words.find(({ action }) => action === 'request:create')
  const last = words.findLast(({ action, by }) => action !== 'request:create' && by === row.closed_by)
  const { closed_by: by } = row
  return {
    ...inShort(found, names.get(row.asker_id), asked?.text),
    ...(await stepsOf(look, approve, found, { words, names })),
    answer: by === null ? null : { by, byName: names.get(by) ?? null, reason: last?.text ?? null },
  }
}
