import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId, type OrgId } from '../kernel/index.ts'
import type { ActionRequest } from './door/govern.ts'
import { startSweeper } from './sweeper.ts'

const roundMs = 20_000
const random = { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) }

function organizations(count: number): OrgId[] {
  return Array.from({ length: count }, (_, at) => newId('org', { clock: { now: () => at, monotonic: () => at }, random })).sort()
}

/** Lets everything happen that waits for no timer. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the sweep for what nobody answers for', () => {
  it('comes to every organization within its first minute and then in turn, and next to those in which something was taken away', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const orgs = organizations(120)
    const far = orgs.at(-1) ?? assert.fail('there are some')
    let swept: string[] = []
    const said: string[] = []
    const sweeper = startSweeper({
      door: {
        catalogue: [],
        async govern({ action, credential }: ActionRequest) {
          assert.ok(credential?.kind === 'system' && action === 'ownership:sweep')
          swept.push(credential.org)
          return { result: {}, entry: null }
        },
      },
      organizations: async () => orgs.toReversed(),
      archives: async () => [],
      deletions: async () => [],
      proofs: async () => [],
      logs: async () => [],
      log: (line) => said.push(line),
    })
    const round = async () => {
      swept = []
      t.mock.timers.tick(roundMs)
      await turn()
      return swept
    }
    sweeper.touch(far)
    sweeper.touch(far)
    assert.deepEqual(await round(), [far, ...orgs.slice(0, 60)])
    assert.deepEqual(await round(), orgs.slice(60), 'all, 40 s after a crash')
    sweeper.touch(far)
    assert.deepEqual(await round(), [far, ...orgs.slice(0, 50)])
    assert.deepEqual(await round(), orgs.slice(50, 100))
    assert.deepEqual(await round(), [...orgs.slice(100), ...orgs.slice(0, 30)])
    await sweeper.stop()
    assert.deepEqual(said, [])
  })

  it('looks at proofs of domains whenever some are due and at logs once an hour, again while there is more, and no more once it stops', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const [org = assert.fail('there is one')] = organizations(1)
    let asked: string[] = []
    let left = 2
    let stopped: Promise<void> | undefined
    const sweeper = startSweeper({
      door: {
        catalogue: [],
        async govern({ action }: ActionRequest) {
          asked.push(action)
          if (asked.length === 5) stopped = sweeper.stop()
          return { result: { isMore: action === 'directory:prune' && left-- > 0 }, entry: null }
        },
      },
      organizations: async () => [],
      archives: async () => [],
      deletions: async () => [],
      proofs: async () => [org],
      logs: async () => [org],
      log: (line) => assert.fail(line),
    })
    const round = async () => {
      asked = []
      t.mock.timers.tick(roundMs)
      await turn()
      return asked
    }
    assert.deepEqual(await round(), ['domain:recheck', ...Array(3).fill('directory:prune')])
    for (let passed = 1; passed < 180; passed++) assert.deepEqual(await round(), ['domain:recheck'], `${passed}`)
    left = Number.MAX_SAFE_INTEGER
    assert.deepEqual(await round(), ['domain:recheck', ...Array(4).fill('directory:prune')], 'for ever, but for the stop')
    await stopped
  })
})
