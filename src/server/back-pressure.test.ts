// A flood at the server: bounded, answered `429` with `Retry-After`, and felt by nobody but whoever makes it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { systemRandom } from '../host/crypto/system-ports.ts'
import { newId } from '../kernel/index.ts'
import { createServer, type Server } from './create-server.ts'
import { fakeDoor, fakeParts } from './fixtures/fake-door.ts'

const orgs = [0, 1].map((now) => newId('org', { clock: { now: () => now, monotonic: () => now }, random: systemRandom }))
const tokenOf = (at: number, letter: string) => `tws_${orgs[at]}.${letter.repeat(43)}`
const mine = tokenOf(0, 'A')
const theirs = tokenOf(1, 'B')

describe('a flood', () => {
  let server: Server
  let base: string
  let open: (() => void)[] = []
  let isHolding = false
  let asked = 0

  before(async () => {
    const door = fakeDoor()
    const parts = fakeParts({
      catalogue: door.catalogue,
      async govern(request) {
        asked++
        if (isHolding && request.action === 'robot:show') await new Promise<void>((resolve) => open.push(resolve))
        return door.govern(request)
      },
    })
    server = createServer({ ...parts, limits: { queue: { atOnce: 4, atOnceOfOne: 3, waiting: 10, waitingOfOne: 5, waitMs: 60_000 } } })
    base = `http://127.0.0.1:${(await server.listen()).port}`
    for (const token of [mine, theirs]) assert.equal((await get('/v1/robots', token)).status, 200)
  })
  after(() => server.close())

  const get = (path: string, token: string, signal?: AbortSignal) =>
    fetch(`${base}${path}`, { headers: { authorization: `Bearer ${token}` }, ...(signal === undefined ? {} : { signal }) })

  const letGo = () => {
    isHolding = false
    for (const go of open) go()
    open = []
  }

  async function reached(count: number): Promise<void> {
    while (open.length < count) await new Promise((resolve) => setImmediate(resolve))
  }

  it('of one organization is refused over its bound with when to come again, and others are answered meanwhile', async () => {
    isHolding = true
    asked = 0
    const refused: Response[] = []
    const flood = Array.from({ length: 20 }, async () => {
      const answer = await get('/v1/robots/one', mine)
      if (answer.status !== 200) refused.push(answer)
      return answer
    })
    await reached(3)
    while (refused.length < 12) await new Promise((resolve) => setImmediate(resolve))
    for (const one of refused) {
      assert.equal(one.status, 429)
      assert.equal(one.headers.get('retry-after'), '1')
      assert.equal(((await one.json()) as { code: string }).code, 'too_many_requests')
    }
    assert.equal(asked, 3, 'nothing of what waits or was refused has reached the door')
    assert.equal((await get('/v1/robots', theirs)).status, 200)
    letGo()
    const answered = await Promise.all(flood)
    assert.equal(refused.length, 12)
    assert.equal(answered.filter(({ status }) => status === 200).length, 8, 'three were worked for and five waited')
  })

  it('under the name of another organization, with a credential that was never accepted, takes none of its places', async () => {
    isHolding = true
    const forged = Array.from({ length: 20 }, () => get('/v1/robots/one', tokenOf(1, 'x')))
    await reached(3)
    assert.equal((await get('/v1/robots', theirs)).status, 200)
    letGo()
    await Promise.all(forged)
  })

  it('whose callers have left frees its places', async () => {
    isHolding = true
    const gone = new AbortController()
    const flood = Array.from({ length: 8 }, () => get('/v1/robots/one', mine, gone.signal).catch(() => undefined))
    await reached(3)
    gone.abort()
    await Promise.all(flood)
    const next = get('/v1/robots', mine)
    letGo()
    assert.equal((await next).status, 200)
  })
})
