// Compares predictions with what was recorded, per mode: how many alerts were right, how many failures were seen.
import type { Alert } from './predict.ts'
import { type FailureMode, failureModes, type Reading } from './reading.ts'

/** Counts and shares of one mode. A share of nothing is null, never 1. */
export interface Score {
  readonly mode: FailureMode | 'any'
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  readonly trueNegatives: number
  /** Right alerts among alerts. */
  readonly precision: number | null
  /** Seen failures among failures. */
  readonly recall: number | null
  /** What one has to know to read these figures. */
  readonly note: string
}

/** One reading and what was predicted for it. */
export interface Predicted {
  readonly reading: Reading
  readonly alerts: readonly Alert[]
}

const notes: Readonly<Record<FailureMode | 'any', string>> = {
  TWF: 'The published rule draws a random moment between 200 and 240 minutes, so an alert says "at risk" and most alerts are not followed by a failure; a few recorded failures lie outside that window.',
  HDF: 'The rule decides on what is measured; readings exactly on the threshold follow binary rounding, there as here.',
  PWF: 'The rule decides on what is measured.',
  OSF: 'The rule decides on what is measured.',
  RNF: 'One in a thousand readings fails at random, whatever was measured: not predictable, and not predicted.',
  any: 'Modes that a rule decides (HDF, PWF, OSF) against the machine failure that the file records, which also counts worn tools and failures without a recorded mode.',
}

/** Scores every mode and the machine as a whole. */
export function scoreAll(predicted: readonly Predicted[]): Score[] {
  const perMode = failureModes.map((mode) =>
    score(
      mode,
      predicted,
      ({ alerts }) => alerts.some((alert) => alert.mode === mode),
      ({ reading }) => reading.failed.includes(mode),
    ),
  )
  const machine = score(
    'any',
    predicted,
    ({ alerts }) => alerts.some((alert) => alert.certainty === 'fails'),
    ({ reading }) => reading.isMachineFailure,
  )
  return [...perMode, machine]
}

function score(
  mode: Score['mode'],
  all: readonly Predicted[],
  isPredicted: (one: Predicted) => boolean,
  isRecorded: (one: Predicted) => boolean,
): Score {
  const count = (predicted: boolean, recorded: boolean) =>
    all.filter((one) => isPredicted(one) === predicted && isRecorded(one) === recorded).length
  const truePositives = count(true, true)
  const falsePositives = count(true, false)
  const falseNegatives = count(false, true)
  return {
    mode,
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives: count(false, false),
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    note: notes[mode],
  }
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000
}
