// One thing of ours that reads what others wrote, and how it is attacked: inputs drawn near to what it expects. It may refuse them in the words that it
// promises, quickly; anything else that it throws, and a second of its time, is a defect.
import { performance } from 'node:perf_hooks'
import { inspect } from 'node:util'
import { CodedError } from '../../src/kernel/index.ts'
import { LedgerError } from '../../src/ledger/index.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'

/** A parser under attack. */
export interface Target<I = unknown> {
  readonly name: string
  /** How many inputs of a thousand are for this one, roughly. */
  readonly share: number
  draw(random: Seeded): I
  /** Puts an input to it, and throws where what it answers cannot be right. */
  put(input: I): unknown
  /** Whether a failure is one that it promises; coded failures other than `internal`, and those of proofs, where a target does not say. */
  promises?(error: unknown): boolean
}

/** What the sentence of a defect says. */
export interface Defect {
  readonly target: string
  readonly seed: number
  readonly input: string
  readonly what: string
}

/** The longest that one input may take, in milliseconds. */
export const slowestMs = 1000

/** Failures that every room may refuse an input with. */
export function isRefusal(error: unknown): boolean {
  return (error instanceof CodedError && error.code !== 'internal') || error instanceof LedgerError
}

/** Declares a target, so that its input's type is known in all of its parts and to nobody else. */
export function target<I>(it: Target<I>): Target {
  return { ...it, draw: it.draw, put: (input) => it.put(input as I) } // inputs come from this target's own `draw` alone
}

/** The seed of an input: of a base seed, a target and a number, by FNV-1a. */
export function seedOf(base: number, name: string, number: number): number {
  let mixed = (0x811c9dc5 ^ base) >>> 0
  for (const character of `${name}#${number}`) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193) >>> 0
  return mixed
}

/** An input as it can be read by a person, and not longer than a page. */
export function shown(input: unknown): string {
  return inspect(input, { depth: 6, maxStringLength: 2_000, maxArrayLength: 60, breakLength: 160 }).slice(0, 4_000)
}

async function once(it: Target, input: unknown): Promise<{ readonly ms: number; readonly wrong: string | undefined }> {
  const began = performance.now()
  let wrong: string | undefined
  try {
    const answer = it.put(input)
    if (answer instanceof Promise) await answer
  } catch (error) {
    if (!(it.promises ?? isRefusal)(error)) wrong = error instanceof Error ? (error.stack ?? error.message) : inspect(error)
  }
  return { ms: performance.now() - began, wrong }
}

/** How often one that was slow is tried: the machine may have been busy, and what is slow by itself is slow each time. */
export const triesOfTheSlow = 5

/** Attacks once; answers a defect where there is one. */
export async function attack(it: Target, seed: number, slowest = slowestMs): Promise<Defect | undefined> {
  const input = it.draw(seeded(seed))
  const defect = (what: string): Defect => ({ target: it.name, seed, input: shown(input), what })
  let quickest = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < triesOfTheSlow && quickest >= slowest; tries++) {
    const { ms, wrong } = await once(it, input)
    if (wrong !== undefined) return defect(wrong)
    quickest = Math.min(quickest, ms)
  }
  return quickest < slowest ? undefined : defect(`It took ${Math.round(quickest)} ms; nothing may take longer than ${slowest}.`)
}

/** What a person is told of a defect, with the command that shows it again. */
export function tell({ target: name, seed, input, what }: Defect): string {
  return `${name}, seed ${seed}: ${what}\n  input: ${input}\n  again: node test/fuzz/one.ts ${name} ${seed}`
}
