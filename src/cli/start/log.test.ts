// What a server says on stderr, in both of its forms.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { fail } from '../../kernel/index.ts'
import type { AccessLine } from '../../server/index.ts'
import { isJsonLog, openLog } from './log.ts'
import { whatWasThrown, whyItFailed } from './thrown.ts'

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

test('a failure is told with what it came from: callers learn nothing of that, and whoever is on call needs it', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const kept = fail('internal', 'The blob store could not keep the bytes.', { cause: full })
  const { lines, log } = written(true, false)
  log.request({ kind: 'failure', requestId: 'hrq_3', error: fail('internal', 'Something went wrong on our side.', { cause: kept }) })
  const { error } = JSON.parse(lines[0] ?? '')
  assert.match(error, /^CodedError internal: Something went wrong on our side\.\n {4}at /)
  assert.match(error, /\nbecause of CodedError internal: The blob store could not keep the bytes\.\n {4}at /)
  assert.match(error, /\nbecause of Error ENOSPC: ENOSPC: no space left on device, write\n {4}at /)
})

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return assert.fail('It throws nothing.')
}

test('a message that quotes what it was given is left out, wherever it stands', () => {
  const quoting = [
    thrownBy(() => JSON.parse('{"password": s3cret}')),
    thrownBy(() => z.strictObject({}).parse({ s3cret: 1 })),
    Object.assign(new Error('invalid input syntax for type uuid: "s3cret"'), { name: 'error', code: '22P02' }),
  ]
  for (const one of quoting) {
    assert.ok(one instanceof Error && one.message.includes('s3cret'), 'it quotes')
    for (const error of [one, fail('internal', 'No.', { cause: one })]) {
      assert.doesNotMatch(whatWasThrown(error), /s3cret/)
      assert.match(whatWasThrown(error), /\n {4}at /)
    }
  }
})

test('causes have an end, and what is no error is told as what it is', () => {
  const round = new Error('round')
  round.cause = round
  assert.ok(whatWasThrown(round).split('\n').length < 40)
  assert.match(whatWasThrown(fail('internal', 'No.', { cause: { s3cret: 1 } })), /because of object$/)
})

test('whoever starts it reads the failure, and what it came from where that says more', () => {
  const cause = new Error('division by zero')
  assert.equal(whyItFailed(new Error('Migration 0017 failed.', { cause })), 'Migration 0017 failed.\nbecause: division by zero')
  assert.equal(whyItFailed(new Error('It does not answer: division by zero.', { cause })), 'It does not answer: division by zero.')
  assert.equal(whyItFailed('text'), 'text')
})
