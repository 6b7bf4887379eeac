// A browser that is not all there is unpacked again. One that hangs at its start is told apart from a test that found something: it is ended, and another is
// started, once. The browsers here are processes that do nothing, because a real one cannot be made to hang.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { isWhole, putWhole } from './chromium.ts'
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

test('a browser is unpacked again where what is there is not whole, and one that is whole stays', (t) => {
  const cache = mkdtempSync(join(tmpdir(), 'twinlock-unpacked-'))
  t.after(() => rmSync(cache, { recursive: true, force: true }))
  const place = join(cache, 'chromium')
  const fresh = (text: string): string => {
    const folder = mkdtempSync(join(cache, 'unpacking-'))
    mkdirSync(join(folder, 'fonts'))
    writeFileSync(join(folder, 'chromium'), text)
    writeFileSync(join(folder, 'fonts', 'one.ttf'), 'a font')
    return folder
  }
  const inPlace = (): string => readFileSync(join(place, 'chromium'), 'utf8')
  mkdirSync(place)
  writeFileSync(join(place, 'chromium'), 'half')
  assert.equal(isWhole(place), false, 'nobody said that it is')
  putWhole(fresh('first'), place)
  assert.deepEqual([isWhole(place), inPlace()], [true, 'first'])
  putWhole(fresh('second'), place)
  assert.equal(inPlace(), 'first')
  for (const spoil of [
    () => writeFileSync(join(place, 'chromium'), 'firs'),
    () => rmSync(join(place, 'fonts'), { recursive: true }),
    () => writeFileSync(join(place, 'whole.json'), '{"chromium"'),
  ]) {
    spoil()
    assert.equal(isWhole(place), false)
    putWhole(fresh('again'), place)
    assert.deepEqual([isWhole(place), existsSync(join(place, 'fonts', 'one.ttf'))], [true, true])
  }
  assert.deepEqual(readdirSync(cache), ['chromium'], 'nothing is left beside it')
})
