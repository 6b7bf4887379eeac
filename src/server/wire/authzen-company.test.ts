// Company of evaluations, over a door that is scripted: what goes together and what waits; what the door says has tests of its own.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchesMax } from '../../app/door/gather.ts'
import { fail } from '../../kernel/index.ts'
import { Company } from './authzen-company.ts'

const request = { ip: '127.0.0.1', headers: { authorization: 'Bearer somebody' } }
const evaluation = { subject: { type: 'person', id: 'p' }, action: { name: 'run:launch' }, resource: { type: 'scenario', id: 's' } }
const yes = { decision: true, code: null, detail: null, policies: [] }

/** A door that answers when it is told to, and keeps how many questions came with each request. */
function scriptedDoor() {
  const sizes: number[] = []
  let answered = Promise.withResolvers<void>()
  let together: Error | undefined
  return {
    sizes,
    async ask(_action: string, input: unknown): Promise<unknown> {
      const { evaluations } = input as { evaluations: readonly unknown[] } // what `decide` sends
      sizes.push(evaluations.length)
      await answered.promise
      if (together !== undefined && evaluations.length > 1) throw together
      return { decisions: evaluations.map(() => yes) }
    },
    answer(): void {
      answered.resolve()
      answered = Promise.withResolvers()
    },
    refuseTogether(error: Error): void {
      together = error
    },
  }
}

const settle = () => new Promise(setImmediate)

test('questions that come while as many as may be are being decided wait, and go together', async () => {
  const door = scriptedDoor()
  const company = new Company()
  const going: Promise<unknown>[] = []
  const send = () => going.push(company.decide(request, evaluation, door.ask))
  for (let number = 0; number < batchesMax + 7; number++) {
    send()
    await settle()
  }
  assert.deepEqual(door.sizes, Array(batchesMax).fill(1))
  door.answer()
  await settle()
  door.answer()
  assert.deepEqual(await Promise.all(going), Array(batchesMax + 7).fill(yes))
  assert.deepEqual(door.sizes, [...Array(batchesMax).fill(1), 7])
})

test('those of a batch that is refused are asked one by one, and what comes meanwhile waits for them', async () => {
  const door = scriptedDoor()
  door.refuseTogether(fail('denied', 'Not so.'))
  const company = new Company()
  const send = (many: number) => Array.from({ length: many }, () => company.decide(request, evaluation, door.ask))
  const going = send(5)
  await settle()
  door.answer()
  await settle()
  assert.deepEqual(door.sizes, [5, 1, 1, 1, 1, 1])
  for (let batch = 1; batch < batchesMax + 2; batch++) {
    going.push(...send(9))
    await settle()
  }
  assert.deepEqual(door.sizes.slice(6), Array(batchesMax - 1).fill(9))
  for (let round = 0; round < 6; round++) {
    door.answer()
    await settle()
  }
  assert.deepEqual(await Promise.all(going), Array(5 + 9 * (batchesMax + 1)).fill(yes))
})
