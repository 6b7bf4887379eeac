// The whole product against 1,200 requests that are drawn from its document, over real sockets and a real PostgreSQL, by people of every role and by nobody,
// about things of two organizations: nothing is answered with a 5xx, nobody waits for a second, no secret comes back, and the other organization hears
// nothing of it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { rowsOf } from '../harness/database.ts'
import { seeded } from '../harness/seeded.ts'
import { openProduct, type Product } from './product.ts'
import { baseSeed, inputs } from './settings.ts'
import { seedOf } from './target.ts'
import { tellRequest } from './tell-request.ts'
import { askAll, type Client, openClient } from './wire.ts'

const requests = inputs.product
const atOnce = 6

describe(`the product under requests that are drawn from its document, from seed ${baseSeed}`, () => {
  let product: Product
  let client: Client
  before(async () => {
    product = await openProduct()
    client = openClient(product.port)
  })
  after(async () => {
    client.close()
    await product.close()
  })

  // Whoever is nobody can name any organization; how many did is the one thing that it hears of them.
  const entries = async (): Promise<unknown> =>
    rowsOf(product.h.twinlock, `select count(*)::int as count from entry where org_id <> $1 and action <> 'session:refusals'`, [
      product.h.starter.org,
    ])

  it(`answers as promised, ${requests} times`, async () => {
    const others = await entries()
    const statuses = new Map<number, number>()
    const faults = await askAll({
      client,
      requests,
      atOnce,
      secrets: product.secrets,
      draw(number) {
        const seed = seedOf(baseSeed, 'product', number)
        return { seed, drawn: product.draw(seeded(seed)) }
      },
      answered: (_, { status }) => statuses.set(status, (statuses.get(status) ?? 0) + 1),
      tell: (seed, drawn, fault) => tellRequest('product', seed, drawn, fault),
    })
    assert.equal(faults.length, 0, `\n${faults.join('\n')}`)
    assert.deepEqual(product.failures, [])
    assert.deepEqual(await entries(), others, 'the other organization has not heard of it')
    for (const [status, least] of [
      [200, 60],
      [400, 120],
      [401, 40],
      [403, 40],
      [404, 40],
    ] as const)
      assert.ok((statuses.get(status) ?? 0) >= least, `${status}: ${JSON.stringify([...statuses])}`)
  })

  it('left the background in order', () => assert.deepEqual(product.h.lines, []))
})
