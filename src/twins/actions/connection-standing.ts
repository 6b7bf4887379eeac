// What happens to a connection that stands: it is stopped and goes on, and its credential is followed by the next one. A version that was replaced is destroyed
// with the commit: the broker reads the newest in the transaction that decides a call, so none that is decided later carries another.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { action, fail, idOf, type OrgId, organizationEntity, organizationType, type Tx, utf8 } from '../../kernel/index.ts'
import { keepSecret, secretHeader, secretValue } from '../secret.ts'
import type { ConnectionTable } from '../tables.ts'

type Row = Selectable<ConnectionTable>

const stateOutput = z.object({ id: idOf('con'), state: z.enum(['active', 'suspended']) })

async function locate({ input, tx, principal }: { input: { connection: string }; tx: Tx; principal: { org: OrgId } }) {
  const row = await tx.selectFrom('connection').selectAll().where('id', '=', input.connection).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no connection with this id.')
  return { resource: organizationEntity(principal.org), found: row }
}

const relatedTo = ({ id }: Row) => [{ rel: 'connection', type: 'Connection', id }]

/** Suspends a connection: no call goes through it from this moment on. */
export const suspendConnection = action({
  name: 'connection:suspend',
  summary: 'Stop a connection: no call goes through it from this moment on.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ connection: idOf('con') }),
  output: stateOutput,
  locate,
  async perform({ input, tx, found }) {
    await tx.updateTable('connection').set({ state: 'suspended' }).where('id', '=', input.connection).execute()
    return { result: { id: input.connection, state: 'suspended' as const }, related: relatedTo(found), takesAway: true }
  },
})

/** Lets a suspended connection go on, under the manifests that name it. */
export const resumeConnection = action({
  name: 'connection:resume',
  summary: 'Let a connection that was stopped go on: calls go through it again, of whoever may make them.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ connection: idOf('con') }),
  output: stateOutput,
  locate,
  async perform({ input, tx, found }) {
    const { numUpdatedRows } = await tx
      .updateTable('connection')
      .set({ state: 'active' })
      .where('id', '=', input.connection)
      .where('state', '=', 'suspended')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw fail('conflict', 'This connection is not suspended.', { pointer: '/connection' })
    return { result: { id: input.connection, state: 'active' as const }, related: relatedTo(found) }
  },
})

/** The newest version of a connection's credential and the header that carries it, held until the transaction ends: whoever else rotates it waits. */
async function heldSecret(tx: Tx, { id }: Row) {
  const held = await tx
    .selectFrom('connection')
    .select(['secret_id', 'secret_header'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const { secret_id, secret_header } = held
  if (secret_id === null || secret_header === null)
    throw fail('conflict', 'This connection has no credential.', {
      pointer: '/connection',
      next: 'Create a connection with one: whoever may give access to it then is another.',
    })
  const newest = tx.selectFrom('secret').selectAll().where('id', '=', secret_id).orderBy('version', 'desc').limit(1)
  return { before: await newest.executeTakeFirstOrThrow(), header: secret_header }
}

/** Gives a connection the next version of its credential. */
export const rotateConnection = action({
  name: 'connection:rotate',
  summary:
    'Give a connection the next version of its credential: each call that is decided from now on carries it, and the one before is destroyed.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    connection: idOf('con'),
    value: secretValue.meta({ description: 'The next credential. Sealed at once, never shown again.' }),
    header: secretHeader.optional().meta({ description: 'The header that carries it, where that is another than before.' }),
  }),
  output: z.object({ id: idOf('con'), header: z.string(), version: z.number() }),
  locate,
  async perform({ input, found, tx, ports, principal }) {
    const { before, header: headerBefore } = await heldSecret(tx, found)
    if (before.fingerprint === ports.vault.fingerprint(principal.org, utf8(input.value)))
      throw fail('conflict', 'The connection has this credential already.', { pointer: '/value' })
    const version = before.version + 1
    const place = { org: principal.org, environment: before.environment_id, side: before.side, id: before.id, version }
    await keepSecret(tx, input.value, place, ports, '/value')
    await tx.deleteFrom('secret').where('id', '=', before.id).where('version', '<', version).execute()
    const header = input.header ?? headerBefore
    await tx.updateTable('connection').set({ secret_header: header }).where('id', '=', found.id).execute()
    return {
      result: { id: input.connection, header, version },
      facts: { secret: before.id, version, header },
      related: relatedTo(found),
    }
  },
})
