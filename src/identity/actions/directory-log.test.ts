// How long the log of a directory is kept, and how much of it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asPart, at, codeOf, listAt, refusalOf } from '../../../test/harness/acting.ts'
import { openDirectory, type ScimServer, type Send, serveScim } from '../../../test/harness/directory.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { idsFrom } from '../../kernel/index.ts'
import { deliveriesKeptMax } from '../scim/deliveries.ts'

const dayMs = 86_400_000
let world: World
let server: ScimServer
let okta: Send
let entra: Send
let ids: readonly [okta: string, entra: string]

before(async () => {
  world = await openWorld({ isIdle: true })
  server = await serveScim(world)
  const [first, second] = [await openDirectory(world, 'okta'), await openDirectory(world, 'entra')]
  okta = server.withToken(first.token)
  entra = server.withToken(second.token)
  ids = [first.id, second.id]
})
after(async () => {
  await server.close()
  await world.close()
})

const prune = () => asPart(world.twinlock.door, world.org, 'reaper')('directory:prune')
const group = (send: Send, name: string) =>
  send('POST', '/Groups', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: name })
const kept = async () => {
  const rows = await world.rows('select directory_id, count(*)::int as count from directory_delivery group by 1')
  return ids.map((id) => rows.find((row) => row.directory_id === id)?.count ?? 0)
}
const entries = async () =>
  (await world.rows(`select body from entry where action = 'directory:prune' order by id`)).map(({ body }) => String(body))

/** Puts lines into a log past the product, one after the other from a moment on. */
const put = (directory: string, from: number, count: number) =>
  world.tamper(
    `insert into directory_delivery (org_id, id, directory_id, at, operation, resource_id, changed, code, entry_id)
      select $1, $2 || lpad(n::text, 16, '0'), $3, to_timestamp($4), 'create-user', null, '{}', null, 'ent_x' from generate_series(1, $5::int) n`,
    [world.org, idsFrom('dlv', from), directory, from / 1000, count],
  )

describe('the log of a directory', () => {
  it('is kept for 90 days, or as long as the organization says, and what goes is in the ledger', async () => {
    assert.equal((await group(okta, 'Robots')).status, 201)
    assert.deepEqual(await prune(), { deleted: 0, isMore: false })
    assert.deepEqual(await entries(), [], 'what changes nothing leaves no entry')
    const now = world.clock.now()
    const [oktaId, entraId] = ids
    await put(oktaId, now - 91 * dayMs, 3)
    await put(oktaId, now - 89 * dayMs, 4)
    await put(entraId, now - 8 * dayMs, 5)
    assert.deepEqual(await kept(), [8, 5])
    assert.deepEqual(await prune(), { deleted: 3, isMore: false })
    assert.deepEqual(await kept(), [5, 5])
    const admin = await world.as('admin')
    assert.equal(at(await admin('organization:settings'), 'deliveryDays'), 90)
    const change = (deliveryDays: number) => admin('organization:change-settings', { deliveryDays, reason: 'A test needs it.' })
    for (const wrong of [6, 401]) assert.equal((await refusalOf(change(wrong))).code, 'invalid')
    assert.equal(at(await change(7), 'deliveryDays'), 7)
    assert.deepEqual(await prune(), { deleted: 9, isMore: false })
    assert.deepEqual(await kept(), [1, 0], 'the young line stays')
    const log = listAt(await admin('directory:deliveries', { directory: oktaId }), 'items')
    assert.deepEqual(
      log.map((one) => at(one, 'operation')),
      ['create-group'],
    )
    const said = await entries()
    assert.equal(said.length, 2)
    assert.match(said[0] ?? '', new RegExp(`"deleted":3.*${oktaId}`))
    assert.equal(await codeOf(admin('directory:prune')), 'denied')
  })

  it('holds no more than its own most lines, the newest, however fast they come; and never takes long about it', async () => {
    const from = world.clock.now() - dayMs
    const [, entraId] = ids
    await put(entraId, from, deliveriesKeptMax + 10_002)
    assert.equal((await group(entra, 'Drones')).status, 201)
    assert.deepEqual(await prune(), { deleted: 10_000, isMore: true })
    assert.deepEqual(await prune(), { deleted: 3, isMore: false })
    assert.deepEqual(await kept(), [1, deliveriesKeptMax], 'the other directory’s is its own')
    const [oldest] = await world.rows('select min(id) as id from directory_delivery where directory_id = $1', [entraId])
    assert.equal(oldest?.id, `${idsFrom('dlv', from)}${'10004'.padStart(16, '0')}`)
  })
})
