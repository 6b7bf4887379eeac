// The scenario's parameters: where readings come from, and the machine's configuration where it differs from the published one.
import type { Json } from '../../sdk/run/index.ts'
import { publishedThresholds, type Thresholds } from './predict.ts'

/** What a scenario of this twin sets. */
export interface Parameters {
  /** `historian`: page by page through the connection. `asset`: the sealed file. */
  readonly source: 'historian' | 'asset'
  readonly pageSize: number
  readonly readingsMax: number
  readonly thresholds: Thresholds
}

const pageSizeMax = 1000
const readingsLimit = 1_000_000

/** Reads the parameters. Throws a `TypeError` that names the one at fault. */
export function readParameters(value: Json): Parameters {
  const of = (name: string): unknown => member(value, name)
  const source = of('source') ?? 'historian'
  if (source !== 'historian' && source !== 'asset') throw new TypeError('The parameter `source` is `historian` or `asset`.')
  return {
    source,
    pageSize: whole(of('pageSize') ?? 500, 'pageSize', pageSizeMax),
    readingsMax: whole(of('readingsMax') ?? readingsLimit, 'readingsMax', readingsLimit),
    thresholds: readThresholds(of('thresholds') ?? {}),
  }
}

function readThresholds(value: unknown): Thresholds {
  const published = publishedThresholds
  const amount = (name: Exclude<keyof Thresholds, 'strainMax'>) => positive(member(value, name) ?? published[name], name)
  const strain = (quality: 'L' | 'M' | 'H') =>
    positive(member(member(value, 'strainMax'), quality) ?? published.strainMax[quality], 'strainMax')
  return {
    heatDifferenceKelvin: amount('heatDifferenceKelvin'),
    heatSpeedRpm: amount('heatSpeedRpm'),
    powerWattsMin: amount('powerWattsMin'),
    powerWattsMax: amount('powerWattsMax'),
    strainMax: { L: strain('L'), M: strain('M'), H: strain('H') },
    wearMinutesFrom: amount('wearMinutesFrom'),
    wearMinutesTo: amount('wearMinutesTo'),
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function whole(value: unknown, name: string, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new TypeError(`The parameter \`${name}\` is a whole number from 1 to ${max}.`)
}

function positive(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
  throw new TypeError(`The threshold \`${name}\` is a positive number.`)
}
