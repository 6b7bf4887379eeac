// Predicts failure modes of one reading by the rules that the data's author published (S. Matzka, "Explainable Artificial Intelligence for Predictive
// Maintenance Applications", AI4I 2020). Only what was measured goes in.
import type { FailureMode, Quality, Reading } from './reading.ts'

/** The machine's configuration: where each mode begins. */
export interface Thresholds {
  /** Heat is not carried off where process and air differ by less than this … */
  readonly heatDifferenceKelvin: number
  /** … and the spindle turns slower than this. */
  readonly heatSpeedRpm: number
  readonly powerWattsMin: number
  readonly powerWattsMax: number
  /** Wear times torque, in minutes × newton metres, per quality. */
  readonly strainMax: Readonly<Record<Quality, number>>
  /** The tool is at risk from here … */
  readonly wearMinutesFrom: number
  /** … to here, where it is replaced at the latest. */
  readonly wearMinutesTo: number
}

/** The published values. */
export const publishedThresholds: Thresholds = {
  heatDifferenceKelvin: 8.6,
  heatSpeedRpm: 1380,
  powerWattsMin: 3500,
  powerWattsMax: 9000,
  strainMax: { L: 11_000, M: 12_000, H: 13_000 },
  wearMinutesFrom: 200,
  wearMinutesTo: 240,
}

/** Why a mode is predicted: the value that crossed its threshold. */
export interface Alert {
  readonly mode: Exclude<FailureMode, 'RNF'>
  /** `fails`: the rule says so. `at-risk`: the published rule draws a random moment in a window, and this reading is inside. */
  readonly certainty: 'fails' | 'at-risk'
  readonly value: number
  readonly unit: 'K' | 'W' | 'min·Nm' | 'min'
}

/** The alerts of one reading. Random failures (RNF, 0.1 % by design) follow from nothing that is measured and are never predicted. */
export function predict(reading: Reading, thresholds: Thresholds): Alert[] {
  return [toolWear(reading, thresholds), heat(reading, thresholds), power(reading, thresholds), strain(reading, thresholds)].filter(
    (alert) => alert !== undefined,
  )
}

function toolWear({ wearMinutes }: Reading, { wearMinutesFrom, wearMinutesTo }: Thresholds): Alert | undefined {
  if (wearMinutes < wearMinutesFrom || wearMinutes > wearMinutesTo) return undefined
  return { mode: 'TWF', certainty: 'at-risk', value: wearMinutes, unit: 'min' }
}

function heat(reading: Reading, { heatDifferenceKelvin, heatSpeedRpm }: Thresholds): Alert | undefined {
  // Plain subtraction, as the data's author did it: at exactly 8.6 K the recorded labels follow the binary rounding of the two temperatures.
  const difference = Math.abs(reading.processKelvin - reading.airKelvin)
  if (difference >= heatDifferenceKelvin || reading.speedRpm >= heatSpeedRpm) return undefined
  return { mode: 'HDF', certainty: 'fails', value: Math.round(difference * 10) / 10, unit: 'K' }
}

function power(reading: Reading, { powerWattsMin, powerWattsMax }: Thresholds): Alert | undefined {
  const watts = (reading.torqueNm * reading.speedRpm * 2 * Math.PI) / 60
  if (watts >= powerWattsMin && watts <= powerWattsMax) return undefined
  return { mode: 'PWF', certainty: 'fails', value: Math.round(watts * 10) / 10, unit: 'W' }
}

function strain(reading: Reading, { strainMax }: Thresholds): Alert | undefined {
  const strained = reading.wearMinutes * reading.torqueNm
  if (strained <= strainMax[reading.quality]) return undefined
  return { mode: 'OSF', certainty: 'fails', value: Math.round(strained * 10) / 10, unit: 'min·Nm' }
}
