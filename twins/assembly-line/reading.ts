// One reading of the milling machine, and the ways in which it fails (AI4I 2020 Predictive Maintenance, S. Matzka, UCI repository, CC BY 4.0).
import { csvRows } from './csv.ts'

/** Quality of the product that is made: low, medium, high. It sets how much strain the machine takes. */
export type Quality = 'L' | 'M' | 'H'

/** How the machine fails: tool wear, heat dissipation, power, overstrain, at random. */
export type FailureMode = 'TWF' | 'HDF' | 'PWF' | 'OSF' | 'RNF'
/** The modes in the order of the file. */
export const failureModes: readonly FailureMode[] = ['TWF', 'HDF', 'PWF', 'OSF', 'RNF']

/** What was measured, and what was recorded afterwards. */
export interface Reading {
  /** Position in the file, from 0. */
  readonly index: number
  readonly quality: Quality
  readonly airKelvin: number
  readonly processKelvin: number
  readonly speedRpm: number
  readonly torqueNm: number
  readonly wearMinutes: number
  /** What was recorded to have failed: the file's own labels. Never used to predict. */
  readonly failed: readonly FailureMode[]
  /** Whether the file says that the machine failed at all. */
  readonly isMachineFailure: boolean
}

const columns = {
  quality: 'Type',
  airKelvin: 'Air temperature [K]',
  processKelvin: 'Process temperature [K]',
  speedRpm: 'Rotational speed [rpm]',
  torqueNm: 'Torque [Nm]',
  wearMinutes: 'Tool wear [min]',
  isMachineFailure: 'Machine failure',
} as const

/** Reads the CSV; columns are found by their names, others are passed over. Throws where one is missing or a value is not a number. */
export function readReadings(text: string): Reading[] {
  const [header, ...rows] = csvRows(text)
  if (header === undefined) throw new TypeError('The file of readings is empty.')
  const place = (name: string): number => {
    const at = header.indexOf(name)
    if (at < 0) throw new TypeError(`The file of readings has no column \`${name}\`.`)
    return at
  }
  const modes = failureModes.map((mode) => ({ mode, at: place(mode) }))
  const at = Object.fromEntries(Object.entries(columns).map(([key, name]) => [key, place(name)])) as Record<keyof typeof columns, number> // same keys
  return rows.map((row, index) => ({
    index,
    quality: readQuality(row[at.quality], index),
    airKelvin: readNumber(row[at.airKelvin], index),
    processKelvin: readNumber(row[at.processKelvin], index),
    speedRpm: readNumber(row[at.speedRpm], index),
    torqueNm: readNumber(row[at.torqueNm], index),
    wearMinutes: readNumber(row[at.wearMinutes], index),
    failed: modes.filter(({ at: column }) => row[column] === '1').map(({ mode }) => mode),
    isMachineFailure: row[at.isMachineFailure] === '1',
  }))
}

/** Reads one reading of the historian's JSON. Throws where the shape is another. */
export function readReading(value: unknown): Reading {
  const of = (name: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined)
  const index = Number(of('index'))
  const number = (name: string) => readNumber(String(of(name)), index)
  const failed = of('failed')
  return {
    index,
    quality: readQuality(of('quality'), index),
    airKelvin: number('airKelvin'),
    processKelvin: number('processKelvin'),
    speedRpm: number('speedRpm'),
    torqueNm: number('torqueNm'),
    wearMinutes: number('wearMinutes'),
    failed: failureModes.filter((mode) => Array.isArray(failed) && failed.includes(mode)),
    isMachineFailure: of('isMachineFailure') === true,
  }
}

function readQuality(value: unknown, index: number): Quality {
  if (value === 'L' || value === 'M' || value === 'H') return value
  throw new TypeError(`Reading ${index} has no quality L, M or H.`)
}

function readNumber(value: string | undefined, index: number): number {
  const number = value === undefined || value === '' ? Number.NaN : Number(value)
  if (!Number.isFinite(number)) throw new TypeError(`Reading ${index} has a value that is no number.`)
  return number
}
