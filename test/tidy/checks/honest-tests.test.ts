// Tests that do not run, cannot fail, or wait.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { testsAreHonest as check } from './honest-tests.ts'

const file = 'src/runs/a.test.ts'
const house = (text: string) => ({
  [file]: `import assert from 'node:assert/strict'\ntest('a promise', () => assert.ok(ready()))\n${text}`,
})

test('switched-off tests are refused, as calls and as options', () => {
  for (const text of [
    "test.skip('b', () => {})",
    "it.only('b', () => {})",
    "describe.todo('b')",
    "test('b', { skip: true }, () => {})",
    "test('b', { only: true }, () => {})",
  ])
    refuses(check, house(text), /Let it run, or remove it/)
})
test('a test is skipped at run time with a sentence alone', () => {
  refuses(check, house("test('b', (t) => t.skip())"), /Say in the argument/)
  refuses(check, house("test('b', (t) => t.skip('later'))"), /Say in the argument/)
  refuses(check, house("test('b', (t) => t.todo('when it is ready'))"), /Say in the argument/)
  accepts(check, house("test('b', (t) => t.skip('This machine has no bubblewrap.'))"))
})
test('a test does not sleep', () => {
  for (const text of [
    'await new Promise((resolve) => setTimeout(resolve, 50))',
    'globalThis.setTimeout(f, 1)',
    'await scheduler.wait(5)',
    'Atomics.wait(cells, 0, 0)',
    "import { setTimeout as sleep } from 'node:timers/promises'",
  ])
    refuses(check, house(text), /Inject the time/)
  accepts(check, house('socket.setTimeout(100)\nt.mock.timers.enable({ apis: ["setTimeout"] })\nawait child.wait()'))
  accepts(check, { 'src/runs/heartbeat.ts': 'setTimeout(beat, 100)' })
})
test('a file without tests, or with tests that cannot fail, is refused', () => {
  refuses(check, { [file]: 'const a = 1' }, /Write a test/)
  refuses(check, { [file]: "test('a', () => { run() })" }, /Assert something/)
  accepts(check, {
    [file]: "import { refuses } from './judge.ts'\ntest('a', () => refuses(1))",
    'src/runs/judge.ts': "import 'node:assert/strict'",
  })
  accepts(check, { [file]: "import { storeContract } from '../test/store-contract.ts'\nstoreContract(() => store)" })
})
test('a test where the runner does not look is refused', () =>
  refuses(check, { 'docs/a.test.ts': "import 'node:assert/strict'\ntest('a', () => {})" }, /does not look here/))
