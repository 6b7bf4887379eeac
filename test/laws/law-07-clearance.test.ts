// Around law 7: letting out is no way around the clearance that looking needs, and nobody gives himself a role through something of his own.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, grant, newPerson, refused, signIn, signInAs, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

test('an exporter without the clearance to look at an artifact cannot export it either', async () => {
  const { artifact } = await sealedRun(h)
  const person = String(
    (
      await asSystem(h, 'starter')('person:create', {
        slug: 'uncleared',
        name: 'Uncleared',
        email: 'uncleared@people.example',
        clearance: 'public',
      })
    ).id,
  )
  await grant(h, person, 'exporter')
  const uncleared = await signInAs(h.twinlock.door, h.starter.org, person)
  await refused(uncleared.act('artifact:read', { artifact, file: 'report.md' }), 'denied')
  await refused(uncleared.act('artifact:export', { artifact, file: 'report.md', reason: 'Let me see.' }), 'denied')
})

test('an administrator cannot give a role to a workload of his own, and so to himself', async () => {
  const admin = await signIn(h, 'admin')
  const key = workloadKey()
  const { environments, org } = h.starter
  const made = await admin.act('workload:create', {
    kind: 'agent',
    slug: 'long-arm',
    environment: environments.staging,
    owner: admin.id,
    clearance: 'restricted',
    jwk: key.jwk,
  })
  await refused(admin.act('grant:create', { principal: admin.id, role: 'exporter', reason: 'For me.' }), 'denied')
  const given = admin.act('grant:create', { principal: made.id, role: 'exporter', reason: 'For my agent.' }).then(async () => {
    const { artifact } = await sealedRun(h)
    const agent = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
    const { content } = await agent.act('artifact:export', { artifact, file: 'report.md', reason: 'For my owner.' })
    assert.equal(content, undefined, `the administrator of ${org} took an artifact out through his own agent`)
  })
  await refused(given, 'denied')
})

test('a grant that names environments reaches nothing that happens in another: neither stopping a run, nor its tape, nor its output', async () => {
  const sandboxed = await newPerson(h, 'sandboxed-operator', 'operator', { environments: [h.starter.environments.sandbox] })
  const { run, artifact } = await sealedRun(h)
  await refused(sandboxed.act('run:launch', { scenario: h.starter.scenario, environment: h.starter.environments.staging }), 'denied')
  await refused(sandboxed.act('run:tape', { run: run.id }), 'denied')
  await refused(sandboxed.act('artifact:read', { artifact, file: 'report.md' }), 'denied')
  const live = await liveRun(h)
  await refused(sandboxed.act('run:cancel', { run: live.id, reason: 'Not mine to stop.' }), 'denied')
})
