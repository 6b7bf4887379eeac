import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Verdict } from '../run/assertions.ts'
import { createSimulation } from '../run/simulation.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario } from '../scenarios/scenario.ts'
import { ControllerFailure } from './controller.ts'
import {
  type ExternalClock,
  ExternalController,
  type ExternalLimits,
  type LinePipe,
  parseCommand,
  spawnLinePipe,
} from './external-controller.ts'

const base = inputOfScenario(loadScenario('small-drive'))
const limits: ExternalLimits = { startMs: 60_000, lateMs: 60_000, hangMs: 60_000, lineMax: 1000 }

/** A controller as a program: answers each line with what `answer` makes of the message. */
const program = (answer: string): string[] => [
  '-e',
  `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { const m = JSON.parse(line); ${answer} })`,
]
const say = (text: string): string => `process.stdout.write(JSON.stringify(${text}) + '\\n')`

async function verdictOf(controller: ExternalController, steps = 60): Promise<Verdict> {
  const simulation = await createSimulation({ ...base, controller })
  const verdict = await simulation.run(steps)
  simulation.free()
  return verdict
}

const drivenBy = (answer: string): Promise<Verdict> =>
  verdictOf(new ExternalController(spawnLinePipe(process.execPath, program(answer), limits.lineMax), limits))

test('a program drives the robot over JSON lines', async () => {
  const verdict = await drivenBy(
    say(`m.type === 'start' ? {} : { linear: m.scan === null || m.scan.ranges.length === 240 ? 0.5 : 0, angular: 0 }`),
  )
  assert.equal(verdict.failure, null)
  assert.ok(verdict.measures.distance > 0.1)
})

test('a program that crashes ends the run with the reason', async () => {
  const verdict = await drivenBy(`if (m.type === 'observe') process.exit(3); ${say('{}')}`)
  assert.equal(verdict.failure, 'controller-failed')
  assert.match(verdict.reason, /exit code 3/)
})

test('a program that answers nonsense ends the run with the reason', async () => {
  const verdict = await drivenBy(say(`m.type === 'start' ? {} : { linear: 'fast' }`))
  assert.match(verdict.reason, /nonsense/)
})

test('a program that says a line without end ends the run with the reason', async () => {
  const verdict = await drivenBy(`process.stdout.write('x'.repeat(5000))`)
  assert.match(verdict.reason, /more than 1000 characters/)
})

test('a program that is not there ends the run with the reason', async () => {
  const verdict = await verdictOf(new ExternalController(spawnLinePipe('/no/such/program', []), limits))
  assert.equal(verdict.failure, 'controller-failed')
  assert.match(verdict.reason, /ENOENT/)
})

/** A pipe whose answers and a clock whose time the test holds. */
function heldPipe(answers: (clock: { now: number }) => string | null): { pipe: LinePipe; clock: ExternalClock; killed: () => boolean } {
  const time = { now: 0 }
  let hear: (line: string) => void = () => undefined
  let timeOut: () => void = () => undefined
  let isKilled = false
  return {
    killed: () => isKilled,
    clock: {
      nowMs: () => time.now,
      after: (_ms, act) => {
        timeOut = act
        return () => undefined
      },
    },
    pipe: {
      listen: (line) => {
        hear = line
      },
      send: () => {
        const answer = answers(time)
        queueMicrotask(() => (answer === null ? timeOut() : hear(answer)))
      },
      kill: () => {
        isKilled = true
      },
    },
  }
}

test('a controller that hangs is killed, and the run ends with the reason', async () => {
  const held = heldPipe(() => null)
  const verdict = await verdictOf(new ExternalController(held.pipe, limits, held.clock))
  assert.match(verdict.reason, /hangs: no answer within 60000 ms/)
  assert.ok(held.killed())
})

test('a controller that answers late ends the run with the reason', async () => {
  const held = heldPipe((time) => {
    time.now += 300
    return '{"linear":0,"angular":0}'
  })
  const verdict = await verdictOf(new ExternalController(held.pipe, { ...limits, lateMs: 250 }, held.clock))
  assert.match(verdict.reason, /answered late: 300 ms, 250 ms are allowed/)
})

test('only whole, finite commands are commands', () => {
  assert.deepEqual(parseCommand('{"linear":1,"angular":-1,"estimate":{"x":1,"y":2,"yaw":0}}').estimate, { x: 1, y: 2, yaw: 0 })
  for (const line of ['', '[]', 'null', '{"linear":1}', '{"linear":1e999,"angular":0}', '{"linear":1,"angular":0,"status":"flying"}'])
    assert.throws(() => parseCommand(line), ControllerFailure)
})
