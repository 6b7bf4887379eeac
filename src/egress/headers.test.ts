import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '../kernel/index.ts'
import { headersBack, headersOut } from './headers.ts'
import { secretRemover } from './redact.ts'

describe('headers on the way out', () => {
  it('that could carry an identity or change the framing are refused, in any case', () => {
    for (const name of [
      'authorization',
      'Authorization',
      'AUTHORIZATION',
      'proxy-authorization',
      'proxy-connection',
      'cookie',
      'host',
      'x-api-key',
      'X-Api-Key',
      'x-forwarded-for',
      'x-forwarded-host',
      'forwarded',
      'via',
      'connection',
      'transfer-encoding',
      'content-length',
      'upgrade',
      'te',
      'trailer',
    ]) {
      assert.throws(
        () => headersOut({ accept: '*/*', [name]: 'x' }),
        (error) => isCoded(error, 'header_refused'),
        name,
      )
    }
  })

  it('pass by a short list, in lower case; others are left out', () => {
    const sent = {
      Accept: 'a',
      'Content-Type': 'b',
      'Idempotency-Key': 'c',
      'x-debug': 'd',
      'user-agent': 'e',
      expect: 'f',
      range: 'g',
      origin: 'h',
    }
    assert.deepEqual(headersOut(sent), { accept: 'a', 'content-type': 'b', 'idempotency-key': 'c' })
    assert.deepEqual(headersOut({}), {})
  })
})

describe('headers on the way back', () => {
  it('pass by a short list, without the secret', () => {
    const came = {
      'content-type': 'text/plain',
      etag: '"key-0123-key-0123"',
      'set-cookie': 'session=1',
      'x-api-key': 'key-0123',
      server: 'x',
      location: 'http://other.example',
      'www-authenticate': 'Basic',
    }
    assert.deepEqual(headersBack(came, secretRemover('key-0123')), { 'content-type': 'text/plain', etag: '"[redacted]-[redacted]"' })
    assert.deepEqual(headersBack({ etag: 'x' }, secretRemover(undefined)), { etag: 'x' })
  })
})
