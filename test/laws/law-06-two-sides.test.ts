// Law 6: no credential or key is valid on both sides. Every pair of environments: a token of one never authenticates on the other, an attestation of one
// does not verify with the other's keys, and what is sealed on one side opens on that side alone.
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { actingWith } from '../../src/app/starter/people.ts'
import { openKeys } from '../../src/host/keys/open-keys.ts'
import { type Digest, isCoded, type Ports } from '../../src/kernel/index.ts'
import { attestationKeys, provenanceType, verificationSummaryType, verifyAttestation } from '../../src/outputs/index.ts'
import { rowsOf } from '../harness/database.ts'
import { callAs, crossOver, inReview, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, pipeline, refused, signIn, tokenFor } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let artifact: string
const tokens: { from: string; environment: string; token: string }[] = []

before(async () => {
  h = await openStarter({ runsMax: 0 })
  const sealed = await sealedRun(h)
  artifact = sealed.artifact
  const { id } = await inReview(h, await signIn(h, 'operator'), artifact)
  await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id })
  await crossOver(h, await signIn(h, 'deployer'), id)
  const { environments, people, services } = h.starter
  const key = workloadKey()
  const made = await asSystem(h, 'starter')('workload:create', {
    kind: 'agent',
    slug: 'sandboxed',
    environment: environments.sandbox,
    owner: people.operator,
    jwk: key.jwk,
  })
  const live = await liveRun(h)
  tokens.push(
    { from: 'a pipeline', environment: environments.staging, token: (await pipeline(h)).token },
    { from: 'a run', environment: environments.staging, token: await live.token() },
    {
      from: 'an agent',
      environment: environments.sandbox,
      token: (await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.sandbox)).token,
    },
    {
      from: 'a promoted service',
      environment: environments.production,
      token: (await tokenFor(h, h.keys.payments, services.payments, environments.production)).token,
    },
  )
})
after(() => h.close())

const parts = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString())) as [Record<string, unknown>, Record<string, unknown>]
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const act = (token: string) => actingWith(h.twinlock.door, { kind: 'token', token })
const rejected = /^(unauthenticated|token_.+)$/

test('law 6, no credential is valid on both sides: each token authenticates where it was made', async () => {
  for (const { token, environment } of tokens) {
    const shown = await act(token)('session:show', {})
    const { trust_domain } = (await rowsOf(h.twinlock, 'select trust_domain from environment where id = $1', [environment]))[0] ?? {}
    assert.ok(String(shown.spiffeId).startsWith(`spiffe://${trust_domain}/`))
  }
})

test('law 6, no credential is valid on both sides: a token never verifies under the issuer, the subject or the key of another environment', async () => {
  const issuers = Object.values(h.starter.environments)
  let tried = 0
  for (const mine of tokens) {
    const [header, claims] = parts(mine.token)
    const signature = mine.token.split('.')[2]
    for (const environment of issuers.filter((one) => one !== mine.environment)) {
      const iss = `${baseUrl}/o/${h.starter.org}/e/${environment}`
      await refused(act(`${encode(header)}.${encode({ ...claims, iss })}.${signature}`)('session:show', {}), rejected)
      const keys = (await h.twinlock.publicKeys(h.starter.org, environment)) ?? []
      for (const { kid } of keys)
        await refused(act(`${encode({ ...header, kid })}.${encode({ ...claims, iss })}.${signature}`)('session:show', {}), rejected)
      tried++
    }
    for (const other of tokens.filter((one) => one !== mine)) {
      await refused(
        act(`${encode(header)}.${encode({ ...claims, sub: parts(other.token)[1].sub })}.${signature}`)('session:show', {}),
        rejected,
      )
    }
  }
  assert.equal(tried, tokens.length * 2)
})

test('law 6, no credential is valid on both sides: even a genuine signature of one side does not speak for a subject of the other', async () => {
  // As if the issuer of staging had been made to sign: the claims are the production service's, the key is staging's own.
  const { environments, org } = h.starter
  const service = tokens.find((one) => one.environment === environments.production)
  const [row] = await rowsOf(h.twinlock, `select * from signing_key where environment_id = $1 and purpose = 'identity'`, [
    environments.staging,
  ])
  const [header, claims] = parts(service?.token ?? '')
  const binding = { org, environment: environments.staging, purpose: 'identity', id: String(row?.id), version: 1 }
  const signed = (body: string) => {
    const bytes = h.twinlock.outside.signers.sign(
      { side: 'simulation', binding, wrapped: new Uint8Array(row?.wrapped as Uint8Array) },
      'ES256',
      new TextEncoder().encode(body),
    )
    return `${body}.${Buffer.from(bytes).toString('base64url')}`
  }
  const staging = `${baseUrl}/o/${org}/e/${environments.staging}`
  await refused(act(signed(`${encode({ ...header, kid: row?.id })}.${encode(claims)}`))('session:show', {}), rejected)
  await refused(act(signed(`${encode({ ...header, kid: row?.id })}.${encode({ ...claims, iss: staging })}`))('session:show', {}), rejected)
})

test('law 6, no credential is valid on both sides: no credential of one environment makes a call on a connection of another', async () => {
  for (const { token, environment, from } of tokens) {
    const others = await rowsOf(
      h.twinlock,
      'select slug from connection where org_id = $1 and environment_id <> $2 and slug not in (select slug from connection where environment_id = $2)',
      [h.starter.org, environment],
    )
    assert.ok(others.length > 0)
    for (const { slug } of others) {
      const { code } = await refused(
        callAs(h, { kind: 'token', token }, { connection: String(slug), path: '/accounts?limit=1' }),
        /^(denied|undeclared_connection)$/,
      )
      assert.ok(code !== '', from)
    }
  }
})

test('law 6, no credential is valid on both sides: an assertion is good at the token endpoint of its own environment alone', async () => {
  const { environments, org, pipeline: ci, services } = h.starter
  const holders = [
    { key: h.keys.pipeline, spiffeId: ci.spiffeId, home: environments.staging },
    { key: h.keys.payments, spiffeId: services.payments.spiffeId, home: environments.production },
  ]
  for (const { key, spiffeId, home } of holders) {
    for (const environment of Object.values(environments).filter((one) => one !== home)) {
      const audience = `${baseUrl}/o/${org}/e/${environment}/token`
      const right = `${baseUrl}/o/${org}/e/${home}/token`
      const ask = async (made: string) => {
        const token = await key.assertion(made, spiffeId)
        return actingWith(h.twinlock.door, { kind: 'assertion', token, org, audience })('token:issue', {})
      }
      await refused(ask(right), 'token_audience')
      // Signed for the wrong endpoint on purpose, it gets its holder the holder’s own identity at most, never one of that environment.
      const issued = await ask(audience).catch((error: unknown) => (isCoded(error) ? { spiffeId } : Promise.reject(error)))
      assert.equal(issued.spiffeId, spiffeId)
    }
  }
})

test('law 6, no credential is valid on both sides: trust domains, identity keys and provenance keys differ in every pair of environments', async () => {
  const rows = await rowsOf(
    h.twinlock,
    `select environment_id, purpose, side, public_jwk::text as jwk, id from signing_key where org_id = $1`,
    [h.starter.org],
  )
  assert.equal(rows.length, 7, 'two keys an environment, one of the log')
  assert.equal(new Set(rows.map((row) => row.jwk)).size, rows.length)
  assert.equal(new Set(rows.map((row) => row.id)).size, rows.length)
  for (const row of rows) {
    const expected =
      row.environment_id === '' ? 'ledger' : row.environment_id === h.starter.environments.production ? 'production' : 'simulation'
    assert.equal(row.side, expected)
  }
  const domains = await rowsOf(h.twinlock, 'select distinct trust_domain from environment where org_id = $1', [h.starter.org])
  assert.equal(domains.length, 3)
})

test('law 6, no credential is valid on both sides: an attestation of one environment does not verify with the keys of another', async () => {
  const { environments, org } = h.starter
  const [row] = await rowsOf(h.twinlock, 'select digest from artifact where id = $1', [artifact])
  const kept = await rowsOf(h.twinlock, 'select predicate_type, envelope from attestation where subject_id = $1', [artifact])
  const home: { readonly [name: string]: string } = {
    [provenanceType]: environments.staging,
    [verificationSummaryType]: environments.production,
  }
  assert.equal(kept.length, 2)
  const ports = h.twinlock.outside as unknown as Ports // the keys need the verifying port alone
  for (const { predicate_type, envelope } of kept) {
    const predicateType = predicate_type === provenanceType ? provenanceType : verificationSummaryType
    for (const environment of Object.values(environments)) {
      const keys = await h.twinlock.outside.store.transact(org, (tx) => attestationKeys(tx, environment, ports))
      const verify = () => verifyAttestation(envelope, { keys, subjectDigest: String(row?.digest) as Digest, predicateType })
      if (environment === home[predicateType]) assert.ok(verify())
      else assert.throws(verify, { code: 'attestation_signature' })
    }
  }
})

test('law 6, no credential is valid on both sides: what is sealed opens on its own side, in its own place, for its own purpose', () => {
  const { vault } = h.twinlock.outside
  const binding = { org: h.starter.org, environment: h.starter.environments.staging, purpose: 'secret', id: 'sec_test', version: 1 }
  const bytes = new TextEncoder().encode('an upstream credential')
  const sides = ['simulation', 'production', 'ledger'] as const
  const elsewhere = [
    { org: 'org_other' },
    { environment: h.starter.environments.production },
    { purpose: 'identity' },
    { id: 'sec_other' },
    { version: 2 },
  ]
  for (const side of sides) {
    const sealed = vault.seal(side, binding, bytes)
    assert.deepEqual(vault.open(side, binding, sealed), bytes)
    for (const other of sides.filter((one) => one !== side))
      assert.throws(() => vault.open(other, binding, sealed), { code: 'sealed_elsewhere' })
    for (const change of elsewhere) assert.throws(() => vault.open(side, { ...binding, ...change }, sealed), { code: 'sealed_elsewhere' })
    const flipped = Uint8Array.from(sealed, (byte, at) => (at === sealed.length - 1 ? byte ^ 1 : byte))
    assert.throws(() => vault.open(side, binding, flipped), { code: 'sealed_elsewhere' })
  }
})

test('law 6, no credential is valid on both sides: stored secrets and signing keys of one side are refused by the other', async () => {
  const { vault, signers } = h.twinlock.outside
  const secrets = await rowsOf(h.twinlock, 'select * from secret where org_id = $1', [h.starter.org])
  assert.equal(new Set(secrets.map((row) => row.side)).size, 2)
  for (const row of secrets) {
    const binding = {
      org: String(row.org_id),
      environment: String(row.environment_id),
      purpose: 'secret',
      id: String(row.id),
      version: Number(row.version),
    }
    const wrapped = new Uint8Array(row.wrapped as Uint8Array)
    const [own, other] = row.side === 'production' ? (['production', 'simulation'] as const) : (['simulation', 'production'] as const)
    assert.ok(vault.open(own, binding, wrapped).length > 0)
    assert.throws(() => vault.open(other, binding, wrapped), { code: 'sealed_elsewhere' })
  }
  for (const row of await rowsOf(h.twinlock, `select * from signing_key where org_id = $1 and purpose = 'provenance'`, [h.starter.org])) {
    const binding = {
      org: String(row.org_id),
      environment: String(row.environment_id),
      purpose: 'provenance',
      id: String(row.id),
      version: 1,
    }
    const other = row.side === 'production' ? 'simulation' : 'production'
    assert.throws(
      () => signers.sign({ side: other, binding, wrapped: new Uint8Array(row.wrapped as Uint8Array) }, 'ES256', new Uint8Array([1])),
      { code: 'sealed_elsewhere' },
    )
  }
})

test('law 6, no credential is valid on both sides: a key file that is copied from one side to the other stops the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-law-6-'))
  try {
    const keys = join(folder, 'keys')
    openKeys({ folder: keys, mayCreate: true })
    cpSync(join(keys, 'simulation.kek'), join(keys, 'production.kek'))
    assert.throws(() => openKeys({ folder: keys, mayCreate: false }), { code: 'key_shared' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('law 6, no credential is valid on both sides: the key of one workload is refused for another, and proves nothing for it', async () => {
  const { environments, people, org, services } = h.starter
  const taken = { kind: 'service', slug: 'copied', environment: environments.production, owner: people.owner, jwk: h.keys.pipeline.jwk }
  await refused(asSystem(h, 'starter')('workload:create', taken), 'conflict')
  const audience = `${baseUrl}/o/${org}/e/${environments.production}/token`
  const token = await h.keys.pipeline.assertion(audience, services.payments.spiffeId)
  await refused(actingWith(h.twinlock.door, { kind: 'assertion', token, org, audience })('token:issue', {}), 'token_signature')
})
