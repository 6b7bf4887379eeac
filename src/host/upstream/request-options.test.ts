import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exchange } from '../../egress/index.ts'
import { type ErrorCode, isCoded, utf8 } from '../../kernel/index.ts'
import { readUrl, requestOptions } from './request-options.ts'

function call(change: Partial<Exchange>): Exchange {
  const plain = {
    url: 'http://127.0.0.1/a',
    method: 'GET',
    headers: {},
    body: undefined,
    loopback: true,
    responseBytesMax: 1000,
    timeoutMs: 1000,
  }
  return { ...plain, ...change }
}

function refuses(change: Partial<Exchange>, code: ErrorCode): void {
  assert.throws(
    () => requestOptions(call(change)),
    (error) => isCoded(error, code),
  )
}

const refusedUrls: Record<string, string> = {
  'with a credential': 'http://user:secret@127.0.0.1/',
  'with a user alone': 'http://user@127.0.0.1/',
  'of a file': 'file:///etc/passwd',
  'of another protocol': 'ftp://127.0.0.1/',
  'of a protocol without a host': 'data:text/plain,a',
  'that is none': 'nonsense',
  'without a host': 'http:///a',
  'with one slash': 'http:/127.0.0.1/a',
  'with a fragment': 'http://127.0.0.1/#a',
  'with a backslash': 'http://127.0.0.1/a\\b',
  'with a backslash before its host': 'http:\\\\127.0.0.1/a',
  'with a line break': 'http://127.0.0.1/a\nb',
  'with a space around it': ' http://127.0.0.1/a',
  'with a dot segment': 'http://127.0.0.1/a/../b',
  'with an encoded dot segment': 'http://127.0.0.1/a/%2e%2e/b',
  'with a character that must be encoded': 'http://127.0.0.1/a"b',
}
for (const [title, url] of Object.entries(refusedUrls)) {
  test(`a URL ${title} is refused`, () => refuses({ url }, 'upstream_refused'))
}

test('a URL that says one thing is taken as it was written', () => {
  for (const path of ['/', '/a/b%20c', '/a//b', "/a?x='1'&y=/../2", '/?x']) {
    assert.equal(readUrl(call({ url: `http://127.0.0.1:8080${path}` })).pathname, path.split('?')[0])
  }
  assert.equal(readUrl(call({ url: 'https://twin.example' })).pathname, '/')
})

for (const method of ['CONNECT', 'TRACE', 'get', 'GET /x HTTP/1.1\r\nx: y', '']) {
  test(`the method ${JSON.stringify(method)} is refused`, () => refuses({ method }, 'upstream_refused'))
}

const framing = [
  'Host',
  'connection',
  'Content-Length',
  'transfer-encoding',
  'TE',
  'trailer',
  'upgrade',
  'expect',
  'accept-encoding',
  'Proxy-Authorization',
  'X-Forwarded-For',
  'via',
]
for (const name of framing) {
  test(`the header \`${name}\` is not a caller’s to set`, () => refuses({ headers: { [name]: 'x' } }, 'header_refused'))
}

test('headers go out in lower case, with the length of the body', () => {
  const { options } = requestOptions(
    call({ method: 'POST', headers: { 'X-Api-Key': 'k', Authorization: 'Bearer b' }, body: utf8('héllo') }),
  )
  assert.deepEqual(options.headers, {
    'accept-encoding': 'identity',
    via: '1.1 twinlock',
    'x-api-key': 'k',
    authorization: 'Bearer b',
    'content-length': '6',
  })
})
