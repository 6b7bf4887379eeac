import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { nodePermissionDriver } from '../../src/host/cells/node-permission.ts'
import { type ServedRun, serveCell } from '../../src/host/cells/serve-cell.ts'
import type { RunId } from '../../src/kernel/index.ts'
import { openSupervisorSide } from '../../src/runs/index.ts'
import { type Historian, startHistorian } from '../../twins/assembly-line/upstream.ts'
import { type PaymentsUpstreams, startPaymentsUpstreams } from '../../twins/payments/upstreams.ts'
import { type FakeSupervisorOptions, fakeSupervisor } from './fake-supervisor.ts'

const driver = nodePermissionDriver({ openChannel: openSupervisorSide })

async function runTwin(options: FakeSupervisorOptions): Promise<ServedRun & { outputs: Map<string, Buffer> }> {
  const { start, answers, outputs } = fakeSupervisor(options)
  const cell = await driver.launch({ runId: 'run_00000000000000000000000000' as RunId, program: options.twin, memoryMegabytesMax: 128 }) // well-formed
  const served = await serveCell(cell, start, answers)
  return { ...served, outputs }
}

describe('the payments twin in a cell', () => {
  let upstreams: PaymentsUpstreams
  before(async () => {
    upstreams = await startPaymentsUpstreams({
      apiKeys: { staging: { accounts: 'sa', payments: 'sp' }, production: { accounts: 'pa', payments: 'pp' } },
    })
  })
  after(() => upstreams.stop())

  const options = (parameters: Record<string, string | number | boolean>, runId: string): FakeSupervisorOptions => ({
    twin: 'payments',
    parameters,
    runId,
    connections: {
      'accounts-data': { url: upstreams.staging.accounts.url, headers: { 'x-api-key': 'sa' } },
      'payments-api': { url: upstreams.staging.payments.url, headers: { 'x-api-key': 'sp' } },
      'accounts-data-production': { url: upstreams.production.accounts.url, headers: { 'x-api-key': 'pa' } },
    },
  })

  it('settles invoices and leaves a policy, a list and a report', async () => {
    const { finish, exit, outputs } = await runTwin(options({ accounts: 40 }, 'run_a'))
    assert.deepEqual([finish?.verdict, exit.reason], ['passed', 'ended'], exit.stderrTail)
    assert.deepEqual([...outputs.keys()].toSorted(), ['report.md', 'settlement-policy.json', 'settlements.csv'])
    const summary = finish?.summary as { settled: number; refused: number; confirmation: unknown; policy: { attemptsMax: number } } // the twin wrote it
    assert.ok(summary.settled > 20 && summary.refused > 0)
    assert.deepEqual(summary.confirmation, { asked: 5, confirmed: 5 })
    const policy = JSON.parse(String(outputs.get('settlement-policy.json')))
    assert.equal(policy.schema, 'settlement-policy/1')
    assert.equal(policy.retry.attemptsMax, summary.policy.attemptsMax)
    assert.ok(policy.retry.attemptsMax >= 2, 'a service that fails now and then needs a second attempt')
    assert.equal(policy.retry.backoffMilliseconds.length, policy.retry.attemptsMax - 1)
    assert.ok(policy.learnedFrom.unavailable > 0)
    assert.equal(String(outputs.get('settlements.csv')).trimEnd().split('\r\n').length, policy.learnedFrom.invoices + 1)
  })

  it('chooses the same policy, byte for byte, from the same seed', async () => {
    const [one, other] = [await runTwin(options({ accounts: 15 }, 'run_b')), await runTwin(options({ accounts: 15 }, 'run_c'))]
    assert.equal(String(one.outputs.get('settlement-policy.json')), String(other.outputs.get('settlement-policy.json')))
  })

  it('reaches out, and is refused every time: by the platform or by the cell', async () => {
    const production = upstreams.production.accounts.requests.length
    const { finish, exit, outputs } = await runTwin(options({ accounts: 3, reachOut: true, foreignToken: 'x.y.z' }, 'run_d'))
    assert.equal(finish?.verdict, 'passed', exit.stderrTail)
    const summary = finish?.summary as { attempts: { what: string; refusedBy: string; code: string }[] } | undefined // the twin wrote it
    assert.deepEqual(
      summary?.attempts.map(({ refusedBy, code }) => `${refusedBy} ${code}`),
      [...Array.from({ length: 7 }, () => 'platform denied'), ...Array.from({ length: 3 }, () => 'cell ERR_ACCESS_DENIED')],
    )
    assert.match(String(outputs.get('report.md')), /write through a read connection \| platform \| denied/)
    assert.equal(upstreams.production.accounts.requests.length, production, 'nothing reached production')
    assert.equal(
      upstreams.staging.accounts.requests.some(({ method }) => method === 'DELETE'),
      false,
    )
  })

  it('never holds the keys that its upstreams ask for', async () => {
    const { outputs, finish } = await runTwin(options({ accounts: 3 }, 'run_e'))
    const request = upstreams.staging.payments.requests.at(-1)
    assert.equal(request?.headers['x-api-key'], 'sp')
    for (const text of [JSON.stringify(finish), ...[...outputs.values()].map(String)]) assert.doesNotMatch(text, /x-api-key|"sp"|"sa"/)
  })

  it('fails, and says why, where its accounts cannot be read', async () => {
    const { finish } = await runTwin({ ...options({ accounts: 3 }, 'run_f'), connections: {} })
    assert.equal(finish?.verdict, 'failed')
    assert.match(JSON.stringify(finish?.summary), /RunRefused.*denied/)
  })
})

const file = new URL('../../../shared/data/assembly-line/ai4i2020.csv', import.meta.url)
const isThere = existsSync(file)

describe('the assembly line twin in a cell, on ten thousand real readings', () => {
  let historian: Historian | undefined
  const csv = isThere ? readFileSync(file) : Buffer.alloc(0)
  before(async () => {
    if (isThere) historian = await startHistorian({ csv: csv.toString(), apiKey: 'first' })
  })
  after(() => historian?.stop())

  const options = (parameters: Record<string, string | number>): FakeSupervisorOptions => ({
    twin: 'assembly-line',
    parameters,
    connections: { 'line-historian': { url: historian?.url ?? '', headers: { authorization: 'Bearer first' } } },
    assets: { readings: csv },
  })

  it('finds every failure that a rule decides, and says what it cannot know', async (t) => {
    if (!isThere) return t.skip('The real readings are not beside this checkout, in ../shared/data/assembly-line.')
    const { finish, exit, outputs } = await runTwin(options({ source: 'asset' }))
    assert.equal(finish?.verdict, 'passed', exit.stderrTail)
    assert.deepEqual(finish?.summary, {
      source: 'asset',
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
    assert.match(String(outputs.get('report.md')), /RNF: .*not predictable/)
    assert.equal(String(outputs.get('alerts.csv')).trimEnd().split('\r\n').length, 1 + 1098)
  })

  it('comes to the same alerts by page from the historian, with a key that it never sees', async (t) => {
    if (!isThere) return t.skip('The real readings are not beside this checkout, in ../shared/data/assembly-line.')
    const [sealed, paged] = [await runTwin(options({ source: 'asset' })), await runTwin(options({ source: 'historian', pageSize: 700 }))]
    assert.equal(paged.finish?.verdict, 'passed', paged.exit.stderrTail)
    assert.equal(String(paged.outputs.get('alerts.csv')), String(sealed.outputs.get('alerts.csv')))
    assert.equal(historian?.requests.at(-1)?.headers.authorization, 'Bearer first')
    assert.doesNotMatch([...paged.outputs.values()].map(String).join(), /first/)
  })

  it('fails where the key was rotated away under it', async (t) => {
    if (!isThere) return t.skip('The real readings are not beside this checkout, in ../shared/data/assembly-line.')
    historian?.rotate('second')
    const { finish } = await runTwin(options({ source: 'historian' }))
    historian?.rotate('first')
    assert.equal(finish?.verdict, 'failed')
    assert.match(JSON.stringify(finish?.summary), /status 401/)
  })
})
