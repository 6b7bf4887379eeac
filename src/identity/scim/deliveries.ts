// The delivery log: one row for each change that a directory asked for, done or refused, for people to read. It names attributes, never their values.
import { sql } from 'kysely'
import type { EntryId, Ports, Principal, Tx } from '../../kernel/index.ts'
import { idsFrom, newId } from '../../kernel/index.ts'

/** What became of one change. */
export interface Delivery {
  readonly operation: string
  readonly resource: string | undefined
  readonly changed: readonly string[]
  readonly code?: string
}

/** Where a delivery is logged: beside its entry. */
export interface Logging {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly entry: EntryId
}

/** Writes a row, in the transaction of the act or of its refusal. */
export async function logDelivery(it: Logging, delivery: Delivery): Promise<void> {
  await logDeliveries([{ it, delivery }])
}

/** Writes rows of one transaction by one statement. */
export async function logDeliveries(deliveries: readonly { readonly it: Logging; readonly delivery: Delivery }[]): Promise<void> {
  const [first] = deliveries
  if (first === undefined) return
  const rows = deliveries.map(({ it: { ports, principal, entry }, delivery: { operation, resource, changed, code } }) => ({
    org_id: principal.org,
    id: newId('dlv', ports),
    directory_id: principal.id,
    at: new Date(ports.clock.now()),
    operation,
    resource_id: resource ?? null,
    changed: [...changed].slice(0, 100),
    code: code ?? null,
    entry_id: entry,
  }))
  await sql`insert into directory_delivery (org_id, id, directory_id, at, operation, resource_id, changed, code, entry_id)
    select org_id, id, directory_id, at, operation, resource_id, changed, code, entry_id
    from jsonb_populate_recordset(null::directory_delivery, ${JSON.stringify(rows)}::jsonb)`.execute(first.it.tx)
}

/** The most lines that are kept of one directory, however young they are. */
export const deliveriesKeptMax = 100_000
/** How many lines of one directory go in one act, so that none takes long. */
const prunedAtOnce = 10_000

/** How many lines of a directory's log went, and whether more are to go. */
export interface Pruned {
  readonly directory: string
  readonly deleted: number
  readonly isMore: boolean
}

/** The id of the line at this place in a log, from either end; undefined where it is shorter. Ids sort by the time at which they were made, and an index has both ends. */
async function lineAt(tx: Tx, directory: string, place: number, end: 'asc' | 'desc'): Promise<string | undefined> {
  const lines = tx.selectFrom('directory_delivery').select('id').where('directory_id', '=', directory)
  return (await lines.orderBy('id', end).offset(place).limit(1).executeTakeFirst())?.id
}

/** Deletes what was logged before a moment, and what is more than is kept of one directory: of each the oldest first, and not all at once. */
export async function pruneLogs(tx: Tx, from: number): Promise<readonly Pruned[]> {
  const pruned: Pruned[] = []
  for (const { id: directory } of await tx.selectFrom('directory').select('id').orderBy('id').execute()) {
    const [young, newest] = [idsFrom('dlv', from), (await lineAt(tx, directory, deliveriesKeptMax - 1, 'desc')) ?? '']
    const floor = young > newest ? young : newest
    const next = (await lineAt(tx, directory, prunedAtOnce, 'asc')) ?? floor
    const isMore = next < floor
    const gone = await tx
      .deleteFrom('directory_delivery')
      .where('directory_id', '=', directory)
      .where('id', '<', isMore ? next : floor)
      .executeTakeFirst()
    const deleted = Number(gone.numDeletedRows)
    if (deleted > 0) pruned.push({ directory, deleted, isMore })
  }
  return pruned
}

const sentences: Readonly<Record<string, string>> = {
  claimed: 'Somebody or something else has this name, address or external id already, here or in another directory.',
  last_administrator: 'Nobody would be left who can manage the organization. Make somebody else an administrator first.',
  etag_moved: 'The resource had changed since the directory read it.',
  read_only: 'It addressed something that is set here and not by directories.',
  attribute_unknown: 'It addressed an attribute that there is not.',
  no_target: 'It addressed a value that there is not.',
  filter_refused: 'It held a filter that cannot be read or asks for too much.',
  value_refused: 'It held a value that the attribute cannot hold, or lacked one that must be there.',
  not_found: 'There is no such user or group in this directory.',
  too_large: 'It hit a limit.',
  conflict: 'It would have put together what is kept apart here.',
  denied: 'The directory may not do this. One that is proposed may look alone, until an administrator accepts it.',
}

const verbs: Readonly<Record<string, string>> = { create: 'Created', replace: 'Replaced', patch: 'Changed', remove: 'Removed' }

/** What stands among what changed where a directory took over somebody who was here before. */
export const takenOver = 'taken over'

/** What a delivery came to, in a sentence. */
export function toldOf({
  operation,
  code,
  changed,
}: {
  readonly operation: string
  readonly code: string | null
  readonly changed: readonly string[]
}): string {
  const [verb = '', noun = ''] = operation.split('-')
  if (code !== null) return sentences[code] ?? `It failed (${code}).`
  if (changed.includes(takenOver)) return `Took over somebody who was here: ${changed.filter((one) => one !== takenOver).join(', ')}.`
  if (changed.length > 0) return `${verbs[verb] ?? verb} the ${noun}: ${changed.join(', ')}.`
  const mayChangeNothing = verb === 'replace' || verb === 'patch'
  return mayChangeNothing ? `Changed nothing: the ${noun} was so already.` : `${verbs[verb] ?? verb} the ${noun}.`
}
