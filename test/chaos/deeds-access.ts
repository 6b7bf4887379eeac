// What clients do about who may do what while the server dies: groups, rules of an organization’s own, requests, and looks at what would come of it.
import { actWith, asPart, textAt } from '../harness/acting.ts'
import { newPerson } from './deeds-comings.ts'
import { approved } from './deeds-promotions.ts'
import { sealedArtifact } from './deeds-runs.ts'
import { as, type Deed, freshSlug, starterPart } from './life.ts'

export const groups: Deed = async (life) => {
  const act = await as(life, 'admin')
  const { owner, operator: member } = life.ground.starter.people
  const group = textAt(await act('group:create', { slug: freshSlug(life, 'g'), name: 'Some of them', owner }), 'id')
  await act('group:add', { group, member })
  await act('group:remove', { group, member })
  const [slug, reason] = [freshSlug(life, 'd'), 'Nobody shall hold both.']
  // Two duties that nobody of the starter is about to be given.
  await act('conflict:declare', { slug, one: ['author'], other: ['exporter'], reason })
  await act('conflict:end', { slug, reason })
}

export const rules: Deed = async (life) => {
  const act = await as(life, 'admin')
  const [guardrail, role, reason] = [freshSlug(life, 'k'), freshSlug(life, 'l'), 'It holds for nobody here.']
  const policy = 'forbid(principal, action == Action::"project:create", resource);'
  await act('guardrail:create', { slug: guardrail, title: 'No projects', policy, environmentClasses: ['production'], reason })
  const example = { guardrail, holds: ['admin'], action: 'project:create', environmentClass: 'production' }
  await act('example:add', { ...example, slug: guardrail, expected: 'denied' })
  await act('guardrail:activate', { guardrail, reason })
  await act('guardrail:change', { guardrail, title: 'Still none', reason })
  await act('example:remove', { example: guardrail, reason })
  await act('guardrail:retire', { guardrail, reason })
  await act('role:create', { slug: role, title: 'Looks', actions: ['twin:list', 'run:list'], reason })
  await act('role:change', { role, actions: ['twin:list'], reason })
  await act('role:retire', { role, reason })
}

/** Requests that come to each of their ends, and a glass that is broken and reviewed. */
export const asks: Deed = async (life) => {
  const { person, credential } = await newPerson(life)
  const [asker, admin, other] = [actWith(life.door, credential), await as(life, 'admin'), await newPerson(life)]
  const reason = 'Somebody wants to look for a while.'
  await starterPart(life)('grant:create', { principal: other.person, role: 'admin', reason })
  const second = actWith(life.door, other.credential)
  const environments = [life.ground.starter.environments.production]
  const ask = async () => textAt(await asker('request:create', { role: 'auditor', environments, minutes: 5, reason }), 'id')
  const approved = await ask()
  await admin('request:approve', { request: approved, reason })
  await second('request:approve', { request: approved, reason })
  await admin('request:deny', { request: await ask(), reason })
  await asker('request:withdraw', { request: await ask() })
  // Nobody waits for it here: that time has passed is put there by hand.
  await life.ground.rows(
    `set session_replication_role = replica; update access_request set expires_at = created_at where id = '${await ask()}'; reset session_replication_role`,
  )
  const reaper = asPart(life.door, life.ground.org, 'reaper')
  const { requests } = await reaper('request:overdue')
  for (const request of Array.isArray(requests) ? requests : []) await reaper('request:expire', { request })
  const { id: grant } = await second('grant:break-glass', { role: 'auditor', minutes: 1, reason })
  await admin('grant:review', { grant, verdict: 'not_justified', reason })
  await admin('person:offboard', { person })
}

export const foresees: Deed = async (life) => {
  const { scenario, environments } = life.ground.starter
  const artifact = await sealedArtifact(life)
  const run = String((await life.ground.rows('select run_id from artifact where id = $1', [artifact]))[0]?.run_id)
  const operator = await as(life, 'operator')
  await operator('scenario:preview', { scenario, environment: environments.staging })
  await operator('run:outputs', { run })
  await operator('run:output', { run, path: 'report.md' })
  const promotion = await approved(life)
  await operator('promotion:deciders', { promotion })
  await (await as(life, 'deployer'))('promotion:foresee', { promotion, step: 'cross' })
}
