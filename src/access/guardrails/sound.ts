// Whether the text of a guardrail may be kept: one Cedar policy in plain ASCII that forbids, within the limits, strictly valid against the schema, not idle, and
// about this organization alone. The text is attacker-controlled. INVARIANT: it is measured before cedar-wasm's parser sees it.
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { type CodedError, type EntityRef, fail, organizationType, type Ports, type Tx } from '../../kernel/index.ts'
import { policyLimitProblem } from '../compiled/policy-limits.ts'
import type { Guardrails } from './held.ts'
import { type GuardrailTerms, inForce, leadingConditions } from './in-force.ts'
import { placeOf } from './place.ts'

/** How long the policy of a guardrail may be, in characters. */
const guardrailTextMax = 8_192

const pointer = '/policy'

/** Something against a text, at a place in it. */
function refused(text: string, at: number, problem: string, next?: string): CodedError {
  const { line, column } = placeOf(text, at)
  return fail('invalid', `Line ${line}, column ${column}: ${problem}`, {
    pointer,
    facts: { line, column, problem },
    ...(next === undefined ? {} : { next }),
  })
}

/** What is not plain cannot be told apart by reading: letters that look alike, marks that turn the direction of writing, marks that are not seen. */
function requirePlain(text: string): void {
  const at = text.search(/[^\n\t\x20-\x7e]/)
  if (at === -1) return
  const code = (text.codePointAt(at) ?? 0).toString(16)
  throw refused(
    text,
    at,
    `A policy is plain ASCII, and this is U+${code.toUpperCase().padStart(4, '0')}.`,
    `Write \`\\u{${code}}\` within a string.`,
  )
}

function requireWithinLimits(text: string): void {
  const [problem] = policyLimitProblem(text)
  if (problem !== undefined) throw fail('too_large', problem, { pointer })
  if (text.length > guardrailTextMax) throw fail('too_large', `A guardrail is longer than ${guardrailTextMax} characters.`, { pointer })
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`

/** What Cedar says, without the words around it that speak of its own interfaces. */
function told(text: string, error: cedar.DetailedError): CodedError {
  const message = error.message.replace(/^failed to parse policy from string: /, '').replace(/^for policy `[^`]*`, /, '')
  const label = error.sourceLocations?.[0]?.label
  const problem = sentence(label === null || label === undefined ? message : `${message}; ${label}`)
  return refused(text, error.sourceLocations?.[0]?.start ?? 0, problem, error.help === null ? undefined : sentence(error.help))
}

function parse(text: string): Readonly<Record<string, unknown>> {
  const answer = cedar.policyToJson(text)
  if (answer.type === 'success') return { ...answer.json }
  const [first] = answer.errors
  throw first === undefined ? refused(text, 0, 'This is no policy.') : told(text, first)
}

function requireForbid(text: string, json: Readonly<Record<string, unknown>>): void {
  if (json.effect !== 'forbid')
    throw refused(
      text,
      Math.max(text.search(/permit/), 0),
      'A guardrail forbids.',
      'Give roles by grants; a guardrail takes away from them.',
    )
  const annotations = json.annotations
  if (typeof annotations === 'object' && annotations !== null && Object.keys(annotations).length > 0)
    throw refused(text, text.indexOf('@'), 'A guardrail has no annotations.', 'Say what it is for in its title and in its examples.')
}

/** INVARIANT: what is decided by is what was written, with our conditions before it and nothing else changed. */
function requireSame(guardrail: GuardrailTerms, json: Readonly<Record<string, unknown>>): void {
  const ours = leadingConditions(guardrail).length
  const { conditions, ...head } = parse(inForce(guardrail).text)
  const { conditions: written, ...headWritten } = json
  const same = Array.isArray(conditions) && JSON.stringify([head, conditions.slice(ours)]) === JSON.stringify([headWritten, written])
  if (!same) throw refused(guardrail.policy, 0, 'This policy cannot be put into force exactly as it is written.')
}

/** The first thing that strict validation has against a policy. */
function invalid(text: string, schema: cedar.Schema): cedar.DetailedError | undefined {
  const policies = { staticPolicies: { guardrail: text }, templates: {}, templateLinks: [] }
  const answer = cedar.validate({ schema, policies, validationSettings: { mode: 'strict' } })
  if (answer.type === 'failure') return answer.errors[0]
  return [...answer.validationErrors, ...answer.validationWarnings][0]?.error
}

/** What is in force must be valid and must forbid something; what was written says where it is not. */
function requireValid(guardrail: GuardrailTerms, schema: cedar.Schema): void {
  const { policy: text } = guardrail
  if (invalid(inForce(guardrail).text, schema) === undefined) return
  const own = invalid(text, schema)
  if (own !== undefined) throw told(text, own)
  throw refused(
    text,
    0,
    'This would forbid nothing.',
    'It speaks only of what no guardrail can forbid (signing in, ending, taking away), or of environments or sensitivities that do not go with it.',
  )
}

function literalsIn(json: unknown, found: EntityRef[]): void {
  if (typeof json !== 'object' || json === null) return
  if (Array.isArray(json)) for (const one of json) literalsIn(one, found)
  else {
    const { type, id } = json as { type?: unknown; id?: unknown } // any object; its members are looked at before they are used
    if (typeof type === 'string' && typeof id === 'string') found.push({ type, id })
    for (const one of Object.values(json)) literalsIn(one, found)
  }
}

const workloads = new Set(['Pipeline', 'Agent', 'Service'])
const scopes = new Set(['Project', 'Twin', 'Scenario', 'Asset', 'Artifact', 'Connection', 'Channel'])

async function isThere(tx: Tx, ports: Ports, org: string, { type, id }: EntityRef): Promise<boolean> {
  if (type === organizationType.name) return id === org
  if (type === 'Person') return (await tx.selectFrom('person').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
  if (workloads.has(type)) return (await tx.selectFrom('workload').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
  return scopes.has(type) && ports.scopes.exists(tx, { type, id })
}

/** Everything that the policy names must be there, in this organization; one that it could only be mistaken about is refused rather than kept idle. */
async function requireOwn(
  it: { readonly tx: Tx; readonly ports: Ports; readonly org: string },
  text: string,
  json: unknown,
): Promise<void> {
  const found: EntityRef[] = []
  literalsIn(json, found)
  for (const named of found) {
    if (named.type === 'Action' || (await isThere(it.tx, it.ports, it.org, named))) continue
    const at = Math.max(text.indexOf(`${named.type}::`), 0)
    if (named.type === 'Group')
      throw refused(text, at, 'Policies do not know who is in a group.', 'Forbid it to everybody, and grant it to fewer.')
    throw refused(
      text,
      at,
      `There is no ${named.type.toLowerCase()} with this id that a guardrail can name.`,
      'Name what is in this organization.',
    )
  }
}

/** Reads a text that may be one: within the limits, plain, one policy, that forbids. */
function read(text: string): Readonly<Record<string, unknown>> {
  requireWithinLimits(text)
  requirePlain(text)
  const json = parse(text)
  requireForbid(text, json)
  return json
}

/** Refuses a text that may not be a guardrail's, whatever the organization. Throws `too_large`, or `invalid` whose facts say the line and the column. */
export function requireSoundText(guardrail: GuardrailTerms, schema: cedar.Schema): void {
  requireSame(guardrail, read(guardrail.policy))
  requireValid(guardrail, schema)
}

/** What was found valid in a process lately, each with its organization, so that nobody learns from the time it takes what others wrote. */
const foundValid = new WeakMap<Guardrails, Set<string>>()

/** How many texts are remembered as valid; the one that was found first makes room. */
const validMax = 256

/** What is drafted is tried, looked at and put into force soon after: strict validation, which takes long, looks at each text once. */
function requireValidOnce({ guardrails }: Ports, org: string, guardrail: GuardrailTerms): void {
  const found = foundValid.get(guardrails) ?? new Set()
  foundValid.set(guardrails, found)
  const what = `${org} ${inForce(guardrail).text}`
  if (found.has(what)) return
  // reason: the port does not know cedar-wasm's types; a test holds it to what cedar-wasm reads in the text of the schema
  requireValid(guardrail, guardrails.schema as cedar.Schema)
  if (found.size >= validMax) for (const oldest of found) if (found.delete(oldest)) break
  found.add(what)
}

/** Refuses a guardrail that may not be kept in this organization. Throws as `requireSoundText` does. */
export async function requireSound(
  it: { readonly tx: Tx; readonly ports: Ports; readonly org: string },
  guardrail: GuardrailTerms,
): Promise<void> {
  const json = read(guardrail.policy)
  await requireOwn(it, guardrail.policy, json)
  requireSame(guardrail, json)
  requireValidOnce(it.ports, it.org, guardrail)
}
