// Somebody who can write the database or the blobs, past every rule: what was sealed is compared with its seal before it is used or let out. And secrets,
// which somebody puts where they would be sealed, are stopped at the door.
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { after, before, test } from 'node:test'
import { type Digest, fail } from '../../src/kernel/index.ts'
import { rowsOf } from '../harness/database.ts'
import { closed, inReview, launch, liveRun, proveKey, requestPromotion, sealedRun } from '../harness/live-run.ts'
import { asSystem, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

/** Blobs that an attacker can change; like the product's own, the reader checks the digest again. */
const kept = new Map<string, Uint8Array>()
const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const blobs = {
  async put(bytes: Uint8Array) {
    kept.set(digestOf(bytes), Uint8Array.from(bytes))
    return digestOf(bytes)
  },
  async get(digest: Digest) {
    const bytes = kept.get(digest)
    if (bytes === undefined) throw fail('blob_missing', 'The bytes are not there.')
    if (digestOf(bytes) !== digest) throw fail('blob_changed', 'The bytes are others.')
    return bytes
  },
}

let h: Harness
let operator: SignedIn
let author: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0, blobs })
  operator = await signIn(h, 'operator')
  author = await signIn(h, 'author')
})
after(() => h.close())

interface Checked {
  readonly state: string
  readonly checks: readonly { name: string; result: string }[]
}
// The action's output schema has just checked it.
const resultOf = (checked: Record<string, unknown>, name: string) =>
  (checked as unknown as Checked).checks.find((one) => one.name === name)?.result

/** A promotion that is in review, and then something under it is changed: the gate sees it when it is asked again, and the crossing asks again. */
async function changedInReview(
  change: (it: { artifact: string; run: string }) => Promise<unknown>,
): Promise<{ id: string; again: Record<string, unknown> }> {
  const { artifact, run } = await sealedRun(h)
  const { id, checked } = await inReview(h, operator, artifact)
  assert.equal(checked.state, 'in_review')
  await change({ artifact, run: run.id })
  return { id, again: await asSystem(h, 'gate')('promotion:check', { promotion: id }) }
}

test('a scenario that was changed in the database is not launched: its seal is broken', async () => {
  const { manifest } = await author.act('scenario:show', { scenario: h.starter.scenario })
  const publish = async (slug: string) =>
    String((await author.act('scenario:publish', { twin: h.starter.twins.payments, slug, manifest })).id)
  const changes = [
    ['wider', `update scenario set manifest = jsonb_set(manifest, '{connections,0,allow,0,path}', '"/**"') where id = $1`],
    ['longer', `update scenario set manifest = jsonb_set(manifest, '{deadlineSeconds}', '86400') where id = $1`],
    ['other-version', 'update scenario set version = 99 where id = $1'],
    ['other-digest', `update scenario set digest = 'sha256:' || repeat('0', 64) where id = $1`],
  ] as const
  for (const [slug, sql] of changes) {
    const scenario = await publish(slug)
    await launch(h, { by: operator, scenario })
    await rowsOf(h.twinlock, sql, [scenario])
    await refused(launch(h, { by: operator, scenario }), 'seal_broken')
  }
  const program = await publish('program')
  await rowsOf(h.twinlock, `update twin set program = 'assembly-line' where id = $1`, [h.starter.twins.payments])
  await refused(launch(h, { by: operator, scenario: program }), 'seal_broken')
  await rowsOf(h.twinlock, `update twin set program = 'payments' where id = $1`, [h.starter.twins.payments])
})

test('an artifact whose bytes were changed or lost fails the gate, is not read, not exported, and does not cross when it was approved before', async () => {
  let digest = ''
  const { id, again } = await changedInReview(async ({ artifact }) => {
    const [row] = await rowsOf(h.twinlock, `select manifest->'files'->0->>'digest' as digest from artifact where id = $1`, [artifact])
    digest = String(row?.digest)
    const bytes = kept.get(digest) ?? new Uint8Array()
    kept.set(
      digest,
      Uint8Array.from(bytes, (byte, at) => (at === 0 ? byte ^ 1 : byte)),
    )
    await refused((await signIn(h, 'reviewer')).act('artifact:read', { artifact, file: 'report.md' }), 'blob_changed')
  })
  assert.deepEqual({ digest: resultOf(again, 'digest'), state: again.state }, { digest: 'failed', state: 'checked' })
  await refused((await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id }), 'gate_failed')
  kept.delete(digest)
  assert.equal(resultOf(await asSystem(h, 'gate')('promotion:check', { promotion: id }), 'digest'), 'failed')
  kept.set(digest, new TextEncoder().encode('# What came of it\n'))
  assert.equal((await asSystem(h, 'gate')('promotion:check', { promotion: id })).state, 'in_review', 'the right bytes are the right bytes')
  await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id })
  kept.set(digest, new TextEncoder().encode('# What I wanted to come of it\n'))
  const { notes } = await refused((await signIn(h, 'deployer')).act('promotion:cross', { promotion: id }), 'gate_failed')
  assert.deepEqual(notes.facts?.checks, ['digest'])
  kept.set(digest, new TextEncoder().encode('# What came of it\n'))
})

test('an artifact’s manifest or digest that was changed in the database fails the gate, and so does one that was exchanged for another', async () => {
  for (const sql of [
    `update artifact set manifest = jsonb_set(manifest, '{outcome}', '"excellent"') where id = $1`,
    `update artifact set digest = 'sha256:' || repeat('0', 64) where id = $1`,
  ]) {
    const { again } = await changedInReview(({ artifact }) => rowsOf(h.twinlock, sql, [artifact]))
    assert.equal(resultOf(again, 'digest'), 'failed')
    assert.equal(again.state, 'checked')
  }
  const other = await sealedRun(h)
  const { again } = await changedInReview(({ artifact }) =>
    rowsOf(h.twinlock, 'update artifact a set digest = b.digest, manifest = b.manifest from artifact b where a.id = $1 and b.id = $2', [
      artifact,
      other.artifact,
    ]),
  )
  assert.equal(resultOf(again, 'provenance'), 'failed', 'the provenance is about another digest')
})

test('a tape that was changed, cut or made longer in the database fails the check of the provenance', async () => {
  const changes = [
    `update call set path = '/somewhere/else' where holder_id = $1 and number = 1`,
    `update call set status = 500 where holder_id = $1 and number = 1`,
    `update call set decision = 'denied', code = 'denied' where holder_id = $1 and number = 1`,
    'delete from call where holder_id = $1 and number = 1',
    `insert into call select org_id, 'cal_forged', holder_id, 99, connection_id, connection, 'POST', '/payments', decision, code, state, status, request_digest, response_digest, response_bytes, duration_ms, entry_id, at from call where holder_id = $1 and number = 1`,
  ]
  for (const sql of changes) {
    const { again } = await changedInReview(({ run }) => rowsOf(h.twinlock, sql, [run]))
    assert.equal(resultOf(again, 'provenance'), 'failed', sql)
    assert.equal(again.state, 'checked')
  }
})

test('provenance that was removed, or signed by somebody else, fails the gate', async () => {
  const gone = await changedInReview(({ artifact }) => rowsOf(h.twinlock, 'delete from attestation where subject_id = $1', [artifact]))
  assert.equal(resultOf(gone.again, 'provenance'), 'failed')
  const signed = await changedInReview(({ artifact }) =>
    rowsOf(
      h.twinlock,
      `update attestation set envelope = jsonb_set(envelope, '{signatures,0,sig}', to_jsonb(repeat('A', 86) || '==')) where subject_id = $1`,
      [artifact],
    ),
  )
  assert.equal(resultOf(signed.again, 'provenance'), 'failed')
})

test('a promotion that changed since a reviewer looked is not approved as if it had not', async () => {
  const { artifact } = await sealedRun(h)
  const asked = await inReview(h, operator, artifact)
  const reviewer = await signIn(h, 'reviewer')
  const { version } = await reviewer.act('promotion:show', { promotion: asked.id })
  await proveKey(h, asked)
  const { message } = await refused(reviewer.act('promotion:approve', { promotion: asked.id, version }), 'changed_since')
  assert.match(message, new RegExp(`version ${version}, it is at ${Number(version) + 1}`))
  const { state } = await reviewer.act('promotion:approve', { promotion: asked.id, version: Number(version) + 1 })
  assert.equal(state, 'approved')
  await refused(proveKey(h, asked), 'wrong_state')
  await refused(asSystem(h, 'gate')('promotion:check', { promotion: asked.id }), 'wrong_state')
})

test('a service whose key was exchanged after it was proved does not cross', async () => {
  const { id } = await inReview(h, operator, (await sealedRun(h)).artifact)
  await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id })
  const [row] = await rowsOf(h.twinlock, 'select thumbprint from workload where id = $1', [h.starter.services.payments.id])
  await rowsOf(h.twinlock, `update workload set thumbprint = 'another' where id = $1`, [h.starter.services.payments.id])
  const { notes } = await refused((await signIn(h, 'deployer')).act('promotion:cross', { promotion: id }), 'gate_failed')
  assert.deepEqual(notes.facts?.checks, ['key-proved'])
  await rowsOf(h.twinlock, 'update workload set thumbprint = $2 where id = $1', [h.starter.services.payments.id, row?.thumbprint])
})

/** A secret in the form of a real one, which never was one; put together here, so that no scan of this file finds it. */
const secret = ['AKIA', 'QYLPMN5HFIQR7XYA'].join('')
const privateKey = String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }))

test('a secret in a manifest, in parameters or in an asset is refused where it would be sealed, named by place and never repeated', async () => {
  const { manifest } = await author.act('scenario:show', { scenario: h.starter.scenario })
  const { twins, scenario, environments, project, people } = h.starter
  for (const held of [secret, privateKey]) {
    const parameters = { accounts: 3, reachOut: false, foreignToken: held }
    const asset = {
      project,
      slug: 'leaky',
      mediaType: 'text/plain',
      sensitivity: 'internal',
      owner: people.owner,
      content: Buffer.from(`first line\nkey = ${held}\n`).toString('base64'),
    }
    const free = String(
      (
        await author.act('scenario:publish', {
          twin: twins.payments,
          slug: 'free',
          manifest: { ...Object(manifest), parameters: { ...parameters, foreignToken: '' } },
        })
      ).id,
    )
    const tries = [
      () => author.act('scenario:publish', { twin: twins.payments, slug: 'leaky', manifest: { ...Object(manifest), parameters } }),
      () => operator.act('run:launch', { scenario: free, environment: environments.staging, parameters: { foreignToken: held } }),
      () => author.act('asset:add', asset),
    ]
    for (const attempt of tries) {
      const { message, notes } = await refused(attempt(), 'secret_found')
      assert.equal(JSON.stringify({ message, notes }).includes(held.slice(8, 40)), false, 'a refusal does not repeat what it refuses')
    }
  }
  const rows = await rowsOf(
    h.twinlock,
    'select t::text as text from scenario t union all select t::text from run t union all select t::text from asset t union all select body from entry union all select content from sidecar',
  )
  assert.equal(
    rows.some((row) => String(row.text).includes(secret)),
    false,
    'and nothing of it was kept',
  )
  assert.ok(await launch(h, { by: operator, scenario }))
})

test('a secret in what a run wrote is found as it comes in, and the gate does not let it out', async () => {
  const run = await liveRun(h)
  const written = (await run.write('leak.txt', `token: ${secret}\n`)) as { findings: number }
  assert.ok(written.findings > 0)
  await run.end('succeeded')
  await closed(h, run.id)
  const [artifact] = await rowsOf(h.twinlock, 'select id, findings::text as findings from artifact where run_id = $1', [run.id])
  assert.equal(String(artifact?.findings).includes(secret), false)
  const asked = await requestPromotion(h, operator, String(artifact?.id))
  await proveKey(h, asked)
  const checked = await asSystem(h, 'gate')('promotion:check', { promotion: asked.id })
  assert.deepEqual({ result: resultOf(checked, 'no-secret-inside'), state: checked.state }, { result: 'failed', state: 'checked' })
  await refused((await signIn(h, 'reviewer')).act('promotion:approve', { promotion: asked.id }), 'gate_failed')
})
