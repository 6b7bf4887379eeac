// Checkpoints: a real one, signed by a public log and a public witness, verifies; and nobody but the trusted log can speak for it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cosignCheckpoint, formatCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { exampleEntries, logOf, logSigner, origin, seenAtSeconds, trust, witness } from './fixtures/example-log.test.ts'
import { ed25519Verify, sha256, signerOf, utf8 } from './fixtures/node-crypto.test.ts'
import { flipBit } from './fixtures/seeded-random.ts'
import { decodeNote, formatNote, parseNote } from './note.ts'
import { cosignText, signText } from './note-signature.ts'
import { type LogTrust, openCheckpoint } from './open-checkpoint.ts'
import { parseVerifierKey, SIGNATURE_TYPE } from './verifier-key.ts'

// A head of a public staging log as it was served, with its RFC 6962 signature (a type that we ignore), its Ed25519 one and four cosignatures.
const publicCheckpoint = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`
const publicTrust: LogTrust = {
  origin: 'arche2025h1.staging.ct.transparency.dev',
  logKeys: [parseVerifierKey(sha256, 'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f')],
  witnessKeys: [
    parseVerifierKey(sha256, 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2'),
    parseVerifierKey(sha256, 'witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv'),
    parseVerifierKey(sha256, 'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO'),
    parseVerifierKey(sha256, 'transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM'),
  ],
  witnessQuorum: 4,
}

const { checkpoint, root } = logOf(exampleEntries(5))

test('a checkpoint of a public log verifies with the cosignatures of four public witnesses', () => {
  const opened = openCheckpoint(ed25519Verify, publicCheckpoint, publicTrust)
  assert.equal(opened.checkpoint.size, 1_432_088_532)
  assert.equal(opened.signatures.length, 5)
  assert.deepEqual(new Set(opened.signatures.map((signature) => signature.seenAtSeconds)), new Set([undefined, 0x6a122120]))
})

test('a checkpoint that we sign and a witness cosigns opens, and says when it was seen', () => {
  const opened = openCheckpoint(ed25519Verify, checkpoint, trust)
  assert.deepEqual(opened.checkpoint, { origin, size: 5, root, extensions: [] })
  assert.deepEqual(opened.signatures, [{ key: logSigner.key }, { key: witness.key, seenAtSeconds }])
})

test('a checkpoint with any single bit changed is refused', () => {
  const bytes = utf8(checkpoint)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const open = () => openCheckpoint(ed25519Verify, decodeNote(flipBit(bytes, bit)), trust)
    assert.throws(open, { name: 'LedgerError' }, `bit ${bit}`)
  }
})

test('a checkpoint of another log is refused, even when it is signed by a trusted key', () => {
  const elsewhere = signerOf('ledger.example/other', SIGNATURE_TYPE.ed25519, new Uint8Array(32).fill(1))
  const other = signCheckpoint(elsewhere, { origin: 'ledger.example/other', size: 5, root })
  assert.throws(() => openCheckpoint(ed25519Verify, other, { ...trust, witnessQuorum: 0 }), { code: 'origin-mismatch' })
})

test('another log that signs under our origin is not believed', () => {
  const text = formatCheckpoint({ origin, size: 5, root })
  const elsewhere = signerOf('ledger.example/other', SIGNATURE_TYPE.ed25519, new Uint8Array(32).fill(3))
  const note = formatNote({ text, signatures: [signText(elsewhere, text)] })
  assert.throws(() => openCheckpoint(ed25519Verify, note, { ...trust, witnessQuorum: 0 }), { code: 'note-unsigned' })
  const careless = { ...trust, logKeys: [elsewhere.key], witnessQuorum: 0 }
  assert.throws(() => openCheckpoint(ed25519Verify, note, careless), { code: 'key-malformed' })
})

test('a witness cannot speak for the log', () => {
  const text = formatCheckpoint({ origin, size: 6, root })
  const note = formatNote({ text, signatures: [cosignText(witness, text, seenAtSeconds)] })
  assert.throws(() => openCheckpoint(ed25519Verify, note, trust), { code: 'note-unsigned' })
  const mixed = { ...trust, witnessKeys: [logSigner.key] }
  assert.throws(() => openCheckpoint(ed25519Verify, checkpoint, mixed), { code: 'key-type-unsupported' })
})

test('too few witnesses are refused, and one key under two names counts once', () => {
  const signed = signCheckpoint(logSigner, { origin, size: 5, root })
  assert.throws(() => openCheckpoint(ed25519Verify, signed, trust), { code: 'witness-quorum-missing' })
  const alias = signerOf('witness.example/alias', SIGNATURE_TYPE.cosignatureV1, new Uint8Array(32).fill(2))
  const twice = cosignCheckpoint(alias, checkpoint, seenAtSeconds)
  const wanted = { ...trust, witnessKeys: [witness.key, alias.key], witnessQuorum: 2 }
  assert.throws(() => openCheckpoint(ed25519Verify, twice, wanted), { code: 'witness-quorum-missing' })
  const second = signerOf('witness.example/w2', SIGNATURE_TYPE.cosignatureV1, new Uint8Array(32).fill(4))
  const both = cosignCheckpoint(second, checkpoint, seenAtSeconds)
  assert.equal(openCheckpoint(ed25519Verify, both, { ...wanted, witnessKeys: [witness.key, second.key] }).signatures.length, 3)
})

test('a quorum that is no number of witnesses is refused', () => {
  for (const witnessQuorum of [-1, 0.5, Number.NaN]) {
    assert.throws(() => openCheckpoint(ed25519Verify, checkpoint, { ...trust, witnessQuorum }), { code: 'witness-quorum-missing' })
  }
})

test('a cosignature with another time, or without its time, is refused', () => {
  const { text, signatures } = parseNote(checkpoint)
  const [log, cosigned] = signatures
  assert.ok(log && cosigned)
  for (const signature of [flipBit(cosigned.signature, 63), cosigned.signature.slice(8), flipBit(cosigned.signature, 7)]) {
    const note = formatNote({ text, signatures: [log, { ...cosigned, signature }] })
    assert.throws(() => openCheckpoint(ed25519Verify, note, trust), { code: 'signature-invalid' })
  }
})

test('a signature of the wrong length, or with a time beyond 2^53, is refused whatever the verifier says of it', () => {
  const { text, signatures } = parseNote(checkpoint)
  const [log, cosigned] = signatures
  assert.ok(log && cosigned)
  const refused = (changed: readonly (typeof log)[]): void =>
    assert.throws(() => openCheckpoint(() => true, formatNote({ text, signatures: changed }), trust), { code: 'signature-invalid' })
  refused([{ ...log, signature: log.signature.slice(1) }, cosigned])
  refused([log, { ...cosigned, signature: cosigned.signature.slice(1) }])
  refused([log, { ...cosigned, signature: flipBit(cosigned.signature, 7) }])
})

test('each kind of key signs only what it is for', () => {
  const text = formatCheckpoint({ origin, size: 5, root })
  assert.throws(() => signText(witness, text), { code: 'key-type-unsupported' })
  assert.throws(() => cosignText(logSigner, text, seenAtSeconds), { code: 'key-type-unsupported' })
  for (const time of [-1, 0.5, 2 ** 53]) assert.throws(() => cosignText(witness, text, time), { code: 'note-malformed' })
  assert.throws(() => signCheckpoint(logSigner, { origin: 'ledger.example/other', size: 5, root }), { code: 'key-malformed' })
})

test('a note that is no checkpoint is not cosigned', () => {
  const text = 'ledger.example/org\nsomething else\n'
  const note = formatNote({ text, signatures: [signText(logSigner, text)] })
  assert.throws(() => cosignCheckpoint(witness, note, seenAtSeconds), { code: 'checkpoint-malformed' })
})

test('malformed checkpoints are refused', () => {
  const base64 = root.toBase64()
  const malformed = [
    '',
    '\n',
    `${origin}\n5\n`,
    `${origin}\n5\n${base64}`,
    `\n5\n${base64}\n`,
    `${origin}\n05\n${base64}\n`,
    `${origin}\n+5\n${base64}\n`,
    `${origin}\n-5\n${base64}\n`,
    `${origin}\n5.0\n${base64}\n`,
    `${origin}\n5e3\n${base64}\n`,
    `${origin}\n 5\n${base64}\n`,
    `${origin}\n9007199254740992\n${base64}\n`,
    `${origin}\n99999999999999999999\n${base64}\n`,
    `${origin}\n5\n${base64.slice(0, -1)}\n`,
    `${origin}\n5\n${new Uint8Array(31).toBase64()}\n`,
    `${origin}\n5\n${base64} \n`,
    `${origin}\n5\n${base64}\n\n`,
    `${origin}\n5\n${base64}\nmore\n\n`,
    `${origin}\n5\n${base64}\n${'more\n'.repeat(17)}`,
    `${'o'.repeat(256)}\n5\n${base64}\n`,
  ]
  for (const text of malformed) assert.throws(() => parseCheckpoint(text), { code: 'checkpoint-malformed' }, JSON.stringify(text))
  assert.deepEqual(parseCheckpoint(`${origin}\n5\n${base64}\nmore\n`).extensions, ['more'])
})

test('a checkpoint that could not be read again is not written', () => {
  for (const wrong of [{ origin: 'a\nb' }, { origin: '' }, { size: -1 }, { size: 2 ** 53 }, { root: new Uint8Array(31) }]) {
    assert.throws(() => formatCheckpoint({ origin, size: 5, root, ...wrong }), { code: 'checkpoint-malformed' })
  }
  const confusing = { origin: `${origin}\n7\n${root.toBase64()}`, size: 5, root }
  assert.throws(() => formatCheckpoint(confusing), { code: 'checkpoint-malformed' })
})
