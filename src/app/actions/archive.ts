// An archive: everything that an organization keeps, exported once and kept sealed for whoever asked for it until it ends. It is as sensitive as what the organization
// keeps: each fetch is decided anew on that, recorded before its first byte, and for its asker alone. What has ended is gone by the clock; a sweep tidies up.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { type ArchiveTable, countOf, type Holder } from '../../identity/index.ts'
import {
  action,
  fail,
  fromUtf8,
  idOf,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  reasonText,
  type Tx,
  utf8,
} from '../../kernel/index.ts'
import { dataFormat, dataType, exportedRow, locateData, pageAfter, requireOwnPerson } from './organization-data.ts'

/** How many archives are kept at a time, and how many parts of a megabyte one has at most. */
const keptMax = 3
const partsMax = 64
const rowsAtOnce = 5_000
const hoursMax = 168

const bindingOf = (org: string, id: string, part: number) => ({
  org,
  environment: '',
  purpose: 'archive',
  id: `${id} ${part}`,
  version: 1,
})

async function requireRoom(tx: Tx, now: Date): Promise<void> {
  if ((await countOf(tx.selectFrom('archive').where('expires_at', '>', now))) < keptMax) return
  throw fail('too_large', `At most ${keptMax} archives are kept at a time.`, { next: 'Delete one that is no longer needed.' })
}

/** Reads everything, page by page, and keeps each page sealed. Throws `too_large`. */
async function keepParts(tx: Tx, { vault }: Pick<Ports, 'vault'>, org: string, id: string) {
  const kept = { parts: 0, rows: 0, bytes: 0 }
  for (let after: string | undefined, isMore = true; isMore; ) {
    if (kept.parts === partsMax)
      throw fail('too_large', `An archive has at most ${partsMax} parts of a megabyte.`, {
        next: 'Take it along page by page: `twinlock organization export`.',
      })
    const { rows, next } = await pageAfter(tx, after, rowsAtOnce)
    const content = utf8(JSON.stringify(rows))
    const sealed = vault.seal('ledger', bindingOf(org, id, kept.parts), content)
    await tx.insertInto('archive_part').values({ org_id: org, archive_id: id, number: kept.parts, sealed }).execute()
    kept.parts++
    kept.rows += rows.length
    kept.bytes += content.length
    after = next ?? undefined
    isMore = next !== null
  }
  return kept
}

const shape = {
  id: idOf('arc'),
  asker: idOf('per'),
  parts: z.number(),
  rows: z.number(),
  bytes: z.number(),
  createdAt: z.string(),
  expiresAt: z.string(),
}

function shown({ id, asker_id, parts, rows, bytes, created_at, expires_at }: Selectable<ArchiveTable>): z.input<z.ZodObject<typeof shape>> {
  return { id, asker: asker_id, parts, rows, bytes, createdAt: created_at.toISOString(), expiresAt: expires_at.toISOString() }
}

/** Makes an archive. */
export const createArchive = action({
  name: 'archive:create',
  summary: 'Export what is kept of this organization, without any secret, and keep it sealed for yourself until it ends.',
  effect: 'change',
  roles: ['admin'],
  resource: dataType,
  input: z.strictObject({
    hours: z.number().int().min(1).max(hoursMax).default(24).meta({ description: 'How long it is kept.' }),
    reason: reasonText,
  }),
  output: z.object(shape),
  locate: locateData,
  async perform({ input, tx, ports, principal }) {
    await requireOwnPerson(tx, principal)
    const now = new Date(ports.clock.now())
    await requireRoom(tx, now)
    const id = newId('arc', ports)
    const kept = await keepParts(tx, ports, principal.org, id)
    const expires_at = new Date(now.getTime() + input.hours * 3_600_000)
    const row = { org_id: principal.org, id, asker_id: principal.id, ...kept, created_at: now, expires_at }
    await tx.insertInto('archive').values(row).execute()
    return {
      result: shown(row),
      facts: { archive: id, ...kept, expiresAt: expires_at.toISOString() },
      related: [{ rel: 'archive', type: 'Archive', id }],
      texts: { reason: input.reason },
    }
  },
})

/** Lists the archives. */
export const listArchives = action({
  name: 'archive:list',
  summary: 'List the archives of this organization: whose, how large and until when.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ items: z.array(z.object(shape)) }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const now = new Date(ports.clock.now())
    const rows = await tx.selectFrom('archive').selectAll().where('expires_at', '>', now).orderBy('id').execute()
    return { result: { items: rows.map(shown) } }
  },
})

async function findKept(tx: Tx, { clock }: Pick<Ports, 'clock'>, id: string): Promise<Selectable<ArchiveTable>> {
  const row = await tx
    .selectFrom('archive')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', new Date(clock.now()))
    .executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no archive with this id: it has ended, or was deleted.')
  return row
}

/** Nobody else’s is there, whoever he is: another administrator makes one of his own, which says so in the ledger. */
async function findOwn(tx: Tx, ports: Ports, principal: Principal, id: string): Promise<Selectable<ArchiveTable>> {
  const row = await findKept(tx, ports, id)
  if (row.asker_id !== principal.id) throw fail('not_found', 'There is no archive of yours with this id.')
  return row
}

/** Hands out a part of an archive to its asker. */
export const fetchArchive = action({
  name: 'archive:fetch',
  summary: 'Fetch a part of an archive of yours.',
  effect: 'content',
  roles: ['admin'],
  resource: dataType,
  input: z.strictObject({
    archive: idOf('arc'),
    part: z.coerce
      .number()
      .int()
      .min(0)
      .max(partsMax - 1)
      .default(0)
      .meta({ description: 'Which part, from 0.' }),
  }),
  output: z.object({
    format: z.literal(dataFormat),
    organization: idOf('org'),
    at: z.string(),
    rows: z.array(exportedRow),
    next: z.number().nullable().meta({ description: 'The next part; null for the last one.' }),
  }),
  locate: async (it) => ({ ...(await locateData(it)), found: await findOwn(it.tx, it.ports, it.principal, it.input.archive) }),
  async perform({ input, found, tx, ports, principal }) {
    await requireOwnPerson(tx, principal)
    const row = await tx
      .selectFrom('archive_part')
      .select('sealed')
      .where('archive_id', '=', found.id)
      .where('number', '=', input.part)
      .executeTakeFirst()
    if (row === undefined) throw fail('not_found', `This archive has ${found.parts} parts.`, { pointer: '/part' })
    const content = fromUtf8(ports.vault.open('ledger', bindingOf(principal.org, found.id, input.part), row.sealed))
    const rows = z.array(exportedRow).parse(JSON.parse(content))
    const next = input.part + 1 < found.parts ? input.part + 1 : null
    return {
      result: { format: dataFormat, organization: principal.org, at: found.created_at.toISOString(), rows, next },
      facts: { archive: found.id, part: input.part, rows: rows.length },
      related: [{ rel: 'archive', type: 'Archive', id: found.id }],
    }
  },
})

async function remove(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.deleteFrom('archive_part').where('archive_id', 'in', ids).execute()
  await tx.deleteFrom('archive').where('id', 'in', ids).execute()
}

/** Deletes an archive before it ends. */
export const deleteArchive = action({
  name: 'archive:delete',
  summary: 'Delete an archive, yours or another administrator’s.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ archive: idOf('arc') }),
  output: z.object({ deleted: z.boolean() }),
  locate: async ({ input, tx, ports, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findKept(tx, ports, input.archive),
  }),
  async perform({ found, tx }) {
    await remove(tx, [found.id])
    return {
      result: { deleted: true },
      facts: { archive: found.id },
      related: [{ rel: 'archive', type: 'Archive', id: found.id }],
      takesAway: true,
    }
  },
})

/** Deletes what has ended. */
export const expireArchives = action({
  name: 'archive:expire',
  summary: 'Delete archives whose end has come.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ deleted: z.number() }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const over = await tx.selectFrom('archive').select('id').where('expires_at', '<=', new Date(ports.clock.now())).execute()
    if (over.length === 0) return { result: { deleted: 0 }, isUnchanged: true }
    await remove(
      tx,
      over.map(({ id }) => id),
    )
    return {
      result: { deleted: over.length },
      facts: { deleted: over.length },
      related: over.map(({ id }) => ({ rel: 'archive', type: 'Archive', id })),
    }
  },
})

/** Archives of a person who leaves. */
export const archivesOfPeople: Holder = {
  what: 'archives',
  becomes: 'ended',
  async endFor(tx, { person }) {
    const own = await tx.selectFrom('archive').select('id').where('asker_id', '=', person).execute()
    await remove(
      tx,
      own.map(({ id }) => id),
    )
    return own.length
  },
  remaining: (tx, { person, at }) => countOf(tx.selectFrom('archive').where('asker_id', '=', person).where('expires_at', '>', at)),
}
