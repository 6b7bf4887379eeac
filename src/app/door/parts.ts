// What the door stands on and what goes through it, shared by its steps. Nothing here decides anything.
import type { Decider } from '../../access/index.ts'
import type { Allowed, Capability, Done, EntryId, Located, OrgId, Ports, Principal, Tx } from '../../kernel/index.ts'
import type { Step, Watch } from '../steps.ts'
import type { Credential } from './credential.ts'
import type { Last, Together } from './together-port.ts'

/** One request at the door. `input` is attacker-controlled. */
export interface ActionRequest {
  readonly action: string
  readonly credential: Credential | undefined
  readonly input: unknown
  readonly requestId: string
  /** The address that the request came from, as the server saw it. */
  readonly address?: string
}

/** What the caller gets. `entry` is null for reads of metadata, which are not recorded. */
export interface Answer {
  readonly result: unknown
  readonly entry: EntryId | null
}

/** What the door stands on. */
export interface DoorParts {
  readonly catalogue: readonly Capability[]
  readonly decider: Decider
  readonly ports: Ports
  transact<T>(org: OrgId, work: (tx: Tx, last: Last) => Promise<T>): Promise<T>
  /** Called after a commit that left an entry: wakes the sequencer and whoever watches. */
  committed(act: Act): void
  /** Resolves when the entry is in a signed checkpoint. Throws `busy` when that takes too long. */
  included(org: OrgId, entry: EntryId): Promise<void>
  /** Counts a request that nobody could be found behind. */
  unauthenticated(org: OrgId | undefined, code: string): void
  readonly watch?: Watch | undefined
  /** The actions that wait for somebody outside within their transaction, by name: few of them go on at once. */
  readonly waitOutside?: ReadonlySet<string>
  /** The actions that are governed several at once, by name: those of one company in one transaction. Each of the others is governed on its own. */
  readonly together?: readonly Readonly<Record<string, Together>>[]
}

/** An act that was committed. */
export interface Act {
  readonly action: string
  readonly principal: Principal
  readonly resource: string
  readonly entry: EntryId
  readonly takesAway: boolean
  /** The ids of what it speaks of beside its resource. */
  readonly about: readonly string[]
}

/** Whether what was done leaves an entry: reads of metadata and signs of life are decided and counted, and leave none. */
export function leavesEntry({ effect }: Pick<Capability, 'effect'>): boolean {
  return effect !== 'read' && effect !== 'pulse'
}

/** What came of a request that was admitted. */
export interface Admitted {
  readonly answer: Answer
  readonly act: Act | undefined
}

/** Tells whoever watches that an act has come to a moment at which a process may die. */
export function reach(
  { watch }: Pick<DoorParts, 'watch'>,
  { name, effect }: Capability,
  moment: 'recorded' | 'committed' | 'included',
): void {
  if (watch !== undefined && effect !== 'read') watch(`${name}/${moment}` as Step) // a name is noun:verb, as `action` checks
}

/** An act that was decided and done. */
export interface Acted {
  readonly allowed: Allowed<string>
  readonly principal: Principal
  readonly located: Located<unknown>
  readonly entry: EntryId
  readonly done: Done<unknown>
}

/** What those who wait for commits are told of an act. */
export function actOf({ allowed, principal, located, entry, done }: Acted): Act {
  return {
    action: allowed.action,
    principal,
    resource: located.resource.id,
    entry,
    takesAway: done.takesAway === true,
    about: (done.related ?? []).map(({ id }) => id),
  }
}
