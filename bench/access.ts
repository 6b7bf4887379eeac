// Decisions: the compiled evaluator side by side with cedar-wasm, CASL and casbin, in one process and one run, on the same entities and requests;
// then 100,000 grants, in memory and in a whole organization. Answers are compared before anything is timed: a fast wrong answer is no figure.
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import {
  type CompiledPolicy,
  compilePolicy,
  compilePolicyJson,
  EntityStore,
  PolicyIndex,
  recordFrom,
  uidFromJson,
} from '../src/access/index.ts'
import { seeded } from '../test/harness/seeded.ts'
import { authzenFigures } from './access/authzen.ts'
import { heldFigures } from './access/held.ts'
import { largeOrganization } from './access/large.ts'
import { over, ratesPerSecond, timed, weighed } from './access/measure.ts'
import { casbin, casl, type Peer } from './access/peers.ts'
import { type JsonEntity, makeWorkload, type Request, type Workload } from './access/workload.ts'
import type { Figure } from './figure.ts'

const sampled = 400
const rounds = 12
const grantCount = 100_000
const granteeCount = 10_000
const scopeCount = 100_000
const projectCount = 1000

function storeOf(entities: readonly JsonEntity[]): EntityStore {
  const store = new EntityStore()
  for (const { uid, attrs, parents } of entities) {
    store.put(uid.type, uid.id, { attributes: recordFrom(attrs), parents: parents.map(uidFromJson) })
  }
  return store
}

function indexOf(policies: readonly CompiledPolicy[]): PolicyIndex {
  const index = new PolicyIndex()
  for (const policy of policies) index.add(policy)
  return index
}

/** What cedar-wasm needs for one request: the principal and the resource, no more; groups and environments have no parents. */
function referenceFor({ entities, policies }: Workload): (request: Request) => cedar.Response {
  const parsed = cedar.preparsePolicySet('bench', { staticPolicies: { ...policies } })
  if (parsed.type === 'failure') throw new Error(parsed.errors.map((error) => error.message).join('; '))
  const byId = new Map(entities.map((entity) => [entity.uid.id, entity]))
  return ({ principal, action, resource, context }) => {
    const slice = [byId.get(principal.id), byId.get(resource.id)].filter((entity) => entity !== undefined)
    const answer = cedar.statefulIsAuthorized({
      principal: { ...principal },
      action: { type: 'Action', id: action },
      resource: { ...resource },
      // reason: the workload's JSON is read-only, cedar-wasm's types are not
      context: context as cedar.Context,
      entities: slice as cedar.EntityJson[],
      preparsedPolicySetId: 'bench',
    })
    if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '))
    return answer.response
  }
}

interface Engines {
  readonly store: EntityStore
  readonly index: PolicyIndex
  readonly reference: (request: Request) => cedar.Response
}

const answer = ({ index, store }: Engines, { principal, action, resource, context }: Request) =>
  index.answer({ principal, action, resource, context: recordFrom(context) }, store)

/** Throws unless both say the same, reasons and errors included. */
function compareAnswers(engines: Engines, requests: readonly Request[]): void {
  for (const request of requests) {
    const { decision, diagnostics } = engines.reference(request)
    const compiled = answer(engines, request)
    const expected = [decision === 'allow', diagnostics.reason.toSorted(), diagnostics.errors.map((error) => error.policyId).sort()]
    const got = [compiled.allowed, compiled.reasons.toSorted(), compiled.errors.map((error) => error.policy).sort()]
    if (JSON.stringify(expected) !== JSON.stringify(got)) throw new Error(`The engines disagree on ${JSON.stringify(request)}.`)
  }
}

/** Throws unless a peer allows what we allow. */
function compareDecisions(engines: Engines, name: string, peer: Peer, requests: readonly Request[]): void {
  for (const request of requests) {
    const { allowed } = answer(engines, request)
    if (peer(request) !== allowed)
      throw new Error(`${name} says ${String(!allowed)} where we say ${String(allowed)}: ${JSON.stringify(request)}.`)
  }
}

async function decisions(): Promise<Figure[]> {
  const workload = makeWorkload()
  const { requests } = workload
  const compiled = timed(() => Object.entries(workload.policies).map(([id, text]) => compilePolicy(id, text)))
  const weighedStore = weighed(() => {
    const store = storeOf(workload.entities)
    for (const { uid } of workload.entities) store.ancestors(uidFromJson(uid))
    return store
  })
  const engines: Engines = { store: weighedStore.result, index: indexOf(compiled.result), reference: referenceFor(workload) }
  compareAnswers(engines, requests.slice(0, sampled))
  const peers = { casl: casl(workload), casbin: await casbin(workload) }
  compareDecisions(engines, 'CASL', peers.casl, requests)
  compareDecisions(engines, 'casbin', peers.casbin, requests.slice(0, sampled))
  const [ours = 0, theirs = 1, caslRate = 1, casbinRate = 1] = ratesPerSecond(
    [
      over(requests, 2000, (request) => answer(engines, request)),
      over(requests.slice(0, sampled), 10, engines.reference),
      over(requests, 500, peers.casl),
      over(requests.slice(0, sampled * 2), 50, peers.casbin),
    ],
    rounds,
  )
  const share = requests.filter((request) => answer(engines, request).allowed).length / requests.length
  return [
    {
      name: 'compiled, full answers (decision, reasons, errors), 45 policies',
      value: ours,
      unit: 'answers/s',
      goal: '≥ 1,000,000/s',
      ok: ours >= 1_000_000,
      peer: { name: 'cedar-wasm', value: theirs },
    },
    { name: 'cedar-wasm, statefulIsAuthorized, principal and resource given', value: theirs, unit: 'answers/s', ok: true },
    { name: 'compiled against cedar-wasm', value: ours / theirs, unit: '×', goal: '≥ 150 ×', ok: ours / theirs >= 150 },
    {
      name: 'CASL, an ability for each person made before, decision alone',
      value: caslRate,
      unit: 'answers/s',
      ok: true,
      peer: { name: 'compiled', value: ours },
    },
    {
      name: 'casbin, enforceSync, decision alone',
      value: casbinRate,
      unit: 'answers/s',
      ok: true,
      peer: { name: 'compiled', value: ours },
    },
    { name: 'share of requests that are allowed', value: share * 100, unit: '%', ok: true },
    {
      name: `heap for ${engines.store.size.toLocaleString('en-US')} entities, ancestors included`,
      value: weighedStore.megabytes,
      unit: 'MB',
      goal: '< 10 MB',
      ok: weighedStore.megabytes < 10,
    },
    { name: 'parse and compile 45 policies from text', value: compiled.milliseconds, unit: 'ms', ok: true },
  ]
}

const roles = ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor']

/** One grant, in Cedar's JSON form: who, which role, where, from when to when. */
function grantJson(principal: string, role: string, scope: string, from: number, until: number): object {
  const now = { '.': { left: { Var: 'context' }, attr: 'now' } }
  return {
    effect: 'permit',
    principal: { op: '==', entity: { type: 'Person', id: principal } },
    action: { op: 'in', entity: { type: 'Action', id: `role:${role}` } },
    resource: { op: 'in', entity: { type: 'Project', id: scope } },
    conditions: [
      {
        kind: 'when',
        body: { '&&': { left: { '>=': { left: now, right: { Value: from } } }, right: { '<': { left: now, right: { Value: until } } } } },
      },
    ],
  }
}

function grantStore(): EntityStore {
  const store = new EntityStore()
  const none = recordFrom({})
  for (const role of roles)
    store.put('Action', `${role}:act`, { attributes: none, parents: [uidFromJson({ type: 'Action', id: `role:${role}` })] })
  for (let at = 0; at < granteeCount; at++)
    store.put('Person', `person-${at}`, { attributes: recordFrom({ clearance: at % 4 }), parents: [] })
  for (let at = 0; at < projectCount; at++) store.put('Project', `project-${at}`, { attributes: none, parents: [] })
  for (let at = 0; at < scopeCount; at++) {
    const parents = [uidFromJson({ type: 'Project', id: `project-${at % projectCount}` })]
    store.put('Twin', `twin-${at}`, { attributes: recordFrom({ sensitivity: at % 4 }), parents })
  }
  return store
}

function manyGrants(): Figure[] {
  const chance = seeded(2)
  const store = grantStore()
  const grants = Array.from({ length: grantCount }, (_, at) => ({
    id: `grt_${at}`,
    json: grantJson(
      `person-${at % granteeCount}`,
      chance.pick(roles),
      `project-${chance.below(1000)}`,
      chance.below(1000),
      1000 + chance.below(1000),
    ),
  }))
  const forbid = compilePolicy('clearance', 'forbid(principal, action, resource) when { principal.clearance < resource.sensitivity };')
  const loaded = weighed(() => timed(() => indexOf([forbid, ...grants.map(({ id, json }) => compilePolicyJson(id, json))])))
  const index = loaded.result.result
  const context = { now: 1000 }
  const requests = Array.from({ length: 20_000 }, () => ({
    principal: { type: 'Person', id: `person-${chance.below(granteeCount)}` },
    action: `${chance.pick(roles)}:act`,
    resource: { type: 'Twin', id: `twin-${chance.below(scopeCount)}` },
  }))
  const [rate = 0] = ratesPerSecond(
    [over(requests, 2000, (request) => index.answer({ ...request, context: recordFrom(context) }, store))],
    rounds,
  )
  const revoked = timed(() => {
    for (const { id } of grants.slice(0, 1000)) index.remove(id)
  })
  return [
    {
      name: `${index.size.toLocaleString('en-US')} grants left of 100,000 (10,000 people, 100,000 twins): full answers`,
      value: rate,
      unit: 'answers/s',
      goal: '≥ 100,000/s',
      ok: rate >= 100_000,
    },
    {
      name: '100,000 grants: compile and index from JSON',
      value: loaded.result.milliseconds,
      unit: 'ms',
      goal: '< 3,000 ms',
      ok: loaded.result.milliseconds < 3000,
    },
    { name: '100,000 grants: heap of the index', value: loaded.megabytes, unit: 'MB', ok: true },
    { name: 'take one grant away', value: revoked.milliseconds, unit: 'µs', ok: true },
  ]
}

/** Measures. Throws when the engines disagree. */
export async function bench(): Promise<Figure[]> {
  return [...(await decisions()), ...manyGrants(), ...heldFigures(), ...(await authzenFigures()), ...(await largeOrganization())]
}
