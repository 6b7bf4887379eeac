// What a sweep varies: numbers of a scenario by dotted path, each with a distribution. Everything drawn comes from the sweep's
// seed, so a sweep can be repeated.

import { EngineError } from '../errors.ts'
import type { Random } from '../math/random.ts'

/** How one number varies. */
export type Distribution =
  | { readonly kind: 'choice'; readonly values: readonly number[] }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'integer'; readonly low: number; readonly high: number }
  /** Cut off at `low` and `high`. */
  | { readonly kind: 'normal'; readonly mean: number; readonly sigma: number; readonly low: number; readonly high: number }

/** Distributions by dotted path, as `people.0.speed`. */
export type Space = Readonly<Record<string, Distribution>>

/** Numbers by dotted path: one case of a sweep. */
export type Values = Readonly<Record<string, number>>

/** Most cases that a sweep may have. */
export const casesMax = 100_000
const dimensionsMax = 32

const bad = (path: string, message: string): never => {
  throw new EngineError('sweep/bad-space', `\`${path}\` ${message}`, { path })
}

function checkDistribution(path: string, d: Distribution): void {
  if (d.kind === 'choice') {
    if (d.values.length === 0 || !d.values.every(Number.isFinite)) bad(path, 'needs at least one finite value')
    return
  }
  if (!(Number.isFinite(d.low) && Number.isFinite(d.high) && d.low <= d.high)) bad(path, `has the range ${d.low} to ${d.high}`)
  if (d.kind === 'normal' && !(Number.isFinite(d.mean) && d.sigma > 0)) bad(path, 'needs a finite mean and a sigma above 0')
}

/** Returns the space when every distribution can be drawn from; throws a coded EngineError otherwise. */
export function checkSpace(space: Space): Space {
  const entries = Object.entries(space)
  if (entries.length === 0 || entries.length > dimensionsMax)
    bad('space', `varies ${entries.length} numbers; 1 to ${dimensionsMax} can be varied`)
  for (const [path, distribution] of entries) checkDistribution(path, distribution)
  return space
}

const clampTo = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** The nearest value that a distribution allows. */
export function allowed(d: Distribution, value: number): number {
  if (d.kind === 'choice') return d.values.reduce((best, v) => (Math.abs(v - value) < Math.abs(best - value) ? v : best))
  const inside = clampTo(value, d.low, d.high)
  return d.kind === 'integer' ? Math.round(inside) : inside
}

/** One number drawn from a distribution. */
export function draw(d: Distribution, random: Random): number {
  switch (d.kind) {
    case 'choice':
      return d.values[random.integer(0, d.values.length - 1)] ?? 0
    case 'integer':
      return random.integer(d.low, d.high)
    case 'uniform':
      return random.between(d.low, d.high)
    case 'normal':
      return clampTo(d.mean + d.sigma * random.gaussian(), d.low, d.high)
  }
}

/** One case drawn at random; each number has a stream of its own. */
export function drawCase(space: Space, random: Random): Values {
  return Object.fromEntries(Object.entries(space).map(([path, d]) => [path, draw(d, random.stream(path))]))
}

/** A case near another: every number moved by about a fifth of its range. */
export function neighbour(space: Space, from: Values, random: Random): Values {
  return Object.fromEntries(
    Object.entries(space).map(([path, d]) => {
      const stream = random.stream(path)
      if (d.kind === 'choice') return [path, stream.uniform() < 0.7 ? (from[path] ?? 0) : draw(d, stream)]
      return [path, allowed(d, (from[path] ?? d.low) + 0.2 * (d.high - d.low) * stream.gaussian())]
    }),
  )
}

/** The values of one number on a grid of `steps`. */
function gridValues(d: Distribution, steps: number): number[] {
  if (d.kind === 'choice') return [...d.values]
  if (steps === 1 || d.low === d.high) return [allowed(d, (d.low + d.high) / 2)]
  const values = Array.from({ length: steps }, (_, i) => allowed(d, d.low + ((d.high - d.low) * i) / (steps - 1)))
  return [...new Set(values)]
}

/** Every combination of grid values, the last path fastest. Throws `sweep/too-many-cases` past the limit. */
export function gridCases(space: Space, steps: number): Values[] {
  let cases: Values[] = [{}]
  for (const [path, d] of Object.entries(space)) {
    const values = gridValues(d, steps)
    if (cases.length * values.length > casesMax)
      throw new EngineError('sweep/too-many-cases', `The grid has more than ${casesMax} cases: take fewer steps`, { casesMax })
    cases = cases.flatMap((one) => values.map((value) => ({ ...one, [path]: value })))
  }
  return cases
}
