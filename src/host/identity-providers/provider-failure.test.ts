// What a failed exchange with a provider is told as, to whoever had it looked for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressRefused } from '../upstream/checked-lookup.ts'
import { upstreamFailure } from '../upstream/failures.ts'
import { providerFailure } from './provider-failure.ts'

test('whoever has providers looked for learns no names of the network here: one that is not there and one that is reads the same', () => {
  const unknown = upstreamFailure(Object.assign(new Error('getaddrinfo ENOTFOUND wiki.corp'), { code: 'ENOTFOUND' }))
  const internal = upstreamFailure(addressRefused('wiki.corp', ['10.1.2.3']))
  const [one, other] = [unknown, internal].map((cause) => providerFailure(new Error('fetch failed', { cause })))
  assert.deepEqual([one?.code, one?.message, one?.notes.next], [other?.code, other?.message, other?.notes.next])
  assert.doesNotMatch(String(one?.message), /wiki|10\.1/)
})
