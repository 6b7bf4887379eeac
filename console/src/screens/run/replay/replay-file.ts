// The file `replay.json` of a drive (docs/guides/warehouse-robot.md), read strictly: a run wrote it, so it may be anything. What does not have the form, or is
// larger than a drive may be, is refused with the place where it is wrong.

/** A place and a heading on the floor: metres, radians. */
export interface Pose {
  readonly x: number
  readonly y: number
  readonly yaw: number
}

/** A box: its middle, its turn as a quaternion, its whole extents. */
export interface Box {
  readonly name: string
  readonly label: string
  readonly at: readonly [number, number, number]
  readonly turn: readonly [number, number, number, number]
  readonly size: readonly [number, number, number]
}

/** Something that moves: its boxes in its own frame, and x, y and yaw for each step, one after the other. */
export interface Mover {
  readonly name: string
  readonly boxes: readonly Box[]
  readonly track: readonly number[]
}

/** What happened at a time, in simulated seconds. */
export type Mark = { readonly t: number } & (
  | { readonly kind: 'call'; readonly number: number }
  | { readonly kind: 'goal'; readonly number: number }
  | { readonly kind: 'end'; readonly verdict: string }
)

/** A drive. */
export interface ReplayFile {
  readonly scenario: string
  readonly seed: number
  readonly goals: readonly { readonly name: string; readonly x: number; readonly y: number }[]
  readonly boxes: readonly Box[]
  readonly robot: Mover
  readonly people: readonly Mover[]
  readonly times: readonly number[]
  readonly stepSeconds: number
  readonly marks: readonly Mark[]
  readonly leftOut: { readonly steps: number; readonly boxes: number }
  /** The last moment that is in it. */
  readonly end: number
}

/** What a replay may hold at most: as many as the twin writes, and no more than a browser draws. */
export const replayLimits = { stepsMax: 9_000, boxesMax: 4_000, peopleMax: 64, marksMax: 5_000, goalsMax: 200, partsMax: 200 } as const

const reachMax = 1e6

class Malformed extends Error {}

const bad = (path: string, what: string): Malformed => new Malformed(`\`${path}\` ${what}.`)

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(path, 'is no object')
  return value as Fields // by the line above
}

function list(value: unknown, path: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(path, 'is no list')
  if (value.length > max) throw bad(path, `holds ${value.length}, and at most ${max} are shown`)
  return value
}

function number(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > reachMax)
    throw bad(path, 'is no number that could be in it')
  return value
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length > 500) throw bad(path, 'is no text of up to 500 characters')
  return value
}

function numbers(value: unknown, path: string, length: number): readonly number[] {
  const all = list(value, path, length)
  if (all.length !== length) throw bad(path, `holds ${all.length} numbers instead of ${length}`)
  return all.map((one, at) => number(one, `${path}/${at}`))
}

function triple(value: unknown, path: string): readonly [number, number, number] {
  const [x = 0, y = 0, z = 0] = numbers(value, path, 3)
  return [x, y, z]
}

function quaternion(value: unknown, path: string): readonly [number, number, number, number] {
  const [x = 0, y = 0, z = 0, w = 1] = numbers(value, path, 4)
  return [x, y, z, w]
}

function box(value: unknown, path: string): Box {
  const { name, label, at, turn, size } = fields(value, path)
  return {
    name: text(name, `${path}/name`),
    label: text(label, `${path}/label`),
    at: triple(at, `${path}/at`),
    turn: quaternion(turn, `${path}/turn`),
    size: triple(size, `${path}/size`),
  }
}

function boxes(value: unknown, path: string, max: number): readonly Box[] {
  return list(value, path, max).map((one, at) => box(one, `${path}/${at}`))
}

function mover(value: unknown, path: string, steps: number, name: string): Mover {
  const of = fields(value, path)
  return {
    name: of.name === undefined ? name : text(of.name, `${path}/name`),
    boxes: boxes(of.boxes, `${path}/boxes`, replayLimits.partsMax),
    track: numbers(of.track, `${path}/track`, steps * 3),
  }
}

function mark(value: unknown, path: string): Mark {
  const { t, call, goal, end } = fields(value, path)
  const at = Math.max(0, number(t, `${path}/t`))
  if (call !== undefined) return { kind: 'call', number: number(call, `${path}/call`), t: at }
  if (goal !== undefined) return { kind: 'goal', number: number(goal, `${path}/goal`), t: at }
  return { kind: 'end', verdict: text(end, `${path}/end`), t: at }
}

function timesOf(value: unknown): readonly number[] {
  const times = list(value, '/times', replayLimits.stepsMax).map((one, at) => number(one, `/times/${at}`))
  if (times.length === 0) throw bad('/times', 'is empty')
  const wrong = times.findIndex((time, at) => at > 0 && time <= (times[at - 1] ?? 0))
  if (wrong !== -1) throw bad(`/times/${wrong}`, 'is not later than the one before it')
  return times
}

function goalsOf(value: unknown): ReplayFile['goals'] {
  return list(value, '/goals', replayLimits.goalsMax).map((one, at) => {
    const { name, x, y } = fields(one, `/goals/${at}`)
    return { name: text(name, `/goals/${at}/name`), x: number(x, `/goals/${at}/x`), y: number(y, `/goals/${at}/y`) }
  })
}

/** Reads a replay. Throws an error that says where it is wrong. */
export function readReplay(source: string): ReplayFile {
  const file = fields(JSON.parse(source), '/')
  if (file.schema !== 'warehouse-replay/1') throw bad('/schema', 'is not warehouse-replay/1')
  const times = timesOf(file.times)
  const steps = times.length
  const marks = list(file.marks, '/marks', replayLimits.marksMax).map((one, at) => mark(one, `/marks/${at}`))
  const leftOut = file.leftOut === undefined ? {} : fields(file.leftOut, '/leftOut')
  return {
    scenario: text(file.scenario, '/scenario'),
    seed: number(file.seed, '/seed'),
    goals: goalsOf(file.goals),
    boxes: boxes(file.boxes, '/boxes', replayLimits.boxesMax),
    robot: mover(file.robot, '/robot', steps, 'robot'),
    people: list(file.people, '/people', replayLimits.peopleMax).map((one, at) => mover(one, `/people/${at}`, steps, `person ${at + 1}`)),
    times,
    stepSeconds: Math.max(0.01, number(file.stepSeconds, '/stepSeconds')),
    marks: [...marks].sort((one, other) => one.t - other.t),
    leftOut: { steps: number(leftOut.steps ?? 0, '/leftOut/steps'), boxes: number(leftOut.boxes ?? 0, '/leftOut/boxes') },
    end: Math.max(times.at(-1) ?? 0, ...marks.map(({ t }) => t)),
  }
}
