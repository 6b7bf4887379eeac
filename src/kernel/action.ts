// The unit of the product: an action. From one declaration come the route, the verb, the policy vocabulary and the audit class.
// INVARIANT: `perform` runs only with an `Allowed` that `decide()` in `access` minted for this very action.
import type { Transaction } from 'kysely'
import type { z } from 'zod'
import type { EntryId } from './ids.ts'
import type { BlobStore, Clock, Random, Sha256 } from './ports.ts'
import type { Principal, PrincipalKind, SystemPart } from './principal.ts'
import type { Attributes, AttributeValue, Entity, EntityRef, EnvironmentRef, Facts, ResourceType } from './vocabulary.ts'

/** The tables of the store; each room adds its own by declaration merging in its `tables.ts`. */
// biome-ignore lint/suspicious/noEmptyInterface: rooms merge their tables into it
export interface Tables {}

/** One transaction on the store, bound to one organization by row-level security. */
export type Tx = Transaction<Tables>

/** What `locate` and `perform` may use of the outside; rooms add the ports that they declare by declaration merging. */
export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly sha256: Sha256
  readonly blobs: BlobStore
}

/**
 * What an action does to the world, and so how it is recorded:
 * `read` metadata (decided, counted), `pulse` (a sign of life that carries no authority: decided, counted), `content` (durable before the first byte), `change` (durable with its entry),
 * `consequence` (included in a signed checkpoint before it takes effect).
 */
export type Effect = 'read' | 'pulse' | 'content' | 'change' | 'consequence'

/** The roles that we ship. */
export const roles = ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'] as const

/** One of the shipped roles. */
export type Role = (typeof roles)[number]

declare const minted: unique symbol

/** Proof that `decide()` allowed this action to this principal on this resource. Only `access` can make one. */
export interface Allowed<N extends string> {
  readonly [minted]: N
  readonly action: N
  readonly principal: Principal
  readonly resource: EntityRef
  /** The ids of the policies that allowed it: grants (`grt_…`) and shipped policies. */
  readonly policies: readonly string[]
  /** The take-away version that was decided at. */
  readonly version: number
  /** What else it took, each decided apart, in the order of `Located.also`. */
  readonly also?: readonly Allowed<string>[]
}

/** A thing that an entry speaks of beside its resource: `{rel: 'scenario', type: 'Scenario', id: 'scn_…'}`. */
export interface Related extends EntityRef {
  readonly rel: string
}

/** What `locate` found: the resource with what policies may know, and the rows that `perform` goes on with. */
export interface Located<T> {
  readonly resource: Entity
  /** Ancestors of the resource with their own parents, so that grants on them reach it. */
  readonly others?: readonly Entity[]
  readonly environment?: EnvironmentRef
  readonly context?: Readonly<Record<string, AttributeValue>>
  /** What it takes besides: other things that it is done with, each decided by an action of its own. All of them are allowed, or nothing is. */
  readonly also?: readonly Also[]
  readonly found: T
}

/** An action on another thing, which something that is done to the resource takes as well. */
export interface Also {
  readonly capability: Capability
  readonly located: Located<unknown>
}

/** An act that was done along with another, by what it took besides. */
export interface DoneAlong extends Pick<Done<unknown>, 'facts' | 'related'> {
  readonly allowed: Allowed<string>
}

/** What `perform` did: the result for the caller, and the facts for the entry. */
export interface Done<R> {
  readonly result: R
  readonly facts?: Facts
  readonly related?: readonly Related[]
  /** Free text and addresses: kept erasable beside the entry, which holds a salted commitment. */
  readonly texts?: Readonly<Record<string, string>>
  /** Whether this takes something away from anybody: the take-away counter moves, and admissions decided earlier are refused. */
  readonly takesAway?: boolean
  /** Whether somebody else had done it, so that nothing was changed: it is answered as it stands, and not recorded again. */
  readonly isUnchanged?: boolean
  /** What was done along with it: each has an entry of its own, in the same transaction. Only for what takes nothing away. */
  readonly along?: readonly DoneAlong[]
}

/** What an action sees when it looks for its resource; nothing has been decided yet. */
export interface Locating<I> {
  readonly input: I
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** What an action sees when it acts. */
export interface Performing<N extends string, I, T> {
  readonly allowed: Allowed<N>
  readonly input: I
  readonly found: T
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  /** The id of the entry that will record this act. */
  readonly entry: EntryId
}

/** What an action sees when it was refused or failed; the refusal is being recorded in this transaction. */
export interface Refused<I> {
  readonly input: I
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly entry: EntryId
  readonly code: string
}

/** What serves an action that has no route of its own; `within`: it is decided within the actions that take it besides. */
export type ServedBy = 'broker' | 'oauth' | 'scim' | 'stream' | 'within'

/** The declaration of one action; its generics end at `action()`. */
export interface ActionSpec<N extends string, I extends z.ZodObject, O extends z.ZodType, T> {
  /** `noun:verb`; route, verb and policy name follow from it. */
  readonly name: N
  readonly summary: string
  readonly effect: Effect
  /** The shipped roles whose grants hold it. */
  readonly roles: readonly Role[]
  /** Kinds of principals that may do it without a role: to what is their own (`self` names them), or by a permission of their own. */
  readonly by?: readonly Exclude<PrincipalKind, 'system'>[]
  /** The system parts that may do it. */
  readonly system?: readonly SystemPart[]
  readonly resource: ResourceType
  readonly context?: Attributes
  readonly input: I
  readonly output: O
  /** For a consequence: the system's action that makes it take effect once the entry is in a checkpoint; called with the same input. */
  readonly takesEffectBy?: { readonly action: string; readonly as: SystemPart }
  /**
   * Which door serves it, or that it is decided within others alone (`Located.also`), when it is not the route and the verb that follow from its name. What only
   * system parts may do has neither.
   */
  readonly servedBy?: ServedBy
  /**
   * Whether it shows governed content although its effect is another, as later parts of a stream and a check of the gate do, or lets it out by what is said of
   * it, as an approval does: it then needs the same clearance.
   */
  readonly goesOnShowing?: true
  /** The largest request body, where the server's own limit is not enough. */
  readonly bodyBytesMax?: number
  /** Finds the resource within the organization. Throws `not_found` for what is not there or belongs to others. */
  locate(it: Locating<z.output<I>>): Promise<Located<T>>
  /** Does it, within its transaction alone. */
  perform(it: Performing<N, z.output<I>, T>): Promise<Done<z.input<O>>>
  /** Keeps what a refusal leaves behind beside its entry, such as its place on the tape. */
  refused?(it: Refused<z.output<I>>): Promise<void>
}

/** An action as everything else sees it. */
export interface Capability {
  readonly name: string
  readonly noun: string
  readonly verb: string
  readonly summary: string
  readonly effect: Effect
  readonly roles: readonly Role[]
  readonly by: readonly PrincipalKind[]
  readonly system: readonly SystemPart[]
  readonly resource: ResourceType
  readonly context: Attributes
  readonly input: z.ZodObject
  readonly output: z.ZodType
  readonly takesEffectBy?: ActionSpec<string, z.ZodObject, z.ZodType, unknown>['takesEffectBy']
  readonly servedBy?: ServedBy
  readonly goesOnShowing?: true
  readonly bodyBytesMax?: number
  locate(it: Locating<unknown>): Promise<Located<unknown>>
  perform(it: Performing<string, unknown, unknown>): Promise<Done<unknown>>
  refused(it: Refused<unknown>): Promise<void>
}

/** Declares an action. Its types are checked here and end here. */
export function action<N extends string, I extends z.ZodObject, O extends z.ZodType, T>(spec: ActionSpec<N, I, O, T>): Capability {
  const [noun, verb] = spec.name.split(':')
  if (noun === undefined || verb === undefined) throw new Error(`An action is named noun:verb, not ${spec.name}.`)
  return {
    ...spec,
    noun,
    verb,
    by: spec.by ?? [],
    system: spec.system ?? [],
    context: spec.context ?? {},
    // The door hands `locate` the parsed input, and `perform` what `locate` found and what `decide` minted for this name: the casts restore those types.
    locate: (it) => spec.locate(it as Locating<z.output<I>>),
    perform: (it) => spec.perform(it as Performing<N, z.output<I>, T>),
    refused: async (it) => spec.refused?.(it as Refused<z.output<I>>),
  }
}
