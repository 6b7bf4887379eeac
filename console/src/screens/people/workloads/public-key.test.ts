// A key that is pasted is read, or the field says what is wrong with it; a private half goes nowhere.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { calculateJwkThumbprint } from 'jose'
import { noKey, readPublicKey, thumbprintOf } from './public-key.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const open = pair.publicKey.export({ format: 'jwk' })

test('a public key is read without what is not of it, and its thumbprint is the one that the server will say', async () => {
  const read = readPublicKey(JSON.stringify({ ...open, kid: 'a', ext: true }, null, 2))
  assert.ok(read !== undefined && 'key' in read)
  assert.deepEqual({ ...read.key }, open)
  assert.equal(await thumbprintOf(read.key), await calculateJwkThumbprint(open, 'sha256'))
})

test('a private half is refused before it is sent, and the field says so', () => {
  for (const text of [JSON.stringify(pair.privateKey.export({ format: 'jwk' })), JSON.stringify({ ...open, d: null })])
    assert.match(JSON.stringify(readPublicKey(text)), /private half. It was not sent/)
})

test('anything else says what to paste; nothing is nothing', () => {
  assert.equal(readPublicKey('  '), undefined)
  for (const text of ['{', '[]', '"a"', 'null', '-----BEGIN PUBLIC KEY-----'])
    assert.match(JSON.stringify(readPublicKey(text)), /one JSON object/)
  assert.match(JSON.stringify(readPublicKey(JSON.stringify({ ...open, crv: 'P-384' }))), /P-256/)
  for (const x of [1, '', 'A'.repeat(42), `${'A'.repeat(43)}=`])
    assert.match(JSON.stringify(readPublicKey(JSON.stringify({ ...open, x }))), /32 bytes/)
  assert.ok('key' in (readPublicKey(JSON.stringify(noKey)) ?? {}))
})
