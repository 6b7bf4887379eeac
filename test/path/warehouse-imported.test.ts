import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folderSource } from '../../engine/formats/folder-source.ts'
import { packBundle } from '../../twins/warehouse-robot/world-bundle.ts'
import { at, codeOf, listAt, textAt } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { openWarehouse, type WarehouseHouse, warehouseManifest } from '../harness/warehouse.ts'

const data = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const folders = [`${data}aws-small-warehouse`, `${data}turtlebot3`] as const
const isThere = folders.every((folder) => existsSync(folder))
const absent = 'The real inputs ../shared/data/aws-small-warehouse and ../shared/data/turtlebot3 are not beside this checkout.'

describe('a real warehouse and a real robot, imported', () => {
  let house: WarehouseHouse
  before(async () => {
    if (isThere) house = await openWarehouse()
  })
  after(() => house?.close())

  /** Seals bytes as the world of a twin of its own and publishes its scenario, as the author; answers the scenario. */
  async function publish(slug: string, bytes: Uint8Array): Promise<string> {
    const { starter, as } = house
    const author = await as('author')
    const common = { project: starter.project, owner: starter.people.owner, sensitivity: 'confidential' }
    const content = Buffer.from(bytes).toString('base64')
    const asset = await author('asset:add', { ...common, slug, mediaType: 'application/json', content })
    const twin = await author('twin:create', { ...common, slug, kind: 'robot', program: 'warehouse-robot' })
    const parameters = { reachOut: false, frames: 1, frameSeconds: 600, lidarHertz: 1, goals: 1 }
    const manifest = { ...Object(warehouseManifest('deliver')), assets: [{ name: 'world', asset: asset.id }], parameters }
    return textAt(await author('scenario:publish', { twin: twin.id, slug: 'drive', manifest }), 'id')
  }

  it('drive to a place from the real map, say what was left out, and go through the gate', async (t) => {
    if (!isThere) return t.skip(absent)
    const bytes = packBundle({ world: folderSource(folders[0]), robot: folderSource(folders[1]) })
    const run = await house.drive(await publish('real-warehouse', bytes))
    assert.equal(run.shown.outcome, 'succeeded', JSON.stringify(run.summary))
    assert.equal(at(run.summary, 'scenario'), 'worlds/no_roof_small_warehouse.world')
    assert.ok(Number(at(run.summary, 'warnings')) > 10)
    const shown = await (await house.as('reviewer'))('artifact:show', { artifact: run.artifact })
    assert.deepEqual(shown.findings, [])
    assert.ok(listAt(shown, 'sensitivityBecause').some((one) => at(one, 'name') === 'real-warehouse'))
    const { twinlock, starter, warehouse, trainer, as } = house
    const to = { service: warehouse.service, key: trainer, channel: 'real-warehouse' }
    const promotion = await askToPromote(twinlock.door, await as('operator'), starter, run.artifact, to)
    assert.equal((await (await as('reviewer'))('promotion:show', { promotion })).state, 'in_review')
  })

  it('that hold a secret are not sealed, and what is no world fails its run with a reason', async (t) => {
    if (!isThere) return t.skip(absent)
    const secret = `-----BEGIN PRIVATE KEY-----\n${'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v'.repeat(3)}\n-----END PRIVATE KEY-----\n`
    const hiding = new TextEncoder().encode(JSON.stringify({ format: 'warehouse-world/1', world: { 'deploy.key': secret } }))
    assert.equal(await codeOf(publish('hiding', hiding)), 'secret_found')
    const run = await house.drive(await publish('no-world', new TextEncoder().encode('{"format":"another/1"}')))
    assert.deepEqual([run.shown.outcome, run.artifact], ['failed', ''])
    assert.match(textAt(run.summary, 'error', 'message'), /The asset `world` is no bundle of the form warehouse-world\/1/)
  })
})
