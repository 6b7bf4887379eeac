// Acting at the door in tests: as a person with a session of his own, as a part of the product, as a workload with its key, as a run on its channel.
// Results are what the actions' schemas answer; tests read them by path.
import assert from 'node:assert/strict'
import type { Credential, Door } from '../../src/app/index.ts'
import { CodedError, type OrgId, type RunId, type SystemPart } from '../../src/kernel/index.ts'

/** Acts at the door and answers the result. */
export type Act = (action: string, input?: unknown) => Promise<Record<string, unknown>>

/** Acts with one credential. */
export function actWith(door: Door, credential: Credential): Act {
  return async (action, input = {}) => {
    const { result } = await door.govern({ action, credential, input, requestId: 'test' })
    assert.ok(typeof result === 'object' && result !== null, `${action} answers an object`)
    return { ...result }
  }
}

/** Acts as a part of the product. */
export function asPart(door: Door, org: OrgId, part: SystemPart): Act {
  return actWith(door, { kind: 'system', org, part })
}

/** Acts on the channel of a run's own cell. */
export function asRun(door: Door, org: OrgId, run: string, epoch = 0): Act {
  return actWith(door, { kind: 'channel', org, run: run as RunId, epoch }) // what the supervisor of a cell would say
}

/** Signs a person in with a fresh one-time link; the session lasts as long as the test. */
export async function sessionOf(door: Door, org: OrgId, person: string): Promise<Credential> {
  const { token: link } = await asPart(door, org, 'starter')('person:link', { person })
  const { token } = await actWith(door, { kind: 'link', token: String(link) })('session:create')
  return { kind: 'session', token: String(token) }
}

/** A member somewhere inside of a result; nothing where there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value
  for (const name of path) here = typeof here === 'object' && here !== null ? Reflect.get(here, name) : undefined
  return here
}

/** A text inside of a result. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path)
  if (typeof found !== 'string') assert.fail(`${path.join('.')} is not a text in ${JSON.stringify(value)?.slice(0, 300)}`)
  return found
}

/** A list inside of a result. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path)
  if (!Array.isArray(found)) assert.fail(`${path.join('.')} is not a list in ${JSON.stringify(value)?.slice(0, 300)}`)
  return found
}

/** The coded failure that something is refused with; fails where it is not refused, or refused without a code. */
export async function refusalOf(refused: Promise<unknown>): Promise<CodedError> {
  let answered: unknown
  try {
    answered = await refused
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  assert.fail(`It was not refused, but answered ${JSON.stringify(answered)?.slice(0, 300)}`)
}

/** The code that something is refused with. */
export async function codeOf(refused: Promise<unknown>): Promise<string> {
  return (await refusalOf(refused)).code
}
