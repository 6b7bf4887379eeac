// A key that is made in the browser is one that the server takes, no two are the same, and its file holds what the command line needs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importJWK } from 'jose'
import { keyFileOf, makeKeyPair } from './new-key.ts'
import { readPublicKey } from './public-key.ts'

test('a key is made whose open half holds nothing of the closed one', async () => {
  const [one, other] = [await makeKeyPair(), await makeKeyPair()]
  assert.deepEqual(readPublicKey(JSON.stringify(one.open)), { key: one.open })
  assert.deepEqual(Object.keys(one.open), ['kty', 'crv', 'x', 'y'])
  assert.notEqual(one.closed.d, other.closed.d)
  await importJWK({ ...one.closed }, 'ES256')
})

test('its file says as whom, where and by which key', async () => {
  const pair = await makeKeyPair()
  const workload = { kind: 'agent', slug: 'w', organization: 'org_a', environment: 'env_b', spiffeId: 'spiffe://b.a.test/agent/w' } as const
  assert.deepEqual(JSON.parse(keyFileOf(workload, pair, 'https://twinlock.example')), {
    ...workload,
    tokenEndpoint: 'https://twinlock.example/o/org_a/e/env_b/token',
    audience: 'https://twinlock.example',
    jwk: pair.closed,
  })
})
