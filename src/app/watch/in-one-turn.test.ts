// Asking once for many, and what nobody may be answered: what was decided before he asked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InOneTurn } from './in-one-turn.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('those who ask the same in one turn are asked for once, and who asks anything else is asked for apart', async () => {
  const asked: string[] = []
  const reads = new InOneTurn<string>()
  const ask = (key: string) =>
    reads.ask(key, async () => {
      asked.push(key)
      return `of ${key}`
    })
  assert.deepEqual(await Promise.all(['one', 'other', 'one', 'one'].map(ask)), ['of one', 'of other', 'of one', 'of one'])
  assert.deepEqual(asked, ['one', 'other'])
})

test('nothing is asked before the turn is over, and nobody is answered what was asked for before he came', async () => {
  let [mayRead, asked] = [true, 0]
  const reads = new InOneTurn<boolean>()
  const ask = () =>
    reads.ask('the same', async () => {
      asked++
      const answer = mayRead
      await turn()
      return answer
    })
  const early = ask()
  await Promise.resolve()
  assert.equal(asked, 0)
  while (asked === 0) await turn()
  // Its answer is on its way, and what it says is taken away.
  mayRead = false
  const late = ask()
  assert.deepEqual([await early, await late, asked], [true, false, 2])
})

test('a failure is told to all who asked, and the next one is asked for again', async () => {
  let asked = 0
  const reads = new InOneTurn<number>()
  const ask = () =>
    reads.ask('the same', async () => {
      if (++asked === 1) throw new Error('The store is away.')
      return asked
    })
  const came = await Promise.allSettled([ask(), ask()])
  assert.deepEqual(
    came.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.equal(await ask(), 2)
})
