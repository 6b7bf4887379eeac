import assert from 'node:assert/strict'
import { readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { logPath, logTail, trimLog, withLogFile } from './log-file.ts'
import { throwAwayFolder } from './throw-away-folder.ts'

const folderFor = (t: TestContext): string => {
  const folder = throwAwayFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a log over its limit is moved aside while it is being written, and the writer goes on in the emptied file', (t) => {
  const folder = folderFor(t)
  withLogFile(folder, (log) => {
    writeSync(log, 'first line\n')
    assert.equal(trimLog(folder, 5), true)
    writeSync(log, 'next\n')
  })
  assert.equal(readFileSync(logPath(folder), 'utf8'), 'next\n')
  assert.equal(readFileSync(`${logPath(folder)}.1`, 'utf8'), 'first line\n')
  assert.equal(statSync(`${logPath(folder)}.1`).mode & 0o777, 0o600)
})

test('a log within its limit, or none, is left alone', (t) => {
  const folder = folderFor(t)
  assert.equal(trimLog(folder, 5), false)
  writeFileSync(logPath(folder), '12345')
  assert.equal(trimLog(folder, 5), false)
  assert.equal(readFileSync(logPath(folder), 'utf8'), '12345')
})

test('the tail is the last lines', (t) => {
  const folder = folderFor(t)
  writeFileSync(logPath(folder), Array.from({ length: 9 }, (_, index) => `line ${index}\n`).join(''))
  assert.equal(logTail(folder), 'line 3\nline 4\nline 5\nline 6\nline 7\nline 8')
})
