// A browser that hangs at its start is told apart from a test that found something: it is ended, and another is started, once. The browsers here are processes
// that do nothing, because a real one cannot be made to hang.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startBrowser } from './start-browser.ts'

const never = (): Promise<never> => new Promise(() => undefined)

/** Starts processes that lead a group each, as browsers do, and does not let itself be asked to close them. */
function hanging(t: TestContext) {
  const started: ChildProcess[] = []
  t.after(() => started.map((child) => child.kill('SIGKILL')))
  const start = async (): Promise<Browser> => {
    started.push(spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { detached: true, stdio: 'ignore' }))
    return { close: () => Promise.reject(new Error('It does not answer.')) } as unknown as Browser // of a browser, nothing else is asked for
  }
  const endOf = async (child: ChildProcess | undefined) => child?.signalCode ?? (await once(child ?? assert.fail(), 'exit'))[1]
  return { started, start, endOf }
}

test('a browser that opens no page is ended, and another is started in its place', async (t) => {
  const { started, start, endOf } = hanging(t)
  const open = async () => (started.length === 1 ? assert.fail('It opens no page.') : 'a page')
  assert.equal((await startBrowser(start, open)).first, 'a page')
  assert.equal(await endOf(started[0]), 'SIGKILL')
  assert.deepEqual([started.length, started[1]?.signalCode], [2, null])
})

test('browsers that hang are waited for only so long, twice, and ended', async (t) => {
  const { started, start, endOf } = hanging(t)
  await assert.rejects(startBrowser(start, never, { ms: 200 }), /a browser with a page: nothing came of it within 0\.2 s/)
  assert.deepEqual(await Promise.all(started.map(endOf)), ['SIGKILL', 'SIGKILL'])
})
