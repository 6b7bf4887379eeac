import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded, utf8 } from '../../kernel/index.ts'
import type { ChildMessage } from './child-messages.ts'
import { encodeChildMessage, encodeSupervisorMessage, parseChildMessage, parseSupervisorMessage } from './codec.ts'
import { FrameDecoder } from './frames.ts'
import { bodyTextMax, chunkBytesMax, frameBytesMax, jsonBytesMax, outstandingRequestsMax } from './limits.ts'
import { RequestWindow } from './request-window.ts'
import type { SupervisorMessage } from './supervisor-messages.ts'

const call = { type: 'call', id: 1, connection: 'accounts-data', method: 'GET', path: '/accounts?limit=5' } as const
const output = { type: 'output', id: 2, name: 'a/b.csv', mediaType: 'text/csv', offset: 0, body: '', last: true } as const

function parse(value: unknown): ChildMessage {
  return parseChildMessage(utf8(JSON.stringify(value)))
}

function assertRefused(value: unknown, why: string): void {
  assert.throws(
    () => parse(value),
    (error) => isCoded(error, 'malformed'),
    why,
  )
}

describe('messages of a run', () => {
  const good: ChildMessage[] = [
    { type: 'hello', protocol: 1 },
    { ...call, headers: { 'content-type': 'application/json' }, body: 'e30=', bearer: 'token' },
    { type: 'asset', id: 3, name: 'readings.csv', offset: 0, length: chunkBytesMax },
    output,
    { type: 'credential', id: 4, audience: 'historian', subject: 'spiffe://other' },
    { type: 'progress', done: 1, total: 2, note: 'half' },
    { type: 'log', level: 'info', text: 'hello' },
    { type: 'finish', verdict: 'passed', summary: { seen: [1, null, 'x'] } },
  ]
  for (const message of good) {
    it(`of type ${message.type} are read as they were written`, () => {
      const [payload] = [...new FrameDecoder().push(encodeChildMessage(message))]
      assert.deepEqual(parseChildMessage(payload ?? utf8('')), message)
    })
  }

  it('with a member that nobody knows are refused', () => {
    for (const message of good) assertRefused({ ...message, extra: 1 }, message.type)
  })

  it('lacking a member are refused', () => {
    assertRefused({ type: 'call', id: 1, connection: 'a', method: 'GET' }, 'no path')
    assertRefused({ type: 'nonsense' }, 'unknown type')
    assertRefused(null, 'null')
    assertRefused([call], 'a list')
  })

  it('that are not UTF-8 or not JSON are refused', () => {
    for (const payload of [Uint8Array.of(0xff, 0xfe), utf8('{'), utf8('\ufeff{}'), utf8('{"type":"hello","protocol":1} x')]) {
      assert.throws(
        () => parseChildMessage(payload),
        (error) => isCoded(error, 'malformed'),
      )
    }
  })

  it('nested a hundred thousand deep are refused without harm', () => {
    const deep = `{"type":"finish","verdict":"passed","summary":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    assert.throws(
      () => parseChildMessage(utf8(deep)),
      (error) => isCoded(error, 'malformed') && /nested/.test(error.message),
    )
  })

  it('cannot name an output outside the run', () => {
    const names = [
      '../x',
      'a/../b',
      '/etc/passwd',
      'a//b',
      '.hidden',
      'a/.b',
      'a\\b',
      'a\0b',
      '',
      'C:x',
      'a/',
      '-x',
      'a..b',
      'x'.repeat(201),
      'ä',
    ]
    for (const name of names) assertRefused({ ...output, name }, name)
    for (const name of ['report.md', 'a/b/c.json', 'x'.repeat(200)]) assert.equal(parse({ ...output, name }).type, 'output')
  })

  it('cannot split a request by control characters', () => {
    assertRefused({ ...call, headers: { 'x-a': 'b\r\nhost: c' } }, 'header value')
    assertRefused({ ...call, headers: { 'x-a\r\n': 'b' } }, 'header name')
    assertRefused({ ...call, path: '/a b' }, 'space')
    assertRefused({ ...call, path: '/a\r\n' }, 'line end')
    assertRefused({ ...call, method: 'GET /' }, 'method')
  })

  it('have a limit on every size', () => {
    assertRefused({ ...call, connection: 'a'.repeat(64) }, 'connection')
    assertRefused({ ...call, path: `/${'a'.repeat(8192)}` }, 'path')
    assertRefused({ ...call, bearer: 'a'.repeat(16_385) }, 'bearer')
    assertRefused({ ...call, headers: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`x-${at}`, ''])) }, 'headers')
    assertRefused({ ...call, body: 'A'.repeat(bodyTextMax + 4) }, 'body')
    assertRefused({ type: 'asset', id: 1, name: 'a', offset: 0, length: chunkBytesMax + 1 }, 'length')
    assertRefused({ type: 'log', level: 'info', text: 'a'.repeat(8193) }, 'log')
    assertRefused({ type: 'progress', done: 0, total: 1, note: 'a'.repeat(501) }, 'note')
    assertRefused({ type: 'finish', verdict: 'passed', summary: 'a'.repeat(jsonBytesMax) }, 'summary')
  })

  it('measure a summary in bytes, not in characters', () => {
    assert.equal(parse({ type: 'finish', verdict: 'passed', summary: 'a'.repeat(jsonBytesMax - 2) }).type, 'finish')
    assertRefused({ type: 'finish', verdict: 'passed', summary: 'ä'.repeat(jsonBytesMax / 2) }, 'two bytes each')
  })

  it('number their requests with positive integers', () => {
    for (const id of [0, -1, 1.5, 2 ** 31, '1', null]) assertRefused({ ...call, id }, String(id))
  })

  it('carry bodies as base64 alone', () => {
    for (const body of ['a', 'ab=', '_-==', 'a\nbc', '====']) assertRefused({ ...call, body }, body)
  })

  it('with the largest body fit one frame', () => {
    const body = Buffer.alloc(chunkBytesMax, 255).toString('base64')
    assert.ok(encodeChildMessage({ ...call, path: `/${'a'.repeat(8191)}`, bearer: 'a'.repeat(16_384), body }).length <= frameBytesMax + 4)
  })
})

describe('messages of the supervisor', () => {
  it('survive the way to the child', () => {
    const messages: SupervisorMessage[] = [
      {
        type: 'start',
        run: { id: 'run_1', spiffeId: 'spiffe://a/b', deadline: 1, seed: 2, parameters: { a: [1] } },
        twin: 'payments',
        scenario: 'baseline',
        program: 'payments',
        assets: [{ name: 'a.csv', bytes: 3, digest: `sha256:${'0'.repeat(64)}` }],
      },
      { type: 'reply', id: 1, ok: true, value: { status: 200 } },
      { type: 'reply', id: 2, ok: false, problem: { code: 'denied', detail: 'No.' } },
      { type: 'stop', reason: 'deadline' },
    ]
    for (const message of messages) {
      const [payload] = [...new FrameDecoder().push(encodeSupervisorMessage(message))]
      assert.deepEqual(parseSupervisorMessage(payload ?? utf8('')), message)
    }
  })

  it('that do not fit a frame are refused before they are sent', () => {
    const value = 'a'.repeat(frameBytesMax)
    assert.throws(
      () => encodeSupervisorMessage({ type: 'reply', id: 1, ok: true, value }),
      (error) => isCoded(error, 'too_large'),
    )
  })
})

describe('open requests', () => {
  it('are limited in number', () => {
    const window = new RequestWindow()
    for (let id = 1; id <= outstandingRequestsMax; id++) window.open(id)
    assert.throws(
      () => window.open(1000),
      (error) => isCoded(error, 'too_large'),
    )
    window.close(1)
    window.open(1000)
    assert.equal(window.size, outstandingRequestsMax)
  })

  it('have one number each', () => {
    const window = new RequestWindow()
    window.open(1)
    assert.throws(
      () => window.open(1),
      (error) => isCoded(error, 'malformed'),
    )
  })

  it('are answered once', () => {
    const window = new RequestWindow()
    window.open(1)
    window.close(1)
    assert.throws(
      () => window.close(1),
      (error) => isCoded(error, 'conflict'),
    )
  })
})
