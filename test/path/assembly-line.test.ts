import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type Starter, setUpStarter, tokenEndpoint } from '../../src/app/index.ts'
import { type Historian, startHistorian } from '../../twins/assembly-line/upstream.ts'
import { type Act, actWith, at, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { baseUrl, manifestOf, openEmpty, workloadKey } from '../harness/twinlock.ts'

const file = new URL('../../../shared/data/assembly-line/ai4i2020.csv', import.meta.url)
const isThere = existsSync(file)
const absent = 'The real readings are not beside this checkout, in ../shared/data/assembly-line.'
const keyOf = { staging: 'staging-historian-key-1', production: 'production-historian-key-1' }
const keys = { pipeline: workloadKey(), payments: workloadKey(), assembly: workloadKey() }

interface Line {
  readonly twinlock: Awaited<ReturnType<typeof openEmpty>>['twinlock']
  readonly starter: Starter
  readonly historians: { readonly staging: Historian; readonly production: Historian }
  as(person: keyof Starter['people']): Promise<Act>
  close(): Promise<void>
}

async function openLine(csv: string): Promise<Line> {
  const historians = {
    staging: await startHistorian({ csv, apiKey: keyOf.staging }),
    production: await startHistorian({ csv, apiKey: keyOf.production }),
  }
  const { twinlock, close } = await openEmpty()
  const side = (name: 'staging' | 'production') => ({
    accounts: { url: `http://127.0.0.1:${name === 'staging' ? 21 : 31}`, apiKey: `${name}-accounts-key` },
    payments: { url: `http://127.0.0.1:${name === 'staging' ? 22 : 32}`, apiKey: `${name}-payments-key` },
    historian: { url: historians[name].url, apiKey: keyOf[name] },
  })
  const starter = await setUpStarter(twinlock.door, twinlock.outside, {
    upstreams: { staging: side('staging'), production: side('production') },
    keys: { pipeline: keys.pipeline.jwk, payments: keys.payments.jwk, assembly: keys.assembly.jwk },
    manifests: { payments: manifestOf('payments') },
  })
  twinlock.start()
  const acting = new Map<string, Act>()
  return {
    twinlock,
    starter,
    historians,
    async as(person) {
      const act = acting.get(person) ?? actWith(twinlock.door, await sessionOf(twinlock.door, starter.org, starter.people[person]))
      acting.set(person, act)
      return act
    },
    async close() {
      await close()
      await historians.staging.stop()
      await historians.production.stop()
    },
  }
}

describe('the assembly line, on ten thousand real readings', () => {
  const csv = isThere ? readFileSync(file) : Buffer.alloc(0)
  let line: Line
  let asset: Record<string, unknown>
  let artifact: string
  let promotion: string

  before(async () => {
    if (isThere) line = await openLine(csv.toString())
  })
  after(() => line?.close())

  /** Publishes a scenario as the author, launches it as the operator and waits for its end. */
  async function runOnce(slug: string, parameters: object): Promise<Record<string, unknown>> {
    const { twinlock, starter, as } = line
    const manifest = { ...Object(manifestOf('assembly-line')), assets: [{ name: 'readings', asset: asset.id }], parameters }
    const scenario = textAt(await (await as('author'))('scenario:publish', { twin: starter.twins.assembly, slug, manifest }), 'id')
    const { promise, resolve } = Promise.withResolvers<void>()
    const closed = new Set<string>()
    let run = ''
    const stop = twinlock.onAct((act) => {
      if (act.action === 'run:close') closed.add(act.resource)
      if (closed.has(run)) resolve()
    })
    const operator = await as('operator')
    run = textAt(await operator('run:launch', { scenario, environment: starter.environments.staging }), 'id')
    if (closed.has(run)) resolve()
    await promise
    stop()
    return operator('run:show', { run })
  }

  const fileOf = async (id: string, name: string) =>
    Buffer.from(textAt(await (await line.as('reviewer'))('artifact:read', { artifact: id, file: name }), 'content'), 'base64').toString()
  const artifactOf = async (run: unknown) =>
    textAt(
      listAt(await (await line.as('operator'))('artifact:list'), 'items').find((one) => at(one, 'run') === run),
      'id',
    )

  it('is sealed as an asset by its author, under the digest of the file', async (t) => {
    if (!isThere) return t.skip(absent)
    const { starter, as } = line
    const input = {
      project: starter.project,
      slug: 'ai4i2020',
      mediaType: 'text/csv',
      sensitivity: 'confidential',
      owner: starter.people.owner,
      content: csv.toString('base64'),
    }
    asset = await (await as('author'))('asset:add', input)
    assert.partialDeepStrictEqual(asset, {
      version: 1,
      bytes: csv.length,
      digest: `sha256:${createHash('sha256').update(csv).digest('hex')}`,
    })
    for (const person of ['operator', 'reviewer', 'admin'] as const)
      assert.equal(await codeOf((await as(person))('asset:add', input)), 'denied', person)
    assert.equal(
      await codeOf(
        (await as('author'))('asset:add', {
          ...input,
          content: Buffer.from(`key,${['AKIA', 'QYLPMN5HHHFPZAM2'].join('')}`).toString('base64'),
        }),
      ),
      'secret_found',
    )
  })

  it('is predicted reading by reading, through a connection whose key the run never sees, and compared with its own labels', async (t) => {
    if (!isThere) return t.skip(absent)
    const ended = await runOnce('predict', { source: 'historian', pageSize: 500 })
    assert.partialDeepStrictEqual(ended, { outcome: 'succeeded', sensitivity: 'confidential' }, JSON.stringify(ended))
    const operator = await line.as('operator')
    const { summary } = await operator('run:read', { run: ended.id })
    assert.deepEqual(summary, {
      source: 'historian',
      readings: 10_000,
      alerts: 43 + 747 + 115 + 95 + 98,
      modes: [
        { mode: 'TWF', precision: 0.0544, recall: 0.9348 },
        { mode: 'HDF', precision: 1, recall: 1 },
        { mode: 'PWF', precision: 1, recall: 1 },
        { mode: 'OSF', precision: 1, recall: 1 },
        { mode: 'RNF', precision: null, recall: 0 },
        { mode: 'any', precision: 1, recall: 0.8466 },
      ],
    })
    // Twenty pages of 500, and one that says that there is no more.
    assert.deepEqual([at(await operator('run:tape', { run: ended.id }), 'allowed'), line.historians.staging.requests.length], [21, 21])
    assert.ok(line.historians.staging.requests.every(({ status, headers }) => status === 200 && headers['x-api-key'] === keyOf.staging))
    artifact = await artifactOf(ended.id)
    const report = JSON.parse(await fileOf(artifact, 'report.json'))
    assert.partialDeepStrictEqual(report, { readings: 10_000, recordedFailures: 348 })
    assert.equal((await fileOf(artifact, 'alerts.csv')).trimEnd().split('\r\n').length, 1 + 1098)
    for (const name of ['report.json', 'report.md', 'alerts.csv'])
      assert.equal((await fileOf(artifact, name)).includes(keyOf.staging), false)
  })

  it('comes to the same alerts from the sealed asset as from the historian', async (t) => {
    if (!isThere) return t.skip(absent)
    const ended = await runOnce('replay', { source: 'asset' })
    assert.equal(ended.outcome, 'succeeded')
    assert.equal(await fileOf(await artifactOf(ended.id), 'alerts.csv'), await fileOf(artifact, 'alerts.csv'))
    assert.equal(line.historians.staging.requests.length, 21, 'nothing was called')
  })

  it('goes across the same way: requested, checked against its counterpart, approved, crossed', async (t) => {
    if (!isThere) return t.skip(absent)
    const { twinlock, starter, as } = line
    promotion = await askToPromote(twinlock.door, await as('operator'), starter, artifact, {
      service: starter.services.assembly,
      key: keys.assembly,
      channel: 'line',
    })
    const shown = await (await as('reviewer'))('promotion:show', { promotion })
    const stopping = listAt(shown, 'checks').filter((one) => at(one, 'blocking') === true && at(one, 'result') !== 'passed')
    assert.deepEqual(stopping, [])
    assert.partialDeepStrictEqual(shown, { state: 'in_review', sensitivity: 'confidential' })
    const [rule, ...rest] = listAt(shown, 'permissions', 'rules')
    assert.deepEqual([at(rule, 'path'), at(rule, 'calls'), rest.length], ['/readings', 21, 0])
    await (await as('reviewer'))('promotion:approve', { promotion })
    assert.equal((await (await as('deployer'))('promotion:cross', { promotion })).state, 'crossed')
  })

  it('is fetched by the line guard with its own key, which may then read production’s historian and nothing else', async (t) => {
    if (!isThere) return t.skip(absent)
    const { twinlock, starter } = line
    const audience = tokenEndpoint(baseUrl, starter.org, starter.environments.production)
    const token = await keys.assembly.assertion(audience, starter.services.assembly.spiffeId)
    const issued = await actWith(twinlock.door, { kind: 'assertion', token, org: starter.org, audience })('token:issue')
    const credential = { kind: 'token', token: textAt(issued, 'accessToken') } as const
    const pulled = await actWith(twinlock.door, credential)('artifact:pull', { channel: 'line@production' })
    assert.deepEqual([pulled.artifact, pulled.promotion], [artifact, promotion])
    assert.deepEqual(
      listAt(pulled, 'files').map((one) => at(one, 'name')),
      ['alerts.csv', 'report.json', 'report.md'],
    )
    const call = (connection: string, path: string) =>
      twinlock.broker.call({ credential, connection, method: 'GET', path, headers: {}, body: undefined, requestId: 'live' })
    assert.equal((await call('line-historian-production', '/readings?from=0&count=1')).status, 200)
    assert.deepEqual(
      line.historians.production.requests.map(({ headers }) => headers['x-api-key']),
      [keyOf.production],
    )
    for (const [connection, path] of [
      ['line-historian-production', '/admin'],
      ['line-historian', '/readings'],
      ['accounts-data-production', '/accounts'],
    ] as const) {
      assert.equal(await codeOf(call(connection, path)), 'denied', `${connection}${path}`)
    }
  })

  it('can be followed from the sealed file to the fetch', async (t) => {
    if (!isThere) return t.skip(absent)
    const entries = listAt(await (await line.as('auditor'))('ledger:trace', { id: artifact }), 'entries')
    const steps = new Set(entries.filter((entry) => at(entry, 'outcome') === 'done').map((entry) => at(entry, 'action')))
    for (const step of [
      'asset:add',
      'scenario:publish',
      'run:launch',
      'connection:call',
      'artifact:seal',
      'promotion:request',
      'promotion:approve',
      'promotion:cross',
      'promotion:complete',
      'artifact:pull',
    ])
      assert.ok(steps.has(step), step)
  })
})
