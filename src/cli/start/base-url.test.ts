// Which base URLs a server takes: everything that is bound to one is only as good as that.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBaseUrl } from './base-url.ts'

test('a base URL is an origin behind TLS, or one of this machine on its own port; by name only where it is named', () => {
  assert.deepEqual(readBaseUrl(undefined, 8484), { baseUrl: 'http://127.0.0.1:8484', isByName: false })
  assert.deepEqual(readBaseUrl('http://localhost:8484', 8484), { baseUrl: 'http://localhost:8484', isByName: true })
  assert.deepEqual(readBaseUrl('https://twinlock.example/', 8484), { baseUrl: 'https://twinlock.example', isByName: false })
})

test('anything else is refused: another port, another machine without TLS, a path, a name in it, no URL', () => {
  const wrong = [
    'http://localhost',
    'http://localhost:8485',
    'http://twinlock.example:8484',
    'http://localhost.evil.example:8484',
    'http://127.0.0.1.evil.example:8484',
    'https://twinlock.example/console',
    'https://somebody@twinlock.example',
    'https://twinlock.example?x',
    'ftp://localhost:8484',
    'localhost:8484',
    'twinlock',
  ]
  for (const text of wrong) assert.ok('wrong' in readBaseUrl(text, 8484), text)
})
