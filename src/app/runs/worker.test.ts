// When the hearts of a worker's runs beat. The door is made up and counts what it is asked; timers are turned by hand.
import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { scriptedCells } from '../../../test/harness/scripted-cells.ts'
import { systemClock, systemRandom } from '../../host/crypto/system-ports.ts'
import { newId, type OrgId } from '../../kernel/index.ts'
import { startWorker } from './worker.ts'

const ports = { clock: systemClock, random: systemRandom }
const [one, other] = [newId('org', ports), newId('org', ports)]

/** A door behind which each organization has so many runs that wait. */
function doorOf(waiting: ReadonlyMap<OrgId, string[]>) {
  const beats: OrgId[] = []
  const answers: Record<string, (org: OrgId, run: string) => unknown> = {
    'run:queue': (org) => ({ queued: waiting.get(org)?.splice(0) ?? [], overdue: [], lost: [], ending: [], frozenOut: [] }),
    'run:claim': (_, id) => ({
      run: { id, identities: { twin: 'spiffe://x/y' }, seed: 1 },
      epoch: 0,
      deadlineAt: Date.now() + 3_600_000,
      assets: [],
    }),
    'run:heartbeat': (org) => {
      beats.push(org)
      return { live: true, isFrozen: false, epoch: 0 }
    },
    'run:end': () => ({ tokens: 0 }),
    'call:abandon': () => ({ unknown: 0 }),
  }
  const govern = async ({ action, credential, input }: { action: string; credential: { org: OrgId }; input: { run: string } }) => ({
    result: answers[action]?.(credential.org, input.run) ?? {},
  })
  const take = () => beats.splice(0)
  return { door: { govern }, take }
}

test('all hearts beat at once every second, and where something was taken away in an organization, those of its runs alone at that moment', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const waiting = new Map([one, other].map((org) => [org, [newId('run', ports), newId('run', ports)] as string[]]))
  const { door, take } = doorOf(waiting)
  const cells = scriptedCells()
  for (let run = 0; run < 4; run++) cells.next(async (cell) => void (await cell.stopped))
  const parts = { door, broker: {}, ports, cells, worker: 'hands', runsMax: 9, organizations: async () => [one, other], log: assert.fail }
  const worker = startWorker(parts as unknown as Parameters<typeof startWorker>[0]) // what a worker asks for here
  try {
    for (const org of [one, other]) worker.wake(org)
    for (let round = 0; round < 1000 && cells.alive.size < 4; round++) await settle()
    assert.equal(cells.alive.size, 4)
    await settle()
    worker.check(one)
    for (let round = 0; round < 20; round++) await settle()
    assert.deepEqual(take(), [one, one])
    mock.timers.tick(1000)
    assert.deepEqual(take().toSorted(), [one, one, other, other].toSorted(), 'so that the door takes them together')
  } finally {
    await worker.stop()
    mock.timers.reset()
  }
})

test('runs that wait are taken a few at once, and never more than a worker may have, and one that comes while it looks is looked for at once', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const waiting = new Map([[one, Array.from({ length: 12 }, () => newId('run', ports) as string)]])
  const { door } = doorOf(waiting)
  let [claiming, most, claimed, looks, isSlow] = [0, 0, 0, 0, false]
  const govern: typeof door.govern = async (request) => {
    if (request.action === 'run:queue') {
      looks++
      if (isSlow) await settle()
    }
    if (request.action !== 'run:claim') return door.govern(request)
    most = Math.max(most, ++claiming)
    for (let round = 0; round < 5; round++) await settle()
    claiming--
    claimed++
    return door.govern(request)
  }
  const cells = scriptedCells()
  for (let run = 0; run < 12; run++) cells.next(async (cell) => void (await cell.stopped))
  const parts = {
    door: { govern },
    broker: {},
    ports,
    cells,
    worker: 'hands',
    runsMax: 10,
    organizations: async () => [one],
    log: assert.fail,
  }
  const worker = startWorker(parts as unknown as Parameters<typeof startWorker>[0]) // what a worker asks for here
  try {
    worker.wake(one)
    for (let round = 0; round < 1000 && cells.alive.size < 10; round++) await settle()
    for (let round = 0; round < 20; round++) await settle()
    assert.deepEqual([cells.alive.size, claimed, most], [10, 10, 4])
    assert.equal(looks, 1)
    // What is left while it looks is found by another look, and not a second later.
    isSlow = true
    worker.wake(one)
    worker.wake(one)
    worker.wake(one)
    for (let round = 0; round < 40; round++) await settle()
    assert.equal(looks, 3)
  } finally {
    await worker.stop()
    mock.timers.reset()
  }
})
