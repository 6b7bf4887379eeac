// The door: every change of state and every read of governed content comes through here, and nothing else opens a transaction for it (law 1).
// authenticate → parse → locate → decide → perform → record, in one transaction; then answer. A decision that no longer stands is made again.
// Law 11: whatever goes wrong on the way, nothing is done.
import { changesHolding, decide, holdAdmissions, holdTakeaways, takeawayVersionOf } from '../../access/index.ts'
import {
  type Allowed,
  type Capability,
  CodedError,
  type Done,
  type EntryId,
  fail,
  isCoded,
  type Located,
  newId,
  type OrgId,
  type Principal,
  type Tx,
} from '../../kernel/index.ts'
import { composeEntry, doneDraft } from '../entry.ts'
import { authenticate, isUnauthenticated, organizationOf, unauthenticated } from './authenticate.ts'
import { Company } from './company.ts'
import type { Credential } from './credential.ts'
import { FewAtOnce } from './few-at-once.ts'
import { denial, hear } from './hear.ts'
import { InLine } from './in-line.ts'
import { type Act, type ActionRequest, type Admitted, type Answer, actOf, type DoorParts, leavesEntry, reach } from './parts.ts'
import { recordDone, recordDoneTogether } from './record.ts'
import { recordsRefusal, refuse } from './refuse.ts'
import { translateStoreFailure } from './store-failure.ts'
import type { Last } from './together-port.ts'

export type { Act, ActionRequest, Answer, DoorParts } from './parts.ts'

/** The door. */
export interface Door {
  readonly catalogue: readonly Capability[]
  govern(request: ActionRequest): Promise<Answer>
}

interface Attempt {
  readonly capability: Capability
  readonly request: ActionRequest
  readonly credential: Credential
  readonly org: OrgId
  /** Who was found to be calling, for the record of a refusal. */
  principal: Principal | undefined
  located: Located<unknown> | undefined
  input: unknown
}

const attemptsMax = 6
/** So many attempts are made beside others; where each was overtaken, the next one holds them back, so that it is the last. */
const attemptsBeside = 2

interface Inside extends DoorParts {
  readonly line: InLine
}

/** Builds the door over its parts. */
export function createDoor(outer: DoorParts): Door {
  const parts: Inside = { ...outer, line: new InLine() }
  const byName = new Map(parts.catalogue.map((capability) => [capability.name, capability]))
  const company = new Company(parts, (capability, request) => admitted(parts, capability, request))
  const few = new FewAtOnce()
  return {
    catalogue: parts.catalogue,
    async govern(request) {
      const capability = byName.get(request.action)
      if (capability === undefined) throw fail('not_found', 'There is no such action.')
      const enter = () => company.admitted(capability, request)
      const { answer, act } = await (parts.waitOutside?.has(capability.name) ? few.go(enter) : enter())
      if (act === undefined) return answer
      parts.committed(act)
      return capability.effect === 'consequence' ? takeEffect(parts, capability, request, act, answer) : answer
    },
  }

  async function takeEffect(door: Inside, capability: Capability, request: ActionRequest, act: Act, answer: Answer): Promise<Answer> {
    await door.included(act.principal.org, act.entry)
    reach(door, capability, 'included')
    const next = capability.takesEffectBy
    if (next === undefined) return answer
    const credential = { kind: 'system', org: act.principal.org, part: next.as } as const
    const settled = byName.get(next.action)
    if (settled === undefined) throw new Error(`${capability.name} takes effect by ${next.action}, which does not exist.`)
    const done = await admitted(door, settled, { action: next.action, credential, input: request.input, requestId: request.requestId })
    if (done.act !== undefined) door.committed(done.act)
    return { result: done.answer.result, entry: answer.entry }
  }
}

/** Tries until a decision stands when its act is recorded, or something else than staleness stops it. */
async function admitted(parts: Inside, capability: Capability, request: ActionRequest): Promise<Admitted> {
  const credential = request.credential
  const org = known(parts, () => organizationOf(credential, parts.ports.baseUrl))
  if (credential === undefined) throw unauthenticated()
  const attempt: Attempt = { capability, request, credential, org, principal: undefined, located: undefined, input: undefined }
  for (let number = 1; ; number++) {
    try {
      const done = await tried(parts, attempt, number)
      reach(parts, capability, 'committed')
      return done
    } catch (thrown) {
      const error = translateStoreFailure(thrown)
      if (isCoded(error, 'stale') && number < attemptsMax) continue
      // A store that is away takes no record either: asking it once more would only make the caller wait twice.
      if (isCoded(error, 'unavailable')) throw error
      await recordRefusal(parts, attempt, error).catch((failure: unknown) => {
        throw translateStoreFailure(failure)
      })
      throw error
    }
  }
}

/**
 * One attempt. What was overtaken holds back the others in its organization; what leaves no entry cannot be overtaken by an act that takes nothing away, and holds
 * back none. Nobody is held back while an act waits for somebody outside: such an act stays beside others.
 */
function tried(parts: Inside, attempt: Attempt, number: number): Promise<Admitted> {
  const { capability, org } = attempt
  const wasOvertaken = number > attemptsBeside && parts.waitOutside?.has(capability.name) !== true
  const holdsAll = wasOvertaken && leavesEntry(capability)
  const transacted = () =>
    parts.transact(org, async (tx, last) => {
      if (wasOvertaken) {
        parts.ports.runFence.letPass(tx)
        await (holdsAll ? holdAdmissions : holdTakeaways)(tx)
      }
      const done = await once(parts, tx, attempt, last)
      reach(parts, capability, 'recorded')
      return done
    })
  return holdsAll ? parts.line.go(org, transacted) : transacted()
}

function known(parts: DoorParts, find: () => OrgId): OrgId {
  try {
    return find()
  } catch (error) {
    if (error instanceof CodedError) parts.unauthenticated(undefined, error.code)
    throw error
  }
}

/** The pipeline. Each line is a step; none can be left out, because each takes what the one before it made. */
async function once(parts: DoorParts, tx: Tx, attempt: Attempt, last: Last): Promise<Admitted> {
  const { capability, request } = attempt
  const { ports } = parts
  const version = takeawayVersionOrFirst(tx, capability)
  // Whoever fails before the version is there has a failure of his own to tell.
  version.catch(() => undefined)
  const authenticated = await authenticate(tx, attempt.credential, capability.name, ports)
  const principal = request.address === undefined ? authenticated : { ...authenticated, address: request.address }
  attempt.principal = principal
  const heard = await hear(tx, ports, { capability, principal, input: request.input, version }, attempt)
  const { input, located } = heard
  const decision = decide(parts.decider, heard)
  if (decision.kind === 'denied') throw denial(heard, decision)
  const { allowed } = decision
  const entry = newId('ent', ports)
  if (capability.effect !== 'read') changesHolding(tx)
  const done = await capability.perform({ allowed, input, found: located.found, tx, ports, principal, entry })
  const act = record(parts, last, { capability, request, allowed, located, done, entry, principal })
  return { answer: { result: capability.output.parse(done.result), entry: act === undefined ? null : entry }, act }
}

/**
 * The version that is decided at: read before anything else, so that what is taken away afterwards is noticed. The counter of an organization is made
 * with the organization itself. An organization that is not there is told from nobody being signed in by nothing.
 */
async function takeawayVersionOrFirst(tx: Tx, capability: Capability): Promise<number> {
  if (capability.name !== 'organization:create') {
    const version = await takeawayVersionOf(tx)
    if (version === undefined) throw unauthenticated()
    return version
  }
  await tx
    .insertInto('takeaway')
    .values({ org_id: await currentOrganization(tx) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return 0
}

async function currentOrganization(tx: Tx): Promise<string> {
  const row = await tx.selectNoFrom((eb) => eb.fn<string>('current_org').as('org')).executeTakeFirstOrThrow()
  return row.org
}

interface Recording {
  readonly capability: Capability
  readonly request: ActionRequest
  readonly allowed: Allowed<string>
  readonly located: Located<unknown>
  readonly done: Done<unknown>
  readonly entry: EntryId
  readonly principal: Principal
}

function record(parts: DoorParts, last: Last, it: Recording): Act | undefined {
  const { capability, done, entry } = it
  if (!leavesEntry(capability)) return undefined
  // A change that somebody else had made leaves nothing; were anything changed after all, the store would refuse the commit (law 3).
  if (capability.effect === 'change' && done.isUnchanged === true) return undefined
  const { ports } = parts
  const common = { at: ports.clock.now(), request: it.request.requestId, environment: it.located.environment }
  const acts = [{ id: entry, allowed: it.allowed, done }, ...alongWith(done, ports)].map(({ id, allowed, done: one }) => {
    const draft = doneDraft(allowed, one, { id, ...common })
    return { allowed, entry: composeEntry(draft, ports), draft }
  })
  const [act] = acts
  if (act === undefined) throw new Error('An act has an entry.')
  if (done.takesAway === true) recordDone(last, act, true)
  else recordDoneTogether(last, acts)
  return actOf(it)
}

/** What was done along with an act, under ids of entries of its own. */
function alongWith({ along = [], takesAway }: Done<unknown>, ports: DoorParts['ports']) {
  if (along.length > 0 && takesAway === true) throw new Error('What takes something away is recorded alone.')
  return along.map(({ allowed, ...done }) => ({ id: newId('ent', ports), allowed, done: { result: undefined, ...done } }))
}

/**
 * A refusal is recorded in a transaction of its own. When even that fails, the request has failed anyway and the store is not to be trusted. An organization
 * that is not there keeps no record: whoever asks without being anybody chooses its name.
 */
async function recordRefusal(parts: DoorParts, attempt: Attempt, error: unknown): Promise<void> {
  const { principal, capability, org } = attempt
  const code = isCoded(error) ? error.code : 'internal'
  if (principal === undefined) {
    if (isUnauthenticated(error)) parts.unauthenticated(org, code)
    return
  }
  if (!recordsRefusal(capability, principal, code)) return
  const entry = newId('ent', parts.ports)
  const isKept = await parts.transact(org, async (tx, last) => {
    if ((await takeawayVersionOf(tx)) === undefined) return false
    await refuse(tx, { ...attempt, principal, code, entry }, parts.ports, last)
    return true
  })
  if (!isKept) return
  parts.committed({ action: capability.name, principal, resource: attempt.located?.resource.id ?? '', entry, takesAway: false, about: [] })
}
