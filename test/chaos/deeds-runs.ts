// What clients do with runs while the server dies: launch, alone and together, watch, freeze, cancel and abandon them, up to an artifact that is sealed.
import { as, type Deed, type Life, launch, oneOf, seenToItsEnd } from './life.ts'

export async function sealedArtifact(life: Life): Promise<string> {
  const query = `select a.id from artifact a where a.org_id = $1 and not exists (select from promotion p where p.artifact_id = a.id) and exists
    (select from run r where r.id = a.run_id and r.outcome = 'succeeded')`
  const there = await oneOf(life, query)
  if (there !== undefined) return there
  await runs(life)
  return (await oneOf(life, query)) ?? sealedArtifact(life)
}

export const runs: Deed = async (life) => {
  const { run } = await launch(life)
  await seenToItsEnd(life, run)
}

export const cancels: Deed = async (life) => {
  const { run } = await launch(life)
  await (await as(life, 'operator'))('run:cancel', { run, reason: 'Somebody thought better of it.' })
  life.ground.dead.push({
    what: `the channel of ${run}, cancelled`,
    credential: { kind: 'channel', org: life.ground.org, run: run as never, epoch: 0 },
  })
}

export const abandons: Deed = async (life) => {
  const { run, pipeline } = await launch(life)
  await pipeline('run:abandon', { run })
  life.ground.dead.push({
    what: `the channel of ${run}, abandoned`,
    credential: { kind: 'channel', org: life.ground.org, run: run as never, epoch: 0 },
  })
}

export const freezes: Deed = async (life) => {
  const { run } = await launch(life)
  const operator = await as(life, 'operator')
  const reason = 'Somebody wants to look first.'
  await operator('run:freeze', { run, minutes: 5, reason })
  await operator('run:thaw', { run, reason })
}

/** Runs that are launched together are all there or none; they end together. */
export const batches: Deed = async (life) => {
  const { scenario, environments } = life.ground.starter
  const operator = await as(life, 'operator')
  const batch = await operator('batch:launch', { scenario, environment: environments.staging, seeds: '1..3' })
  await operator('batch:end', { batch: batch.id, reason: 'Somebody thought better of it.' })
}
