// Law 4, "something it depends on was revoked": the pipeline that started a run is such a thing.
import { after, before, test } from 'node:test'
import { liveRun, refusesEverything } from '../harness/live-run.ts'
import { asSystem, refused, signIn, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

test('law 4, a run’s identity never outlives the run: its pipeline was suspended, and with it what it started', async () => {
  const key = workloadKey()
  const starter = asSystem(h, 'starter')
  const { people, environments } = h.starter
  const made = await starter('workload:create', {
    kind: 'pipeline',
    slug: 'short-lived-ci',
    environment: environments.staging,
    owner: people.operator,
    jwk: key.jwk,
  })
  await starter('grant:create', { principal: made.id, role: 'operator', reason: 'A test needs it.' })
  const by = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
  const run = await liveRun(h, { by })
  const token = await run.token()
  await (await signIn(h, 'admin')).act('workload:suspend', { workload: made.id })
  await refused(by.act('session:show', {}), /^(unauthenticated|token_revoked)$/)
  await refusesEverything(h, run, token)
})
