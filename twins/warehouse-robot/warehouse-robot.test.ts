import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { bundleSource } from '../../engine/formats/file-source.ts'
import { goalsOf, readMission } from './mission.ts'
import { OutputStream } from './output-stream.ts'
import { readParameters } from './parameters.ts'
import { twin } from './program.ts'
import { type MissionBoards, startMissionBoards } from './upstream.ts'
import { bundleLimits, packBundle, unpackBundle } from './world-bundle.ts'

const folder = (files: Record<string, string | Uint8Array>) =>
  bundleSource(new Map(Object.entries(files).map(([path, content]) => [path, new Uint8Array(Buffer.from(content))])))
const bundleOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

describe('the parameters', () => {
  it('have defaults, and out of range are refused by name', () => {
    assert.deepEqual(readParameters({}), { scenario: 'deliver', reachOut: false, frames: 6, frameSeconds: 5, lidarHertz: 2, goals: 2 })
    for (const [name, values] of Object.entries({
      scenario: ['small-drive', 1, '__proto__'],
      reachOut: ['yes', 1],
      foreignToken: [1],
      frames: [0, 41, 1.5, '6'],
      frameSeconds: [0, 601, '5'],
      lidarHertz: [0, 21],
      goals: [0, 21],
    }))
      for (const value of values) assert.throws(() => readParameters({ [name]: value }), new RegExp(`\`${name}\``))
    assert.equal(twin.name, 'warehouse-robot')
  })

  it('of every published scenario are ones that the twin reads', () => {
    for (const name of ['deliver', 'blocked-aisle', 'reach-out']) {
      const manifest: { parameters: Record<string, string | number | boolean> } = JSON.parse(
        readFileSync(new URL(`scenarios/${name}.json`, import.meta.url), 'utf8'),
      )
      assert.equal(readParameters(manifest.parameters).reachOut, name === 'reach-out')
    }
  })
})

describe('a mission', () => {
  const places = [{ name: 'dock' }, { name: 'pick west' }]

  it('chooses among the places of the scenario, in its own order, and names no other', () => {
    const mission = readMission({ id: 'm-1', stops: ['pick west', 'dock', 'pick west'], email: 'ignored' })
    assert.deepEqual(
      goalsOf(mission, places).map(({ name }) => name),
      ['pick west', 'dock', 'pick west'],
    )
    assert.deepEqual(goalsOf({ id: 'm', stops: [] }, places), places)
    assert.throws(() => goalsOf({ id: 'm', stops: ['vault'] }, places), /the stop `vault`, which the scenario does not have/)
  })

  it('of another shape is refused', () => {
    for (const value of [
      null,
      {},
      { id: '../x', stops: [] },
      { id: 'm', stops: 'dock' },
      { id: 'm', stops: [1] },
      { id: 'm', stops: ['`'] },
    ])
      assert.throws(() => readMission(value), TypeError)
    assert.throws(() => readMission({ id: 'm', stops: Array.from({ length: 21 }, () => 'dock') }), /at most 20 stops/)
  })
})

describe('a bundle of a world', () => {
  it('is the same bytes for the same folders, with text as text, and gives back every file', () => {
    const files = { 'worlds/a.world': '<sdf/>', 'maps/m.pgm': Uint8Array.of(0x50, 0, 0xff), 'names.txt': '\ufeffä' }
    const bytes = packBundle({ world: folder(files), robot: folder({ 'r.urdf': '<robot/>' }) })
    assert.deepEqual(
      packBundle({ world: folder(Object.fromEntries(Object.entries(files).reverse())), robot: folder({ 'r.urdf': '<robot/>' }) }),
      bytes,
    )
    assert.match(new TextDecoder().decode(bytes), /"worlds\/a.world":"<sdf\/>"/)
    const { world, robot } = unpackBundle(bytes)
    assert.deepEqual(world.list(), Object.keys(files).sort())
    for (const [path, content] of Object.entries(files)) assert.deepEqual(world.read(path), new Uint8Array(Buffer.from(content)), path)
    assert.deepEqual(robot?.list(), ['r.urdf'])
    assert.equal(unpackBundle(packBundle({ world: folder(files), robot: undefined })).robot, undefined)
  })

  it('past its limits is refused, with the limit, before it is built', () => {
    assert.throws(() => packBundle({ world: folder({ a: new Uint8Array(bundleLimits.bytesMax + 1) }), robot: undefined }), /16777216 bytes/)
    const many = Object.fromEntries(Array.from({ length: bundleLimits.filesMax + 1 }, (_, at) => [`f${at}`, '']))
    assert.throws(() => packBundle({ world: folder(many), robot: undefined }), /the limit is 2000/)
    assert.throws(() => unpackBundle(new Uint8Array(bundleLimits.bytesMax + 1)), /the limit is 16777216/)
    assert.throws(() => unpackBundle(bundleOf({ format: 'warehouse-world/1', world: many })), /the limit is 2000/)
  })

  it('that leaves its folder, or is none, is refused', () => {
    assert.throws(() => unpackBundle(bundleOf({ format: 'warehouse-world/1', world: { '../x': '' } })), /a path that leaves it/)
    assert.throws(() => unpackBundle(bundleOf({ format: 'warehouse-world/1', world: { x: 1 } })), /neither text nor base64/)
    assert.throws(() => unpackBundle(bundleOf({ format: 'warehouse-world/1', world: [] })), /no folder/)
    assert.throws(() => unpackBundle(bundleOf({ format: 'another/1', world: {} })), /no bundle/)
    assert.throws(() => unpackBundle(bundleOf('')), /no bundle/)
  })
})

describe('the stream of outputs', () => {
  it('sends what was written, whole and in order, under plain names', async () => {
    const sent = new Map<string, Buffer>()
    const stream = new OutputStream({
      async output(name, _mediaType, content) {
        assert.ok(typeof content !== 'string' && !(content instanceof Uint8Array))
        sent.set(name, Buffer.concat(await Array.fromAsync(content)))
      },
    })
    const log = stream.open('drive.mcap')
    const buffer = Buffer.alloc(100_000)
    for (let round = 0; round < 7; round++) log.write(buffer.fill(round))
    const card = stream.open('README.md')
    card.write(Buffer.from('`camera/annotations.coco.json`'))
    card.close()
    log.close()
    stream.open('empty.json').close()
    await stream.finish()
    assert.deepEqual(sent.get('drive.mcap'), Buffer.concat([0, 1, 2, 3, 4, 5, 6].map((round) => Buffer.alloc(100_000, round))))
    assert.equal(String(sent.get('dataset-card.md')), '`coco.json`')
    assert.equal(sent.get('empty.json')?.length, 0)
  })

  it('says what refused a file', async () => {
    const stream = new OutputStream({ output: () => Promise.reject(new Error('output_limit')) })
    stream.open('drive.mcap').close()
    await assert.rejects(stream.finish(), /output_limit/)
  })
})

describe('the mission boards', () => {
  let boards: MissionBoards
  before(async () => {
    boards = await startMissionBoards({ apiKeys: { staging: 's', production: 'p' } })
  })
  after(() => boards.stop())
  const get = (side: 'staging' | 'production', key: string, path: string) =>
    fetch(`${boards[side].url}${path}`, { headers: { 'x-api-key': key } })

  it('answer nobody without the key of their own side', async () => {
    for (const [side, key, status] of [
      ['staging', 'p', 401],
      ['production', 's', 401],
      ['staging', 's', 200],
    ] as const)
      assert.equal((await get(side, key, '/missions/next')).status, status)
  })

  it('have a mission for every scenario, another one in production, and none for what they do not know', async () => {
    for (const scenario of ['deliver', 'blocked-aisle', 'imported']) {
      const [staging, production] = [
        await get('staging', 's', `/missions/next?scenario=${scenario}`),
        await get('production', 'p', '/missions/next'),
      ]
      assert.notEqual(readMission(await staging.json()).id, readMission(await production.json()).id)
    }
    for (const path of ['/missions/next?scenario=constructor', '/fleet', '/']) assert.equal((await get('staging', 's', path)).status, 404)
  })
})
