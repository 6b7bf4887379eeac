// The server against 8,000 requests that are drawn from its own document, over real sockets: whatever comes is answered below 500, within a second, in
// the words that are promised. What no client would send as a request at all is in sockets.test.ts.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { seeded } from '../harness/seeded.ts'
import { type Front, frontSurroundings, openFront } from './front.ts'
import { drawRequest } from './requests.ts'
import { baseSeed, inputs } from './settings.ts'
import { seedOf } from './target.ts'
import { tellRequest } from './tell-request.ts'
import { askAll, type Client, openClient } from './wire.ts'

const requests = inputs.front
const atOnce = 8

describe(`a request that is drawn from the OpenAPI document, from seed ${baseSeed}`, () => {
  let front: Front
  let client: Client
  before(async () => {
    front = await openFront()
    client = openClient(front.port)
  })
  after(async () => {
    client.close()
    await front.close()
  })

  it(`is answered as promised, ${requests} times`, async () => {
    const statuses = new Map<number, number>()
    const asked = new Set<string>()
    const faults = await askAll({
      client,
      requests,
      atOnce,
      draw(number) {
        const seed = seedOf(baseSeed, 'front', number)
        return { seed, drawn: drawRequest(seeded(seed), frontSurroundings) }
      },
      answered({ operation }, { status }) {
        asked.add(operation)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      },
      tell: (seed, drawn, fault) => tellRequest('front', seed, drawn, fault),
    })
    assert.equal(faults.length, 0, `\n${faults.join('\n')}`)
    assert.deepEqual(front.failures, [])
    assert.equal(asked.size, frontSurroundings.operations.length, 'every operation was asked for')
    // Requests that all fail at the same check would test that check alone.
    for (const [status, least] of [
      [200, 500],
      [400, 500],
      [401, 200],
      [404, 20],
      [405, 20],
    ] as const)
      assert.ok((statuses.get(status) ?? 0) >= least, `${status}: ${JSON.stringify([...statuses])}`)
  })
})
