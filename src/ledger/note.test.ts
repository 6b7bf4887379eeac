// Signed notes and verifier keys: the examples of the specification and of Go's x/mod verify, and nothing that differs from a note by a bit does.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ed25519Verify, sha256, signerOf, utf8 } from './fixtures/node-crypto.test.ts'
import { flipBit } from './fixtures/seeded-random.ts'
import { decodeNote, formatNote, NOTE_LENGTH_MAX, parseNote, parseSignatures } from './note.ts'
import { signText } from './note-signature.ts'
import { formatVerifierKey, parseVerifierKey, SIGNATURE_TYPE, verifierKey } from './verifier-key.ts'
import { verifyNote } from './verify-note.ts'

// C2SP signed-note, "Verifier keys" and its example.
const specKey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'
const specNote =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

// golang.org/x/mod/sumdb/note, note_test.go: published key pair, text and note.
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const goSeed = Uint8Array.fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz').slice(1)
const goText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const goNote = `${goText}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`

const line = '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n'

test('the example of the specification verifies under its key', () => {
  const key = parseVerifierKey(sha256, specKey)
  assert.deepEqual(verifyNote(ed25519Verify, specNote, [key]), { text: 'This is an example message.\n', signatures: [{ key }] })
  assert.equal(key.keyId, 0x530d903a)
})

test('signing gives the note that Go publishes, byte for byte', () => {
  const signer = signerOf('PeterNeumann', SIGNATURE_TYPE.ed25519, goSeed)
  assert.equal(formatVerifierKey(signer.key), goKey)
  assert.equal(formatNote({ text: goText, signatures: [signText(signer, goText)] }), goNote)
})

test('verifier keys are written as they were read', () => {
  for (const text of [specKey, goKey, 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2']) {
    assert.equal(formatVerifierKey(parseVerifierKey(sha256, text)), text)
  }
})

test('a verifier key with any single bit changed is refused', () => {
  const bytes = utf8(goKey)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = new TextDecoder().decode(flipBit(bytes, bit))
    assert.throws(() => parseVerifierKey(sha256, changed), { code: /^key-(malformed|id-mismatch|type-unsupported)$/ }, changed)
  }
})

test('malformed verifier keys are refused, each by its reason', () => {
  const raw = new Uint8Array(32).fill(9)
  const other = (type: number, bytes: Uint8Array): string => `name+00000000+${new Uint8Array([type, ...bytes]).toBase64()}`
  for (const text of [
    '',
    'name',
    'name+00000000',
    `+${specKey}`,
    ` ${specKey}`,
    `${specKey}\n`,
    specKey.replace('530d903a', '530D903A'),
    'a+0+AA==',
  ]) {
    assert.throws(() => parseVerifierKey(sha256, text), { code: 'key-malformed' }, text)
  }
  assert.throws(() => parseVerifierKey(sha256, other(1, raw.slice(1))), { code: 'key-malformed' })
  assert.throws(() => parseVerifierKey(sha256, other(2, raw)), { code: 'key-type-unsupported' })
  assert.throws(() => parseVerifierKey(sha256, other(6, raw)), { code: 'key-type-unsupported' })
  assert.throws(() => parseVerifierKey(sha256, other(1, raw)), { code: 'key-id-mismatch' })
  for (const name of ['', 'a b', 'a+b', 'a\u00a0b', 'a\u2003b', 'a\nb', 'a\u0000b', 'x'.repeat(256), '\ud800']) {
    assert.throws(() => verifierKey(sha256, { name, type: 1, publicKey: raw }), { code: 'key-malformed' }, JSON.stringify(name))
  }
})

test('a note with any single bit changed is refused', () => {
  const key = parseVerifierKey(sha256, specKey)
  const bytes = utf8(specNote)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const open = () => verifyNote(ed25519Verify, decodeNote(flipBit(bytes, bit)), [key])
    assert.throws(open, { code: /^(note-malformed|note-unsigned|signature-invalid)$/ }, `bit ${bit}`)
  }
})

test('a note with any single byte missing is refused', () => {
  const key = parseVerifierKey(sha256, specKey)
  const bytes = utf8(specNote)
  for (let at = 0; at < bytes.length; at++) {
    const open = () => verifyNote(ed25519Verify, decodeNote(new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1)])), [key])
    assert.throws(open, { code: /^(note-malformed|note-unsigned|signature-invalid)$/ }, `byte ${at}`)
  }
})

test('unknown signatures are ignored, but a wrong one under a known key condemns the note', () => {
  const key = parseVerifierKey(sha256, specKey)
  const stranger = '— example.com/foo AAAAAAAA\n— elsewhere.example Uw2QOgAA\n'
  assert.equal(verifyNote(ed25519Verify, specNote + stranger, [key]).signatures.length, 1)
  const forged = `— example.com/foo ${new Uint8Array([0x53, 0x0d, 0x90, 0x3a, ...new Uint8Array(64)]).toBase64()}\n`
  for (const note of [specNote + forged, specNote.replace('\n\n', `\n\n${forged}`)]) {
    assert.throws(() => verifyNote(ed25519Verify, note, [key]), { code: 'signature-invalid' })
  }
  assert.throws(() => verifyNote(ed25519Verify, specNote, [parseVerifierKey(sha256, goKey)]), { code: 'note-unsigned' })
  assert.throws(() => verifyNote(ed25519Verify, specNote, []), { code: 'note-unsigned' })
})

test('a text with empty lines ends at the last of them', () => {
  const text = 'one\n\ntwo\n\n\nthree\n'
  const note = formatNote({ text, signatures: [signText(signerOf('a.example', 1, goSeed), text)] })
  assert.equal(parseNote(note).text, text)
})

test('malformed notes are refused', () => {
  const malformed = [
    '',
    '\n',
    'text',
    'text\n',
    `text\n${line}`,
    'text\n\n',
    `text\n\n${line}\n`,
    `text\n\n${line.slice(0, -1)}`,
    `text\n\n${line}more\n`,
    `text\n\n${line.replace('—', '-')}`,
    `text\n\n${line.replace('— ', '—')}`,
    `text\n\n${line.replace('— ', '—  ')}`,
    `text\n\n${line.replace('=\n', '\n')}`,
    `text\n\n${line.replace('=\n', '= \n')}`,
    `text\n\n${line.replace('M=\n', 'N=\n')}`,
    `text\n\n${line.replace('example.com/foo', 'example.com+foo')}`,
    `text\n\n${line.replace('example.com/foo', 'example\u00a0com')}`,
    '— example.com/foo AAAAAA==\n',
    'text\n\n— example.com/foo AAAAAA==\n',
    `te\rxt\n\n${line}`,
    `te\txt\n\n${line}`,
    `te\u0000xt\n\n${line}`,
    `te\ud800xt\n\n${line}`,
    `text\r\n\r\n${line}`,
  ]
  for (const note of malformed) assert.throws(() => parseNote(note), { code: 'note-malformed' }, JSON.stringify(note))
  assert.throws(() => decodeNote(Uint8Array.of(0xff, 0xfe)), { code: 'note-malformed' })
  assert.throws(() => decodeNote(new Uint8Array([...utf8('text'), 0xc3])), { code: 'note-malformed' })
})

test('a byte order mark is part of the text, not dropped from it', () => {
  assert.equal(parseNote(decodeNote(new Uint8Array([0xef, 0xbb, 0xbf, ...utf8(specNote)]))).text, '\ufeffThis is an example message.\n')
})

test('a note too large or with too many signatures is refused before it is looked at', () => {
  assert.throws(() => parseNote('a'.repeat(NOTE_LENGTH_MAX + 1)), { code: 'note-too-large' })
  assert.throws(() => decodeNote(new Uint8Array(NOTE_LENGTH_MAX + 1)), { code: 'note-too-large' })
  assert.equal(parseNote(`text\n\n${line.repeat(64)}`).signatures.length, 64)
  assert.throws(() => parseNote(`text\n\n${line.repeat(65)}`), { code: 'note-malformed' })
})

test('a note that could not be read again is not written', () => {
  const signature = signText(signerOf('a.example', 1, goSeed), 'text')
  assert.throws(() => formatNote({ text: 'text', signatures: [signature] }), { code: 'note-malformed' })
  assert.throws(() => formatNote({ text: 'text\n', signatures: [] }), { code: 'note-malformed' })
})

test('the lines that a witness answers are read as signatures', () => {
  assert.deepEqual(parseSignatures(line), parseNote(specNote).signatures)
  assert.throws(() => parseSignatures(line.slice(0, -1)), { code: 'note-malformed' })
  assert.throws(() => parseSignatures(''), { code: 'note-malformed' })
  assert.throws(() => parseSignatures('a'.repeat(NOTE_LENGTH_MAX + 1)), { code: 'note-too-large' })
})
