import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { member, readAccounts, readInvoices } from './ledger-data.ts'
import { chooseAttempts, choosePolicy, reviewThreshold } from './policy.ts'
import { readParameters, twin } from './program.ts'
import { reportText, settlementsCsv } from './report.ts'
import type { Settlement } from './settle.ts'
import { type PaymentsUpstreams, startPaymentsUpstreams } from './upstreams.ts'

function settlement(amountCents: number, outcome: Settlement['outcome'], attempts = 1): Settlement {
  const account = { id: '1', tier: 'low', currency: 'EUR', balanceCents: 1_000_000 } as const
  return { account, invoice: { id: 'inv-1', accountId: '1', amountCents, isOpen: true }, outcome, attempts, unavailable: attempts - 1 }
}

function readPayment(answer: unknown): unknown {
  const id = member(answer, 'id')
  assert.match(String(id), /^pay-\d{6}$/)
  return id
}

describe('the settlement policy', () => {
  it('tries once where nothing ever failed, and more often the more fails', () => {
    assert.equal(chooseAttempts(0, 1).attemptsMax, 1)
    const counts = [0.01, 0.05, 0.15, 0.4].map((rate) => chooseAttempts(rate, 1).attemptsMax)
    assert.deepEqual(counts, counts.toSorted())
    assert.ok(chooseAttempts(0.15, 1).simulatedSuccess >= 0.999)
  })

  it('says so where no number of attempts is enough', () => {
    const { attemptsMax, simulatedSuccess } = chooseAttempts(0.9, 1)
    assert.equal(attemptsMax, 8)
    assert.ok(simulatedSuccess < 0.999)
  })

  it('sends to a person what is above the largest amount that is known to go through', () => {
    const seen = [settlement(100, 'settled'), settlement(300, 'settled'), settlement(200, 'refused'), settlement(150, 'settled')]
    assert.equal(reviewThreshold(seen, 'low'), 150)
    assert.equal(reviewThreshold(seen, 'high'), null)
    assert.equal(reviewThreshold([settlement(200, 'refused')], 'low'), null)
  })

  it('says what it was learned from', () => {
    const { learnedFrom, retry } = choosePolicy([settlement(1, 'settled', 3), settlement(2, 'refused')], 5)
    assert.deepEqual(learnedFrom, { seed: 5, invoices: 2, attempts: 4, unavailable: 2, refused: 1 })
    assert.equal(retry.backoffMilliseconds[0], 200)
  })
})

describe('what comes from upstreams', () => {
  it('is refused where its shape is another', () => {
    assert.throws(() => readAccounts({}, 5), /no list of accounts/)
    assert.throws(() => readAccounts({ accounts: [{ id: '../x', balanceCents: 1 }] }, 5), /not plain/)
    assert.throws(() => readAccounts({ accounts: [{ id: '1', currency: 'EUR', balanceCents: 0.5 }] }, 5), /whole cents/)
    assert.throws(() => readAccounts({ accounts: [{ id: '1', currency: 'euro', balanceCents: 1 }] }, 5), /three letters/)
    assert.throws(() => readInvoices({ invoices: [{ id: '1', amountCents: -1 }] }, '1'), /whole cents/)
  })

  it('is cut at what was asked for', () => {
    const accounts = Array.from({ length: 10 }, (_, at) => ({ id: String(at), tier: 'low', currency: 'EUR', balanceCents: 1 }))
    assert.equal(readAccounts({ accounts }, 3).length, 3)
  })

  it('counts as high risk where its tier is unknown', () => {
    assert.equal(readAccounts({ accounts: [{ id: '1', tier: 'none', currency: 'EUR', balanceCents: 1 }] }, 1)[0]?.tier, 'high')
  })
})

describe('the files of a settlement run', () => {
  it('hold no formula for a spreadsheet to run', () => {
    const hostile = { ...settlement(1, 'settled'), paymentId: '=HYPERLINK("x")' }
    assert.match(settlementsCsv([hostile]), /"'=HYPERLINK\(""x""\)"/)
  })

  it('list what was tried and who refused it', () => {
    const attempts = [{ what: 'read a file', refusedBy: 'cell', code: 'ERR_ACCESS_DENIED', detail: '' } as const]
    const text = reportText([settlement(1, 'settled')], choosePolicy([settlement(1, 'settled')], 1), attempts)
    assert.match(text, /\| read a file \| cell \| ERR_ACCESS_DENIED \|/)
    assert.doesNotMatch(reportText([], choosePolicy([], 1), []), /may not/)
  })
})

describe('the parameters', () => {
  it('out of range are refused by name', () => {
    for (const accounts of [0, 501, 1.5, '5']) assert.throws(() => readParameters({ accounts }), /`accounts`/)
    assert.throws(() => readParameters({ reachOut: 'yes' }), /`reachOut`/)
    assert.throws(() => readParameters({ foreignToken: 1 }), /`foreignToken`/)
    assert.deepEqual(readParameters({}), { accounts: 20, reachOut: false })
    assert.equal(twin.name, 'payments')
  })
})

describe('the upstreams', () => {
  let upstreams: PaymentsUpstreams
  before(async () => {
    upstreams = await startPaymentsUpstreams({
      apiKeys: { staging: { accounts: 'sa', payments: 'sp' }, production: { accounts: 'pa', payments: 'pp' } },
    })
  })
  after(() => upstreams.stop())

  const order = { invoiceId: 'inv-1-1', accountId: '1', amountCents: 1000, tier: 'low' }
  const post = (body: unknown, key?: string) =>
    fetch(`${upstreams.staging.payments.url}/payments`, {
      method: 'POST',
      headers: { 'x-api-key': 'sp', ...(key === undefined ? {} : { 'idempotency-key': key }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const postUntilThere = async (body: unknown, key: string): Promise<Response> => {
    const response = await post(body, key)
    return response.status === 503 ? postUntilThere(body, key) : response
  }

  it('answer nobody without the key of their own environment', async () => {
    const { staging, production } = upstreams
    for (const [url, key, status] of [
      [`${staging.accounts.url}/accounts`, 'pa', 401],
      [`${production.accounts.url}/accounts`, 'sa', 401],
      [`${production.accounts.url}/accounts`, 'pa', 200],
      [`${staging.payments.url}/payments/x`, '', 401],
    ] as const) {
      assert.equal((await fetch(url, { headers: { 'x-api-key': key } })).status, status)
    }
  })

  it('have other data in production than in staging', async () => {
    const get = async (url: string, key: string) => (await fetch(`${url}/accounts?limit=5`, { headers: { 'x-api-key': key } })).text()
    const staging = await get(upstreams.staging.accounts.url, 'sa')
    assert.notEqual(staging, await get(upstreams.production.accounts.url, 'pa'))
    assert.match(staging, /customer-3@staging\.example/)
  })

  it('log which headers arrived', async () => {
    await fetch(`${upstreams.staging.accounts.url}/accounts/1`, { headers: { 'x-api-key': 'sa', 'x-trace': 'seen' } })
    assert.equal(upstreams.staging.accounts.requests.at(-1)?.headers['x-trace'], 'seen')
  })

  it('pay once for one key, and refuse the key for another payment', async () => {
    const first = await postUntilThere(order, 'k1')
    assert.equal(first.status, 201)
    const again = await post(order, 'k1')
    assert.deepEqual([again.status, again.headers.get('idempotent-replay')], [201, 'true'])
    const payment = readPayment(await first.json())
    assert.equal(readPayment(await again.json()), payment)
    assert.equal((await post({ ...order, amountCents: 2 }, 'k1')).status, 409)
    const found = await fetch(`${upstreams.staging.payments.url}/payments/${payment}`, { headers: { 'x-api-key': 'sp' } })
    assert.equal(found.status, 200)
  })

  it('refuse large amounts of risky accounts, and what is no payment', async () => {
    assert.equal((await postUntilThere({ ...order, tier: 'high', amountCents: 60_001 }, 'k2')).status, 402)
    assert.equal((await post(order)).status, 400)
    assert.equal((await post('{', 'k3')).status, 400)
    assert.equal((await post('x'.repeat(70_000), 'k4')).status, 413)
  })

  it('are unavailable now and then, the same for the same attempts', async () => {
    const statuses = async (run: string) => {
      const seen: number[] = []
      for (let number = 1; number <= 60; number++)
        seen.push((await post({ ...order, invoiceId: `inv-${number}` }, `${run}-${number}`)).status)
      return seen
    }
    const [one, other] = [await statuses('one'), await statuses('other')]
    assert.deepEqual(one, other)
    assert.ok(one.includes(503) && one.includes(201))
  })

  it('take a new key at once', async () => {
    upstreams.rotate('production', 'payments', 'pp2')
    const status = async (key: string) =>
      (await fetch(`${upstreams.production.payments.url}/payments/x`, { headers: { 'x-api-key': key } })).status
    assert.deepEqual([await status('pp'), await status('pp2')], [401, 404])
  })
})
