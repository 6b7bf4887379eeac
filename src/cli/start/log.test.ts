// What a server says on stderr, in both of its forms.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccessLine } from '../../server/index.ts'
import { isJsonLog, openLog } from './log.ts'

const access: AccessLine = {
  kind: 'access',
  at: '2026-01-01T00:00:00.000Z',
  requestId: 'hrq_1',
  address: '127.0.0.1',
  method: 'GET',
  path: '/v1/runs/:run',
  status: 200,
  durationMs: 1.5,
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
}

function written(json: boolean, verbose: boolean): { lines: string[]; log: ReturnType<typeof openLog> } {
  const lines: string[] = []
  return { lines, log: openLog({ json, verbose, write: (text) => lines.push(text), now: () => 1_767_225_600_000 }) }
}

test('JSON lines are one object each, with a time, a level, and the trace', () => {
  const { lines, log } = written(true, false)
  log.note('the store is back\nand well')
  log.request(access)
  log.request({ kind: 'failure', requestId: 'hrq_2', error: new Error('no\nway') })
  log.request({ ...access, status: 503 })
  for (const line of lines) assert.equal(line.indexOf('\n'), line.length - 1)
  const [note, request, failure, late] = lines.map((line) => JSON.parse(line))
  assert.deepEqual(note, { at: '2026-01-01T00:00:00.000Z', level: 'info', kind: 'note', message: 'the store is back\nand well' })
  assert.deepEqual(request, { ...access, level: 'info' })
  assert.equal(failure.level, 'error')
  assert.match(failure.error, /^Error: no\nway\n {4}at /)
  assert.equal(late.level, 'error')
})

test('sentences show requests where that was asked for, and failures always', () => {
  const quiet = written(false, false)
  quiet.log.request(access)
  assert.deepEqual(quiet.lines, [])
  quiet.log.request({ kind: 'failure', requestId: 'hrq_2', error: 'text' })
  assert.deepEqual(quiet.lines, [`request hrq_2 failed: 'text'\n`])
  const verbose = written(false, true)
  verbose.log.request(access)
  assert.deepEqual(verbose.lines, ['2026-01-01T00:00:00.000Z GET /v1/runs/:run 200 1.5 ms hrq_1\n'])
})

test('a form of log that there is not is refused', () => {
  assert.equal(isJsonLog({}), false)
  assert.equal(isJsonLog({ TWINLOCK_LOG: 'text' }), false)
  assert.equal(isJsonLog({ TWINLOCK_LOG: 'json' }), true)
  assert.throws(() => isJsonLog({ TWINLOCK_LOG: 'xml' }), /`json` or `text`, not `xml`/)
})
