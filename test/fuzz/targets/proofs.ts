// What proves what happened: notes, checkpoints, receipts, tiles, bundles, exports, attestations. No spoilt proof holds.
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { sha256 } from '../../../src/host/crypto/system-ports.ts'
import { ed25519Verify } from '../../../src/host/crypto/verify-signatures.ts'
import { canonicalBytes, utf8 } from '../../../src/kernel/index.ts'
import {
  appendLeaves,
  cosignCheckpoint,
  decodeNote,
  decodeTreeState,
  EMPTY_TREE,
  encodeEntryBundle,
  encodeTreeState,
  formatReceipt,
  formatTilePath,
  formatVerifierKey,
  hashLeaf,
  type LogTrust,
  type NoteSigner,
  openCheckpoint,
  parseCheckpoint,
  parseEntryBundle,
  parseNote,
  parseReceipt,
  parseTilePath,
  parseVerifierKey,
  SIGNATURE_TYPE,
  type SignatureType,
  signCheckpoint,
  treeRoot,
  verifierKey,
  verifyExport,
  verifyInclusion,
  verifyReceipt,
} from '../../../src/ledger/index.ts'
import { verifyAttestation } from '../../../src/outputs/index.ts'
import { spoilBytes, spoilJsonText, spoilText, spoilValue } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const origin = 'ledger.example/org'

function signerOf(name: string, type: SignatureType, byte: number): NoteSigner {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), new Uint8Array(32).fill(byte)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32))
  return { key: verifierKey(sha256, { name, type, publicKey }), sign: (message) => new Uint8Array(sign(null, message, key)) }
}

const log = signerOf(origin, SIGNATURE_TYPE.ed25519, 1)
const witness = signerOf('witness.example/w1', SIGNATURE_TYPE.cosignatureV1, 2)
const trust: LogTrust = { origin, logKeys: [log.key], witnessKeys: [witness.key], witnessQuorum: 1 }
const crypto = { sha256, ed25519Verify }

// Two entries: the proof of the first is the hash of the second.
const [first, second] = [utf8('{"entry":0}'), utf8('{"entry":1}')]
const { state } = appendLeaves(sha256, EMPTY_TREE, [hashLeaf(sha256, first), hashLeaf(sha256, second)])
const head = { origin, size: 2, root: treeRoot(sha256, state) }
const checkpoint = cosignCheckpoint(witness, signCheckpoint(log, head), 1_788_000_000)
const receipt = formatReceipt({ index: 0, proof: [hashLeaf(sha256, second)], checkpoint })

async function* streamOf<T>(...items: T[]): AsyncGenerator<T> {
  yield* items
}

const attester = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const payloadType = 'application/vnd.in-toto+json'
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'artifact', digest: { sha256: '9f'.repeat(32) } }],
  predicateType: 'https://slsa.dev/verification_summary/v1',
  predicate: {
    verifier: { id: 'x' },
    timeVerified: '2026-01-01T00:00:00Z',
    resourceUri: 'x',
    policy: { uri: 'x' },
    verificationResult: 'PASSED',
    verifiedLevels: [],
  },
}

function enveloped(payload: Uint8Array, type = payloadType): unknown {
  const covered = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload])
  return {
    payloadType: type,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [{ keyid: '', sig: sign('sha256', covered, attester.privateKey).toString('base64') }],
  }
}

const soundEnvelope = enveloped(canonicalBytes(statement))
const attestationKey = {
  id: 'attester',
  verify: (bytes: Uint8Array, signature: Uint8Array) =>
    signature.length === 64 && verify('sha256', bytes, { key: attester.publicKey, dsaEncoding: 'ieee-p1363' }, signature),
}

/** Readers of proofs. */
export const proofTargets: readonly Target[] = [
  target<string>({
    name: 'note',
    share: 50,
    draw: (random) => spoilText(random, checkpoint, [receipt]),
    put(text) {
      const { text: said } = parseNote(text)
      assert.ok(text.startsWith(said))
      parseCheckpoint(said)
      const opened = openCheckpoint(ed25519Verify, text, trust)
      // Signatures by strangers may be added or spoilt; what is signed may not.
      assert.deepEqual(opened.checkpoint, { ...head, extensions: [] })
    },
  }),
  target<Uint8Array>({
    name: 'note-bytes',
    share: 25,
    draw: (random) => spoilBytes(random, utf8(checkpoint)),
    put: (bytes) => parseNote(decodeNote(bytes)),
  }),
  target<{ text: string; entry: Uint8Array }>({
    name: 'receipt',
    share: 30,
    draw: (random) =>
      random.once(4)
        ? { text: receipt, entry: spoilBytes(random, first) }
        : { text: spoilText(random, receipt, [checkpoint]), entry: first },
    put({ text, entry }) {
      parseReceipt(text)
      const held = verifyReceipt(crypto, text, entry, trust)
      assert.equal(held.index, 0)
      assert.deepEqual([...entry], [...first])
    },
  }),
  target<{ index: number; size: number; proof: Uint8Array[] }>({
    name: 'inclusion',
    share: 10,
    draw: (random) => ({
      index: random.pick([0, 1, 2, -1, 0.5, 2 ** 53, Number.NaN]),
      size: random.pick([0, 1, 2, 3, 2 ** 53, -1]),
      proof: Array.from({ length: random.pick([0, 1, 2, 70]) }, () => spoilBytes(random, hashLeaf(sha256, second))),
    }),
    put: (claim) => verifyInclusion(sha256, { ...claim, root: head.root, leafHash: hashLeaf(sha256, first) }),
  }),
  target<{ bytes: Uint8Array; count: number }>({
    name: 'entry-bundle',
    share: 25,
    draw: (random) => ({ bytes: spoilBytes(random, encodeEntryBundle([first, second])), count: random.pick([1, 2, 3, 256]) }),
    put: ({ bytes, count }) => assert.deepEqual([...encodeEntryBundle(parseEntryBundle(bytes, count))], [...bytes]),
  }),
  target<string>({
    name: 'tile-path',
    share: 50,
    draw: (random) => spoilText(random, random.pick(['tile/0/x001/x234/067', 'tile/entries/000.p/7', 'tile/63/x999/000.p/255'])),
    put: (path) => assert.equal(formatTilePath(parseTilePath(path)), path),
  }),
  target<Uint8Array>({
    name: 'tree-state',
    share: 15,
    draw: (random) => spoilBytes(random, encodeTreeState(state)),
    put: (bytes) => assert.deepEqual([...encodeTreeState(decodeTreeState(bytes))], [...bytes]),
  }),
  target<string>({
    name: 'verifier-key',
    share: 30,
    draw: (random) => spoilText(random, formatVerifierKey(log.key)),
    put: (line) => assert.equal(formatVerifierKey(parseVerifierKey(sha256, line)), line),
  }),
  target<{ note: string; entries: Uint8Array[]; tiles: Uint8Array[] }>({
    name: 'export',
    share: 5,
    draw: (random) => ({
      note: random.once(3) ? spoilText(random, checkpoint) : checkpoint,
      entries: [first, second].map((entry) => (random.once(2) ? spoilBytes(random, entry) : entry)),
      tiles: [spoilBytes(random, Buffer.concat([hashLeaf(sha256, first), hashLeaf(sha256, second)]))],
    }),
    async put({ note, entries, tiles }) {
      const verdict = await verifyExport(crypto, { checkpoint: note, entries: streamOf(...entries), leafTiles: streamOf(...tiles) }, trust)
      if (verdict.holds) assert.deepEqual(entries.map(String), [first, second].map(String))
    },
  }),
  target<unknown>({
    name: 'attestation',
    share: 20,
    draw: (random) =>
      random.pick<() => unknown>([
        () => spoilValue(random, soundEnvelope),
        // Signed by the trusted key: what it says may still be anything.
        () => enveloped(utf8(spoilJsonText(random, statement).toWellFormed())),
        () => enveloped(canonicalBytes(statement), spoilText(random, payloadType).replace(/[^\x20-\x7e]/g, '')),
      ])(),
    put(envelope) {
      const held = verifyAttestation(envelope, {
        keys: [attestationKey],
        subjectDigest: `sha256:${'9f'.repeat(32)}`,
        predicateType: 'https://slsa.dev/verification_summary/v1',
      })
      assert.ok(held.statement.subject.some(({ digest }) => digest.sha256 === '9f'.repeat(32)))
    },
  }),
]
