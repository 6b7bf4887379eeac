// What is kept of how a cell ended, by whoever was first to end its run. The door is made up and remembers what it is asked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CellEnds, scriptedCells } from '../../../test/harness/scripted-cells.ts'
import { systemClock, systemRandom } from '../../host/crypto/system-ports.ts'
import { newId } from '../../kernel/index.ts'
import { supervise } from './supervise.ts'

const ports = { clock: systemClock, random: systemRandom }

/** Supervises a run that crashes to its end, and answers what the door was asked to end and to close. */
async function crash(first: boolean): Promise<{ readonly end: unknown; readonly close: unknown }> {
  const [org, run] = [newId('org', ports), newId('run', ports)]
  const asked = new Map<string, unknown>()
  const answers: Record<string, unknown> = {
    'run:claim': {
      run: { id: run, identities: { twin: 'spiffe://x/y' }, seed: 1 },
      epoch: 0,
      deadlineAt: Date.now() + 3_600_000,
      assets: [],
    },
    'run:end': { first, tokens: 0 },
    'call:abandon': { unknown: 0 },
  }
  const govern = async ({ action, input }: { action: string; input: unknown }) => {
    asked.set(action, input)
    return { result: answers[action] ?? {} }
  }
  const cells = scriptedCells()
  cells.next(() => Promise.reject(new CellEnds({ code: 3, stderrTail: 'giving up' })))
  const parts = { door: { govern }, broker: {}, ports, cells, worker: 'hands', log: assert.fail }
  const { done } = await supervise(parts as unknown as Parameters<typeof supervise>[0], org, run) // what supervising asks for here
  await done
  return { end: asked.get('run:end'), close: asked.get('run:close') }
}

test('a run that ended by itself is closed with how its cell ended, and nothing of that is in what ends it', async () => {
  const { end, close } = await crash(true)
  assert.deepEqual(Object.keys(Object(end)).sort(), ['cause', 'run'])
  assert.partialDeepStrictEqual(close, { exit: { code: 3, words: 'giving up' } })
})

test('a run that somebody else ended a moment before keeps nothing of what its cell did after that', async () => {
  const { close } = await crash(false)
  assert.ok(!('exit' in Object(close)))
})
