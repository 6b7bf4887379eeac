// Faults on request, as sensors act on them: a sample that never comes, one that repeats, a lamp in the lens, a burst of noise. Windows come
// from scenarios (untrusted, checked here) and from the run's own fault list (checked there).

import { EngineError } from '../errors.ts'
import type { Fault } from '../run/faults.ts'

/** What can go wrong with a sensor. */
const sensorFaultKinds = ['drop', 'freeze', 'glare', 'noise-burst'] as const

/** One of the kinds of sensor fault. */
export type SensorFaultKind = (typeof sensorFaultKinds)[number]

/** A fault and its window in simulated seconds. `amount`: strength of glare (0 to 1), or how many times the usual noise; others ignore it. */
export interface SensorFault {
  readonly kind: SensorFaultKind
  readonly fromSeconds: number
  readonly untilSeconds: number
  readonly amount?: number
}

/** Faults of one sensor that act at one moment. */
export interface ActiveFaults {
  readonly drop: boolean
  readonly freeze: boolean
  /** 0: none. */
  readonly glare: number
  /** Factor of the usual noise; 1: none. */
  readonly noise: number
}

/** Most fault windows of one sensor, and the largest amount. */
const faultLimits = { windowsMax: 1000, amountMax: 1000 } as const

/** The same faults, or `run/bad-input` or `value/out-of-range` saying which window cannot be. */
export function checkSensorFaults(faults: readonly SensorFault[]): readonly SensorFault[] {
  if (faults.length > faultLimits.windowsMax) {
    throw new EngineError('value/out-of-range', `A sensor has ${faults.length} fault windows; the limit is ${faultLimits.windowsMax}.`, {
      windowsMax: faultLimits.windowsMax,
    })
  }
  for (const { kind, fromSeconds, untilSeconds, amount = 0 } of faults) {
    if (!sensorFaultKinds.includes(kind) || !(fromSeconds >= 0) || !(untilSeconds >= fromSeconds)) {
      throw new EngineError(
        'run/bad-input',
        `Sensor fault \`${kind}\` from ${fromSeconds} to ${untilSeconds} s is unknown or has no window.`,
        { kind },
      )
    }
    if (!(amount >= 0 && amount <= faultLimits.amountMax)) {
      throw new EngineError(
        'value/out-of-range',
        `Sensor fault \`${kind}\` has the amount ${amount}, outside 0 to ${faultLimits.amountMax}.`,
        { kind },
      )
    }
  }
  return faults
}

/** What acts at a time: the sensor's own windows, and those of the run whose kind begins with `family` (as `camera-drop`). */
export function activeFaults(own: readonly SensorFault[], run: readonly Fault[], family: string, timeNs: number): ActiveFaults {
  const seconds = timeNs / 1e9
  const now = own.filter((fault) => seconds >= fault.fromSeconds && seconds < fault.untilSeconds)
  const find = (kind: SensorFaultKind): { readonly amount?: number } | undefined =>
    now.find((fault) => fault.kind === kind) ?? run.find((fault) => fault.kind === `${family}-${kind}`)
  const glare = find('glare')
  const burst = find('noise-burst')
  return {
    drop: find('drop') !== undefined,
    freeze: find('freeze') !== undefined,
    glare: glare === undefined ? 0 : (glare.amount ?? 0.7),
    noise: burst === undefined ? 1 : (burst.amount ?? 8),
  }
}
