import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { tokenEndpoint } from '../../src/app/index.ts'
import { actWith, at, codeOf, listAt, textAt } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { type EndedRun, openWarehouse, type WarehouseHouse } from '../harness/warehouse.ts'

let house: WarehouseHouse
let delivered: EndedRun
let blocked: EndedRun
let reaching: EndedRun

// Half a minute of work, which a machine that is busy with others takes minutes for.
const drivesMs = 450_000

// All at once: a machine with two cores is then never idle, and runs that share a machine share nothing else.
before(
  async () => {
    house = await openWarehouse()
    const { scenarios } = house.warehouse
    const few = { frames: 2, frameSeconds: 10 }
    ;[delivered, blocked, reaching] = await Promise.all([
      house.drive(scenarios.deliver, few),
      house.drive(scenarios['blocked-aisle'], { frames: 1, lidarHertz: 1 }),
      house.drive(scenarios['reach-out'], few),
    ])
  },
  { timeout: drivesMs },
)
after(() => house.close())

async function fileOf(run: EndedRun, file: string): Promise<Buffer> {
  const read = await (await house.as('reviewer'))('artifact:read', { artifact: run.artifact, file })
  return Buffer.from(textAt(read, 'content'), 'base64')
}

async function digestsOf(run: EndedRun): Promise<string[]> {
  const shown = await (await house.as('reviewer'))('artifact:show', { artifact: run.artifact })
  return listAt(shown, 'files').map((file) => `${textAt(file, 'name')} ${textAt(file, 'digest')}`)
}

describe('the warehouse robot that delivers', () => {
  it('passes, after the mission that the board of staging gave it', () => {
    assert.partialDeepStrictEqual(delivered.shown, { state: 'ended', outcome: 'succeeded', sensitivity: 'confidential' })
    assert.match(String(at(delivered.summary, 'reason')), /every promise held .* 3 of 3 goals were reached/)
    assert.equal(house.boards.production.requests.length, 0)
    assert.deepEqual(at(delivered.summary, 'mission'), { id: 'staging-deliver-1', stops: ['pick west', 'set down middle', 'dock'] })
    assert.deepEqual(
      house.boards.staging.requests.map(({ method, path, headers }) => `${method} ${path} ${headers['x-api-key']}`).sort(),
      ['blocked-aisle', 'deliver', 'deliver'].map((scenario) => `GET /missions/next?scenario=${scenario} ${house.apiKeys.staging}`),
    )
  })

  it('leaves a sealed dataset in quarantine, clean, as sensitive as its twin', async () => {
    const shown = await (await house.as('reviewer'))('artifact:show', { artifact: delivered.artifact })
    assert.partialDeepStrictEqual(shown, { state: 'quarantined', sensitivity: 'confidential', findings: [] })
    assert.deepEqual(
      listAt(shown, 'files').map((file) => textAt(file, 'name')),
      [
        ...['000001', '000002'].flatMap((frame) =>
          ['classes.png', 'depth.png', 'instances.png', 'png'].map((kind) => `camera/${frame}.${kind}`),
        ),
        'coco.json',
        'contact-sheet.png',
        'dataset-card.md',
        'drive.mcap',
        ...[5, 10, 15, 20, 30].map((seconds) => `live/map-${String(seconds).padStart(6, '0')}.svg`),
        'map.svg',
        'replay.json',
        'scene.gltf',
        'verdict.json',
      ],
    )
  })

  it('leaves files that are what they say, and name each other by the names that they have', async () => {
    assert.match(String(await fileOf(delivered, 'map.svg')), /^<svg /)
    assert.equal((await fileOf(delivered, 'drive.mcap')).subarray(1, 5).toString(), 'MCAP')
    assert.equal((await fileOf(delivered, 'contact-sheet.png')).subarray(1, 4).toString(), 'PNG')
    assert.equal(textAt(JSON.parse(String(await fileOf(delivered, 'scene.gltf'))), 'asset', 'version'), '2.0')
    const coco: unknown = JSON.parse(String(await fileOf(delivered, 'coco.json')))
    assert.deepEqual(
      listAt(coco, 'images').map((image) => textAt(image, 'file_name')),
      ['camera/000001.png', 'camera/000002.png'],
    )
    assert.ok(listAt(coco, 'annotations').length > 10)
    const card = String(await fileOf(delivered, 'dataset-card.md'))
    for (const line of await digestsOf(delivered)) {
      const [name = '', digest = ''] = line.split(' ')
      if (!/^live\/|^(dataset-card\.md|replay\.json|verdict\.json)$/.test(name)) assert.match(card, new RegExp(`\`${name}\`.*${digest}`))
    }
    assert.deepEqual(at(JSON.parse(String(await fileOf(delivered, 'verdict.json'))), 'measures'), at(delivered.summary, 'measures'))
  })

  it('leaves the same bytes as another run of the same seed, in another cell, that drove the same and tried more', async () => {
    const files = async (run: EndedRun) => (await digestsOf(run)).filter((line) => !/^(verdict|replay)\.json/.test(line))
    assert.deepEqual(await files(delivered), await files(reaching))
    const told = async (run: EndedRun) => ({ ...JSON.parse(String(await fileOf(run, 'verdict.json'))), attempts: [] })
    assert.deepEqual(await told(delivered), await told(reaching))
    const replayed = async (run: EndedRun) => ({ ...JSON.parse(String(await fileOf(run, 'replay.json'))), marks: [] })
    assert.deepEqual(await replayed(delivered), await replayed(reaching))
  })

  it('leaves a replay whose clock is the drive’s own, with every call of the tape on it by its number', async () => {
    for (const run of [delivered, reaching]) {
      const replay: unknown = JSON.parse(String(await fileOf(run, 'replay.json')))
      const marked = listAt(replay, 'marks').flatMap((mark) => at(mark, 'call') ?? [])
      const tape = listAt(await (await house.as('reviewer'))('run:tape', { run: run.id, limit: 500 }), 'items').map((call) =>
        at(call, 'number'),
      )
      assert.deepEqual(marked, tape)
    }
    const replay: unknown = JSON.parse(String(await fileOf(delivered, 'replay.json')))
    assert.partialDeepStrictEqual(replay, { schema: 'warehouse-replay/1', stepSeconds: 0.2, leftOut: { steps: 0, boxes: 0 } })
    const times = listAt(replay, 'times')
    assert.equal(listAt(replay, 'robot', 'track').length, 3 * times.length)
    for (const person of listAt(replay, 'people')) assert.equal(listAt(person, 'track').length, 3 * times.length)
    assert.ok(listAt(replay, 'boxes').length > 20)
    const goals = listAt(replay, 'marks').flatMap((mark) => at(mark, 'goal') ?? [])
    assert.deepEqual(goals, [1, 2, 3])
    assert.partialDeepStrictEqual(listAt(replay, 'marks').at(-1), {
      end: 'passed',
      t: Number(at(delivered.summary, 'measures', 'seconds')),
    })
  })

  it('leaves its maps and pictures while it drives: each is there to be read before the run has ended', async () => {
    const rows = await (await house.as('reviewer'))('run:outputs', { run: delivered.id })
    const order = listAt(rows, 'items').map((file) => textAt(file, 'path'))
    assert.ok(order.indexOf('live/map-000005.svg') < order.indexOf('live/map-000030.svg'), order.join(' '))
    assert.ok(order.indexOf('live/map-000030.svg') < order.indexOf('drive.mcap'), order.join(' '))
    assert.ok(order.indexOf('camera/000001.png') < order.indexOf('live/map-000030.svg'), order.join(' '))
  })

  it('goes to production through the gate, to the service that may fetch it, and brings the permission it used and no other', async () => {
    const { twinlock, starter, warehouse, trainer, as } = house
    const to = { service: warehouse.service, key: trainer, channel: 'warehouse-robot' }
    const promotion = await askToPromote(twinlock.door, await as('operator'), starter, delivered.artifact, to)
    const asked = await (await as('reviewer'))('promotion:show', { promotion })
    assert.equal(asked.state, 'in_review', JSON.stringify(asked.checks))
    const rules = listAt(asked, 'permissions', 'rules').map((rule) => `${listAt(rule, 'methods').join()} ${textAt(rule, 'path')}`)
    assert.deepEqual(rules, ['GET /missions/next'])
    await (await as('reviewer'))('promotion:approve', { promotion, reason: 'The drive is what it says.' })
    await (await as('deployer'))('promotion:cross', { promotion })
    const audience = tokenEndpoint(baseUrl, starter.org, starter.environments.production)
    const token = await trainer.assertion(audience, warehouse.service.spiffeId)
    const issued = await actWith(twinlock.door, { kind: 'assertion', token, org: starter.org, audience })('token:issue')
    const credential = { kind: 'token', token: textAt(issued, 'accessToken') } as const
    const pulled = await actWith(twinlock.door, credential)('artifact:pull', { channel: 'warehouse-robot@production' })
    assert.equal(pulled.artifact, delivered.artifact)
    const call = (path: string) =>
      twinlock.broker.call({
        credential,
        connection: 'mission-board-production',
        method: 'GET',
        path,
        headers: {},
        body: undefined,
        requestId: 'live',
      })
    assert.equal((await call('/missions/next')).status, 200)
    assert.equal(await codeOf(call('/missions')), 'denied')
  })
})

describe('the warehouse robot before a blocked aisle', () => {
  it('fails, for the reason that every way is blocked by what is on no map, and its dataset is sealed all the same', async () => {
    const run = blocked
    assert.partialDeepStrictEqual(run.shown, { state: 'ended', outcome: 'failed', reason: 'the run says that it failed' })
    assert.equal(at(run.summary, 'failure'), 'controller-gave-up')
    assert.match(String(at(run.summary, 'reason')), /every way to goal `pick west` .* is blocked by something that is not on the map/)
    assert.match(String(await fileOf(run, 'map.svg')), /blocked by something/)
    assert.equal(at(run.summary, 'measures', 'touches'), 0)
  })
})

describe('the warehouse robot that reaches out', () => {
  it('is refused everywhere, by the platform or by its cell, and delivers all the same', () => {
    const run = reaching
    assert.equal(run.shown.outcome, 'succeeded', JSON.stringify(run.summary))
    assert.deepEqual(
      listAt(run.summary, 'attempts').map((one) => [at(one, 'what'), at(one, 'refusedBy'), at(one, 'code')]),
      [
        ['read the missions of production', 'platform', 'denied'],
        ['call the payments of another twin', 'platform', 'denied'],
        ['call an undeclared connection', 'platform', 'undeclared_connection'],
        ['reach the metadata address through a declared connection', 'platform', 'path_refused'],
        ['leave the declared paths by dot segments', 'platform', 'path_refused'],
        ['read every mission', 'platform', 'denied'],
        ['post a mission through a read connection', 'platform', 'denied'],
        ['act with a token of another run', 'platform', 'foreign_token'],
        ['obtain a credential of another subject', 'platform', 'foreign_subject'],
        ['connect to the network directly', 'cell', 'ERR_ACCESS_DENIED'],
        ['read a file of the machine', 'cell', 'ERR_ACCESS_DENIED'],
        ['read the program of another twin', 'cell', 'ERR_ACCESS_DENIED'],
        ['write a file beside its program', 'cell', 'ERR_ACCESS_DENIED'],
        ['start a process', 'cell', 'ERR_ACCESS_DENIED'],
        ['start a thread', 'cell', 'ERR_ACCESS_DENIED'],
      ],
    )
  })
})
