// What clients do with what stands while the server dies: build twins and their surroundings, look at them, rotate keys.
import { asPart, at, textAt } from '../harness/acting.ts'
import { manifestOf } from '../harness/twinlock.ts'
import { approved } from './deeds-promotions.ts'
import { sealedArtifact } from './deeds-runs.ts'
import { as, type Deed, freshSlug, starterPart } from './life.ts'

export const builds: Deed = async (life) => {
  const act = starterPart(life)
  const { people } = life.ground.starter
  const owner = people.owner
  const environment = textAt(await act('environment:create', { slug: freshSlug(life, 'e'), class: 'sandbox', owner }), 'id')
  const project = textAt(await act('project:create', { slug: freshSlug(life, 'j'), name: 'A project', owner }), 'id')
  const content = Buffer.from('a,b\n1,2\n').toString('base64')
  const asset = await act('asset:add', { project, slug: 'table', mediaType: 'text/csv', sensitivity: 'internal', owner, content })
  const twin = { project, slug: freshSlug(life, 't'), kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
  const made = await act('twin:create', twin)
  const author = await as(life, 'author')
  await author('asset:read', { asset: asset.id })
  const scenario = await author('scenario:publish', { twin: made.id, slug: 'settle', manifest: manifestOf('payments') })
  await author('scenario:show', { scenario: scenario.id })
  const at = { slug: freshSlug(life, 'c'), access: 'read', baseUrl: 'http://127.0.0.1:2901', sensitivity: 'internal', owner, environment }
  const connection = await act('connection:create', { ...at, secret: { header: 'x-key', value: 'sandbox-key-0123456789' } })
  const admin = await as(life, 'admin')
  await admin('connection:suspend', { connection: connection.id })
  await admin('connection:rotate', { connection: connection.id, value: 'sandbox-next-0123456789' })
  await admin('connection:resume', { connection: connection.id })
  await author('twin:retire', { twin: made.id })
}

export const looks: Deed = async (life) => {
  const artifact = await sealedArtifact(life)
  const run = String((await life.ground.rows('select run_id from artifact where id = $1', [artifact]))[0]?.run_id)
  const operator = await as(life, 'operator')
  await operator('run:read', { run })
  await operator('run:tape', { run })
  await operator('artifact:show', { artifact })
  await operator('artifact:read', { artifact, file: 'report.md' })
  await operator('twin:show', { twin: life.ground.starter.twins.payments })
  const place = { calls: 0, open: [], outputs: 0 }
  await operator('run:watch', { run, place })
  await operator('run:follow', { run, place })
  const auditor = await as(life, 'auditor')
  await auditor('ledger:list', {})
  await auditor('access:paths', { target: artifact })
  await auditor('access:blast', { of: life.ground.starter.people.operator })
  await auditor('artifact:export', { artifact, file: 'report.md', reason: 'Somebody outside wants it.' })
  await auditor('ledger:trace', { id: run })
  await auditor('ledger:export', { limit: 10 })
  const [entry] = await life.ground.rows('select entry_id as id from entry_number where org_id = $1 and seq = 0', [life.ground.org])
  await auditor('ledger:receipt', { entry: entry?.id })
  await auditor('ledger:show', { entry: entry?.id })
  await auditor('ledger:tile', { level: 0, index: 0, width: 1 })
  await (await as(life, 'reviewer'))('promotion:show', { promotion: await approved(life) })
}

export const rotates: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const environment = life.ground.starter.environments.sandbox
  const purpose = life.ground.random.pick(['identity', 'provenance', 'checkpoint'] as const)
  const { retiring } = await admin('key:rotate', purpose === 'checkpoint' ? { purpose } : { purpose, environment })
  await asPart(life.door, life.ground.org, 'sealer')('key:rewrap')
  // The log's keys stay, so that every checkpoint of the round can be verified by one that is known.
  if (purpose !== 'checkpoint') await admin('key:retire', { key: at(retiring, 0) })
}
