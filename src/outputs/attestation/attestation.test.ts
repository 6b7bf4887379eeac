import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign as nodeSign, verify as nodeVerify } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Digest, RunId } from '../../kernel/index.ts'
import { base64, canonicalText, digestOf, fromBase64, isCoded, utf8 } from '../../kernel/index.ts'
import { derFromRaw } from './ecdsa-der.ts'
import type { AttestationKey, Envelope } from './envelope.ts'
import { preAuthentication, signStatement, verifyEnvelope } from './envelope.ts'
import type { AttestationErrorCode } from './error-codes.ts'
import type { SimulationRun } from './provenance.ts'
import { describeRun, provenanceType, readRun, simulationRunType } from './provenance.ts'
import { bundleCharactersMax, readBundle, wrapBundle } from './sigstore-bundle.ts'
import type { Statement } from './statement.ts'
import { makeStatement, readStatement, statementPayloadType } from './statement.ts'
import { requirePassed, summarise, verificationSummaryType } from './verification-summary.ts'
import { verifyAttestation } from './verify-attestation.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const sign = (bytes: Uint8Array) => nodeSign('sha256', bytes, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
const keyOf = (id: string, { publicKey } = pair): AttestationKey => ({
  id,
  verify: (bytes, signature) => nodeVerify('sha256', bytes, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature),
})
const key = keyOf('sandbox-1')
const stranger = keyOf('other', generateKeyPairSync('ec', { namedCurve: 'P-256' }))
const digestFor = (text: string): Digest => digestOf(utf8(text), (bytes) => createHash('sha256').update(bytes).digest())

const run: SimulationRun = {
  runId: 'run_00000000000000000000000000' as RunId, // a test's own id
  builderId: 'spiffe://sandbox.acme.x1.twinlock.internal',
  scenario: digestFor('scenario'),
  seed: 42,
  parameters: digestFor('parameters'),
  assets: [{ name: 'warehouse.world', digest: digestFor('world') }],
  tape: digestFor('tape'),
  startedAt: 1_790_000_000_000,
  finishedAt: 1_790_000_060_000,
  decidedBy: { grant: 'grt_1', policyVersion: 7 },
}
const output = { name: 'frames.tar', digest: digestFor('frames') }
const statement = makeStatement([output], provenanceType, describeRun(run))
const expected = { keys: [key], subjectDigest: output.digest, predicateType: provenanceType } as const

const conclusion = {
  verifierId: 'spiffe://production.acme.x1.twinlock.internal/service/gate',
  resourceUri: 'twinlock:artifact/art_1',
  policy: { uri: 'twinlock:policy/release', digest: digestFor('policy') },
  inputs: [{ uri: 'twinlock:attestation/1', digest: digestFor('attestation') }],
  hasPassed: true,
  levels: ['SLSA_BUILD_LEVEL_2', 'TWINLOCK_REPLAYED'],
  at: 1_790_000_100_000,
}

async function envelopeOver(text: string, payloadType = statementPayloadType): Promise<Envelope> {
  const payload = utf8(text)
  const sig = base64(derFromRaw(sign(preAuthentication(payloadType, payload))))
  return { payload: base64(payload), payloadType, signatures: [{ sig }] }
}

function refuses(act: () => unknown, code: AttestationErrorCode | 'too_large' | 'invalid'): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(isCoded(error, code), `expected ${code}, got ${String(error)}`)
    return true
  })
}

describe('an envelope', () => {
  it('signs the bytes that the DSSE specification gives as its example', () => {
    const encoded = preAuthentication('http://example.com/HelloWorld', utf8('hello world'))
    assert.equal(new TextDecoder().decode(encoded), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })

  it('counts bytes and not characters', () => {
    assert.equal(new TextDecoder().decode(preAuthentication('ä', utf8('€'))), 'DSSEv1 2 ä 3 €')
  })

  it('carries canonical bytes and a DER signature that any ECDSA verifier checks', async () => {
    const envelope = await signStatement(statement, { sign })
    const payload = fromBase64(envelope.payload)
    assert.equal(new TextDecoder().decode(payload), canonicalText(statement))
    assert.equal(
      nodeVerify('sha256', preAuthentication(statementPayloadType, payload), pair.publicKey, fromBase64(envelope.signatures[0].sig)),
      true,
    )
  })

  it('has an empty key id, or an OpenSSH fingerprint, and nothing else that other verifiers would stumble over', async () => {
    assert.equal((await signStatement(statement, { sign })).signatures[0].keyid, '')
    const keyid = `SHA256:${'a'.repeat(43)}`
    assert.equal((await signStatement(statement, { sign, keyid })).signatures[0].keyid, keyid)
    await assert.rejects(signStatement(statement, { sign, keyid: 'sandbox-1' }), /fingerprint/)
  })

  it('tells which of the trusted keys fits, whatever key id it carries', async () => {
    const envelope = await signStatement(statement, { sign })
    const claimed = { ...envelope, signatures: [{ ...envelope.signatures[0], keyid: 'other' }] }
    assert.equal(verifyEnvelope(claimed, [stranger, key]).keyId, 'sandbox-1')
    refuses(() => verifyEnvelope(claimed, [stranger]), 'attestation_signature')
    refuses(() => verifyEnvelope(claimed, []), 'attestation_signature')
  })

  it('is refused after a change to its payload or its type', async () => {
    const envelope = await signStatement(statement, { sign })
    const payload = base64(utf8(canonicalText({ ...statement, predicateType: 'x' })))
    refuses(() => verifyEnvelope({ ...envelope, payload }, [key]), 'attestation_signature')
    refuses(() => verifyEnvelope({ ...envelope, payloadType: 'application/json' }, [key]), 'attestation_malformed')
    refuses(() => verifyEnvelope({ ...envelope, payloadType: 'application/json' }, [key], 'application/json'), 'attestation_signature')
  })

  it('is refused with no signature, with two, and with fields of the wrong kind', async () => {
    const envelope = await signStatement(statement, { sign })
    const [signature] = envelope.signatures
    const { sig } = signature
    const bad: unknown[] = [null, 'text', [], {}, { ...envelope, signatures: [] }, { ...envelope, signatures: [signature, signature] }]
    bad.push({ ...envelope, payload: 1 }, { ...envelope, signatures: [{ keyid: '' }] }, { ...envelope, signatures: [{ sig, keyid: 7 }] })
    bad.push({ ...envelope, payload: `${envelope.payload}\n` }, { ...envelope, payload: envelope.payload.replace(/.$/, '') })
    bad.push({ ...envelope, signatures: [{ sig: 'a'.repeat(129) }] }, { ...envelope, signatures: [{ sig: base64(new Uint8Array(64)) }] })
    bad.push({ ...envelope, payload: 'A'.repeat(2_000_000) })
    for (const value of bad) refuses(() => verifyEnvelope(value, [key]), 'attestation_malformed')
  })

  it('is not made for a statement over 1 MiB', async () => {
    const parameters = { ...run, decidedBy: { pad: 'x'.repeat(1024 * 1024) } }
    const large = makeStatement([output], provenanceType, describeRun(parameters))
    await assert.rejects(signStatement(large, { sign }), (error: unknown) => isCoded(error, 'too_large'))
  })
})

describe('an attestation', () => {
  it('says what a run made, from what, and by whom', async () => {
    const { predicate, keyId } = verifyAttestation(await signStatement(statement, { sign }), expected)
    assert.equal(keyId, 'sandbox-1')
    const { assets: _assets, startedAt: _start, finishedAt: _end, decidedBy: _by, ...told } = run
    assert.deepEqual(readRun(predicate), told)
    assert.equal(predicate.buildDefinition.buildType, simulationRunType)
    assert.deepEqual(predicate.buildDefinition.resolvedDependencies, [
      { name: 'warehouse.world', digest: { sha256: digestFor('world').slice(7) } },
    ])
    assert.equal(predicate.runDetails.metadata?.startedOn, '2026-09-21T14:13:20.000Z')
  })

  it('is refused for other bytes than it is about', async () => {
    const envelope = await signStatement(statement, { sign })
    refuses(() => verifyAttestation(envelope, { ...expected, subjectDigest: digestFor('other') }), 'attestation_subject')
    // The world is named in the statement as well, but as a dependency: nothing is said about it.
    refuses(() => verifyAttestation(envelope, { ...expected, subjectDigest: digestFor('world') }), 'attestation_subject')
    refuses(() => verifyAttestation(envelope, { ...expected, subjectDigest: 'sha256:' }), 'invalid')
  })

  it('is refused as another kind of statement than was asked', async () => {
    const envelope = await signStatement(statement, { sign })
    refuses(() => verifyAttestation(envelope, { ...expected, predicateType: verificationSummaryType }), 'attestation_predicate')
  })

  it('is refused from a key that is not trusted', async () => {
    const envelope = await signStatement(statement, { sign })
    refuses(() => verifyAttestation(envelope, { ...expected, keys: [stranger] }), 'attestation_signature')
  })

  it('is read in the v0.1 form that cosign writes, and in no unknown form', async () => {
    const old = canonicalText({ ...statement, _type: 'https://in-toto.io/Statement/v0.1' })
    assert.equal(verifyAttestation(await envelopeOver(old), expected).keyId, 'sandbox-1')
    const unknown = await envelopeOver(canonicalText({ ...statement, _type: 'https://in-toto.io/Statement/v2' }))
    refuses(() => verifyAttestation(unknown, expected), 'attestation_malformed')
  })

  const text = canonicalText(statement)
  const malformed: Record<string, string> = {
    'that is not JSON': 'statement',
    'that is no object': '[]',
    'with a member twice': text.replace('{', '{"predicateType":"x",'),
    'with a member twice, once escaped': text.replace('{', '{"predic\\u0061teType":"x",'),
    'with a prototype': text.replace('{', '{"__proto__":{},'),
    'nested deeply': text.replace('{', `{"x":${'['.repeat(60)}${']'.repeat(60)},`),
    'without subjects': canonicalText({ ...statement, subject: [] }),
    'with a subject that has no digest': canonicalText({ ...statement, subject: [{ name: 'a', digest: {} }] }),
    'with a digest in capitals': canonicalText({ ...statement, subject: [{ digest: { sha256: 'A'.repeat(64) } }] }),
    'with a short sha256': canonicalText({ ...statement, subject: [{ digest: { sha256: 'a'.repeat(60) } }] }),
    'with too many subjects': canonicalText({
      ...statement,
      subject: Array.from({ length: 1025 }, () => ({ digest: { sha256: 'a'.repeat(64) } })),
    }),
    'without a predicate': canonicalText({ ...statement, predicate: undefined }),
    'whose predicate lacks its builder': text.replace('"builder"', '"bilder"'),
    'whose predicate has a time that is not one': text.replace('2026-09-21T14:13:20.000Z', 'yesterday'),
  }
  for (const [title, payload] of Object.entries(malformed)) {
    it(`${title} is refused although it is signed`, async () => {
      const envelope = await envelopeOver(payload)
      refuses(() => verifyAttestation(envelope, expected), 'attestation_malformed')
    })
  }

  it('that is not UTF-8 is refused although it is signed', () => {
    const payload = Uint8Array.of(0x7b, 0xff, 0x7d)
    const sig = base64(derFromRaw(sign(preAuthentication(statementPayloadType, payload))))
    const envelope = { payload: base64(payload), payloadType: statementPayloadType, signatures: [{ sig }] }
    refuses(() => verifyAttestation(envelope, expected), 'attestation_malformed')
  })

  it('with members that we do not know is read, as in-toto asks', async () => {
    assert.equal(verifyAttestation(await envelopeOver(text.replace('{', '{"later":1,')), expected).keyId, 'sandbox-1')
  })
})

describe('a statement', () => {
  it('is about at least one thing, named by a digest that is one', () => {
    refuses(() => makeStatement([], provenanceType, {}), 'invalid')
    refuses(() => makeStatement([{ name: 'a', digest: 'sha256:abc' }], provenanceType, {}), 'invalid')
  })

  it('keeps the subjects that it was made with', () => {
    const read: Statement = readStatement(JSON.parse(canonicalText(statement)))
    assert.deepEqual(read, statement)
  })
})

describe('the provenance of a run', () => {
  it('is not made with a seed, digest or time that could not be read back', () => {
    refuses(() => describeRun({ ...run, seed: 0.5 }), 'attestation_malformed')
    refuses(() => describeRun({ ...run, seed: 2 ** 53 }), 'attestation_malformed')
    refuses(() => describeRun({ ...run, scenario: 'sha256:no' }), 'attestation_malformed')
    refuses(() => describeRun({ ...run, tape: 'sha256:no' }), 'invalid')
    refuses(() => describeRun({ ...run, startedAt: Number.NaN }), 'invalid')
  })

  it('of another kind of build is not taken for a run', () => {
    const provenance = describeRun(run)
    const other = { ...provenance, buildDefinition: { ...provenance.buildDefinition, buildType: 'https://example.com/build' } }
    refuses(() => readRun(other), 'attestation_predicate')
  })

  it('without a tape, or with parameters beside the agreed ones, is refused', () => {
    const provenance = describeRun(run)
    refuses(() => readRun({ ...provenance, runDetails: { ...provenance.runDetails, byproducts: [] } }), 'attestation_malformed')
    const externalParameters = { ...provenance.buildDefinition.externalParameters, hidden: true }
    const more = { ...provenance, buildDefinition: { ...provenance.buildDefinition, externalParameters } }
    refuses(() => readRun(more), 'attestation_malformed')
  })
})

describe('a verification summary', () => {
  it('is relied on by who needs this gate, this resource and these levels', async () => {
    const envelope = await signStatement(makeStatement([output], verificationSummaryType, summarise(conclusion)), { sign })
    const { predicate } = verifyAttestation(envelope, { ...expected, predicateType: verificationSummaryType })
    const { verifierId, resourceUri } = conclusion
    assert.doesNotThrow(() => requirePassed(predicate, { verifierId, resourceUri, levels: ['TWINLOCK_REPLAYED'] }))
    refuses(() => requirePassed(predicate, { verifierId: 'spiffe://other', resourceUri, levels: [] }), 'attestation_predicate')
    refuses(() => requirePassed(predicate, { verifierId, resourceUri: 'twinlock:artifact/art_2', levels: [] }), 'attestation_predicate')
    refuses(() => requirePassed(predicate, { verifierId, resourceUri, levels: ['SLSA_BUILD_LEVEL_3'] }), 'attestation_predicate')
  })

  it('of a gate that was not passed carries no level and is relied on by nobody', () => {
    const failed = summarise({ ...conclusion, hasPassed: false })
    assert.deepEqual(failed.verifiedLevels, [])
    refuses(() => requirePassed(failed, { ...conclusion, levels: [] }), 'attestation_predicate')
  })

  it('is not made with levels that are no words', () => {
    refuses(() => summarise({ ...conclusion, levels: ['level 2'] }), 'attestation_malformed')
  })
})

describe('a Sigstore bundle', () => {
  it('carries an envelope, a key hint and timestamps through its text', async () => {
    const envelope = await signStatement(statement, { sign })
    const bundle = wrapBundle(envelope, 'sandbox-1', [Uint8Array.of(1, 2, 3)])
    assert.equal(bundle.mediaType, 'application/vnd.dev.sigstore.bundle.v0.3+json')
    assert.deepEqual(bundle.verificationMaterial.timestampVerificationData, { rfc3161Timestamps: [{ signedTimestamp: 'AQID' }] })
    assert.deepEqual(readBundle(JSON.stringify(bundle)), { envelope, hint: 'sandbox-1' })
  })

  it('is refused of another version, with a certificate instead of a key, with two signatures, or too long', async () => {
    const envelope = await signStatement(statement, { sign })
    const bundle = wrapBundle(envelope, 'sandbox-1')
    const old = { ...bundle, mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' }
    const certified = { ...bundle, verificationMaterial: { certificate: { rawBytes: '' } } }
    const twice = { ...bundle, dsseEnvelope: { ...envelope, signatures: [envelope.signatures[0], envelope.signatures[0]] } }
    for (const bad of [old, certified, twice, null]) refuses(() => readBundle(JSON.stringify(bad)), 'attestation_malformed')
    refuses(() => readBundle(' '.repeat(bundleCharactersMax + 1)), 'too_large')
    refuses(
      () =>
        wrapBundle(
          envelope,
          'a',
          Array.from({ length: 9 }, () => new Uint8Array(1)),
        ),
      'too_large',
    )
  })
})
