// Entry schema v1: the canonical text that the ledger keeps for ever. It holds ids, digests and public facts; never a name, an address or free text.
// Written down in docs/reference/entry-v1.md; a change of meaning is a new `v`, never an edit.

import { policiesBehind } from '../access/index.ts'
import {
  type Allowed,
  base64url,
  canonicalText,
  type Done,
  type EntityRef,
  type EnvironmentRef,
  type Facts,
  type Json,
  type Ports,
  type Principal,
  principalRef,
  type Related,
} from '../kernel/index.ts'
import { commitText } from '../ledger/index.ts'

/** What became of the action. */
export type Outcome = 'done' | 'denied' | 'failed'

/** What an entry is made of. */
export interface EntryDraft {
  readonly id: string
  readonly at: number
  readonly action: string
  readonly outcome: Outcome
  readonly principal: Principal
  readonly resource: EntityRef
  readonly environment?: EnvironmentRef | undefined
  readonly policies: readonly string[]
  readonly version?: number | undefined
  readonly code?: string | undefined
  readonly facts?: Facts | undefined
  readonly related?: readonly Related[] | undefined
  readonly texts?: Readonly<Record<string, string>> | undefined
  readonly request: string
}

/** A text beside the entry, erasable; the entry commits to it with this salt. */
export interface Sidecar {
  readonly name: string
  readonly salt: string
  readonly content: string
}

/** An entry ready to be stored. */
export interface Entry {
  readonly id: string
  readonly body: string
  readonly sidecars: readonly Sidecar[]
  readonly refs: readonly { readonly ref_id: string; readonly rel: string }[]
}

const saltBytes = 16

function sidecarsOf(texts: Readonly<Record<string, string>>, ports: Ports): Sidecar[] {
  return Object.entries(texts).map(([name, content]) => ({ name, salt: base64url(ports.random.bytes(saltBytes)), content }))
}

function actorJson(principal: Principal): Json {
  const { type, id } = principalRef(principal)
  return { type, id, chain: [...principal.chain], spiffe: principal.spiffeId, credential: principal.credential }
}

/** Composes an entry: its canonical body, its sidecars, and what it speaks of. */
export function composeEntry(draft: EntryDraft, ports: Ports): Entry {
  const sidecars = sidecarsOf(draft.texts ?? {}, ports)
  const texts = Object.fromEntries(sidecars.map((one) => [one.name, commitText(ports.sha256, one.salt, one.content)]))
  const body = canonicalText({
    v: 1,
    id: draft.id,
    org: draft.principal.org,
    at: new Date(draft.at).toISOString(),
    action: draft.action,
    outcome: draft.outcome,
    code: draft.code,
    actor: actorJson(draft.principal),
    resource: { type: draft.resource.type, id: draft.resource.id },
    environment: draft.environment === undefined ? undefined : { id: draft.environment.id, class: draft.environment.class },
    policies: [...draft.policies],
    version: draft.version,
    facts: draft.facts,
    related: draft.related?.map(({ rel, type, id }) => ({ rel, type, id })),
    texts: sidecars.length === 0 ? undefined : texts,
    request: draft.request,
  })
  return { id: draft.id, body, sidecars, refs: refsOf(draft) }
}

function refsOf(draft: EntryDraft): { ref_id: string; rel: string }[] {
  const refs = [
    { ref_id: draft.resource.id, rel: 'resource' },
    { ref_id: draft.principal.id, rel: 'actor' },
  ]
  for (const policy of draft.policies) if (policy.startsWith('grt_')) refs.push({ ref_id: policy, rel: 'grant' })
  for (const { rel, id } of draft.related ?? []) refs.push({ ref_id: id, rel })
  const seen = new Set<string>()
  return refs.filter((ref) => {
    const key = `${ref.ref_id} ${ref.rel}`
    const fresh = ref.ref_id !== '' && !seen.has(key)
    seen.add(key)
    return fresh
  })
}

/** The draft of an action that was allowed and done. */
export function doneDraft(
  allowed: Allowed<string>,
  done: Done<unknown>,
  rest: Pick<EntryDraft, 'id' | 'at' | 'request' | 'environment'>,
): EntryDraft {
  return {
    ...rest,
    action: allowed.action,
    outcome: 'done',
    principal: allowed.principal,
    resource: allowed.resource,
    policies: policiesBehind(allowed),
    version: allowed.version,
    facts: done.facts,
    related: done.related,
    texts: done.texts,
  }
}
