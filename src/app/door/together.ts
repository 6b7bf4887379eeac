// Group commit at the door: requests for one action of one organization that come in while others are under way are governed together, in one transaction:
// the same steps, each request decided on its own, all of them recorded by one statement that admits all or none. What leaves no entry goes together as well.
// INVARIANT: nothing is refused here. Whatever does not go through plainly (nobody signed in, denied, failed, moved on meanwhile) is governed on its own
// afterwards, as if it had never been here, and so is refused and recorded by the one code that does that.
import { decide, type Policy, takeawayVersionOf } from '../../access/index.ts'
import {
  type Allowed,
  assertNever,
  type Capability,
  type Done,
  type EntryId,
  isCoded,
  type Located,
  newId,
  type OrgId,
  type Performing,
  type Principal,
  type Sendable,
  type Tx,
} from '../../kernel/index.ts'
import { composeEntry, doneDraft } from '../entry.ts'
import { authenticate } from './authenticate.ts'
import type { Credential } from './credential.ts'
import { policiesHeld } from './hear.ts'
import { parseInput } from './parse-input.ts'
import { type ActionRequest, type DoorParts, leavesEntry } from './parts.ts'
import { recordDoneTogether } from './record.ts'
import { translateStoreFailure } from './store-failure.ts'
import type { Last, Together } from './together-port.ts'

/** A request that waits for its company, and how what it asks for is done to several at once. */
export interface Waiting {
  readonly capability: Capability
  readonly how: Together
  readonly request: ActionRequest
  readonly credential: Credential
}

/** One request of a batch that went through. */
export interface Through {
  readonly principal: Principal
  readonly located: Located<unknown>
  readonly allowed: Allowed<string>
  readonly entry: EntryId
  readonly done: Done<unknown>
  /** What the caller is given; those who are given the same must not change it. */
  readonly result: unknown
}

/** What becomes of a batch: for each request that went through, how; nothing for those that are to be governed on their own. */
export type BatchOutcome = readonly (Through | undefined)[]

/** What is asked with a credential, as a key: two requests for one action with the same one have one principal. */
const keyOf = ({ capability, credential }: Waiting): string => `${capability.name} ${credentialKey(credential)}`

function credentialKey(credential: Credential): string {
  switch (credential.kind) {
    case 'channel':
      return `channel ${credential.run} ${credential.epoch}`
    case 'system':
      return `system ${credential.part}`
    case 'provider':
      return `provider ${credential.proof.attempt}`
    case 'session':
    case 'token':
    case 'link':
    case 'directory':
    case 'admin_link':
    case 'assertion':
      return `${credential.kind} ${credential.token}`
    default:
      return assertNever(credential)
  }
}

/** What is refused here is refused again, and recorded, when it is governed on its own; what the store says is not taken for that. */
async function unlessRefused<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (isCoded(error)) return undefined
    throw error
  }
}

interface Known {
  readonly principal: Principal
  /** On their way: nothing but the decision needs them. */
  readonly policies: Promise<readonly Policy[]>
}

/** Who is behind each of these credentials, with the policies that he holds: looked up once for each credential. */
async function whoTheyAre(
  { ports }: DoorParts,
  tx: Tx,
  batch: readonly Waiting[],
  version: Promise<number | undefined>,
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>()
  const unlike = new Map(batch.map((one) => [keyOf(one), one]))
  const look = async ([key, { capability, credential }]: readonly [string, Waiting]): Promise<void> => {
    const [at, principal] = await Promise.all([version, unlessRefused(authenticate(tx, credential, capability.name, ports))])
    if (at === undefined || principal === undefined) return
    const policies = policiesHeld(tx, ports, principal, at)
    // Who waits for them is told; when something else fails before, that is told.
    policies.catch(() => undefined)
    known.set(key, { principal, policies })
  }
  await Promise.all([...unlike].map(look))
  return known
}

interface Hearing {
  readonly of: Waiting
  readonly at: number
  readonly principal: Principal
  readonly policies: Promise<readonly Policy[]>
  readonly input: unknown
}

function parsed({ capability, request }: Waiting): { readonly input: unknown } | undefined {
  try {
    return { input: parseInput(capability, request.input) }
  } catch (error) {
    if (isCoded(error)) return undefined
    throw error
  }
}

async function hearings(parts: DoorParts, tx: Tx, batch: readonly Waiting[], version: Promise<number | undefined>): Promise<Hearing[]> {
  const known = await whoTheyAre(parts, tx, batch, version)
  return batch.flatMap((of, at) => {
    const who = known.get(keyOf(of))
    const read = parsed(of)
    if (who === undefined || read === undefined) return []
    const { address } = of.request
    const principal = address === undefined ? who.principal : { ...who.principal, address }
    return [{ of, at, principal, policies: who.policies, input: read.input }]
  })
}

type Performable = Performing<string, unknown, unknown> & Pick<Hearing, 'of' | 'at'> & { readonly located: Located<unknown> }

/** Has each action do its part side by side with the others; answers what came of each request. */
async function byAction<T extends { readonly of: Waiting }, R>(
  its: readonly T[],
  work: (how: Together, its: readonly T[]) => Promise<readonly (R | undefined)[]>,
): Promise<Map<T, R>> {
  const parts = [...Map.groupBy(its, ({ of }) => of.how)].map(async ([how, some]) => {
    const results = await work(how, some)
    return some.flatMap((one, number) => {
      const result = results[number]
      return result === undefined ? [] : [[one, result] as const]
    })
  })
  return new Map((await Promise.all(parts)).flat())
}

/** Decides each request on its own, all at one version. */
async function decided(parts: DoorParts, tx: Tx, batch: readonly Waiting[]): Promise<Performable[]> {
  // Asked for before anything else, and answered with what is asked beside it.
  const asked = takeawayVersionOf(tx)
  const [version, heard] = await Promise.all([asked, hearings(parts, tx, batch, asked)])
  if (version === undefined) return []
  const finding = byAction(heard, (how, its) => how.locate(tx, its))
  const [found, held] = await Promise.all([finding, Promise.all(heard.map(({ policies }) => policies))])
  const { ports } = parts
  return heard.flatMap((one, number) => {
    const { of, at, principal, input } = one
    const [located, policies] = [found.get(one), held[number]]
    if (located === undefined || policies === undefined) return []
    const asking = { capability: of.capability, principal, located, policies, version, now: ports.clock.now() }
    const decision = decide(parts.decider, asking)
    if (decision.kind === 'denied') return []
    return [{ of, at, located, allowed: decision.allowed, input, found: located.found, tx, ports, principal, entry: newId('ent', ports) }]
  })
}

function record(parts: DoorParts, last: Last, its: readonly (Through & Pick<Hearing, 'of'>)[]): void {
  const at = parts.ports.clock.now()
  const recordings = its
    .filter(({ of }) => leavesEntry(of.capability))
    .map((it) => {
      const request = it.of.request.requestId
      const draft = doneDraft(it.allowed, it.done, { id: it.entry, at, request, environment: it.located.environment })
      return { allowed: it.allowed, entry: composeEntry(draft, parts.ports), draft }
    })
  const isRun = ({ allowed }: (typeof recordings)[number]) => allowed.principal.kind === 'run'
  recordDoneTogether(last, recordings.filter(isRun))
  recordDoneTogether(
    last,
    recordings.filter((one) => !isRun(one)),
  )
}

/** Governs a batch of one organization in one transaction. Throws `unavailable`, after which nobody knows more than it says; then no request may be tried again. */
export async function governTogether(
  parts: DoorParts,
  it: {
    readonly org: OrgId
    readonly batch: readonly Waiting[]
    recorded(capability: Capability): void
  },
): Promise<BatchOutcome> {
  const { org, batch } = it
  try {
    return await parts.transact(org, async (tx, last) => {
      const performable = await decided(parts, tx, batch)
      const changes: Sendable[] = []
      const done = await byAction(performable, (how, its) => how.perform(its, (statement) => changes.push(statement)))
      const check = checking()
      const through = performable.flatMap((one) => throughOf(one, done.get(one), check))
      // Recorded first, so that what is not admitted changes nothing, and the store finds the entries when it looks at what is changed.
      record(parts, last, through)
      for (const statement of changes) last(statement)
      for (const { of } of through) it.recorded(of.capability)
      const byPlace = new Map(through.map((one) => [one.at, one]))
      return batch.map((_, at) => byPlace.get(at))
    })
  } catch (thrown) {
    const error = translateStoreFailure(thrown)
    if (isCoded(error, 'unavailable')) throw error
    return batch.map(() => undefined)
  }
}

type Check = (capability: Capability, result: unknown) => unknown

/** Checks results by the schemas of their actions: each result once, however many are answered it. */
function checking(): Check {
  const checked = new Map<string, Map<unknown, unknown>>()
  return ({ name, output }, result) => {
    const known = checked.get(name) ?? new Map<unknown, unknown>()
    checked.set(name, known)
    if (!known.has(result)) known.set(result, output.parse(result))
    return known.get(result)
  }
}

function throughOf(one: Performable, done: Done<unknown> | undefined, check: Check): (Through & Pick<Hearing, 'of' | 'at'>)[] {
  const { of, at, principal, located, allowed, entry } = one
  if (done === undefined && !leavesEntry(of.capability)) return []
  if (done === undefined || done.takesAway === true) throw new Error(`${of.capability.name} did not do together what it does alone.`)
  return [{ of, at, principal, located, allowed, entry, done, result: check(of.capability, done.result) }]
}
