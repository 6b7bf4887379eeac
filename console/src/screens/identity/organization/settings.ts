// What an organization sets for itself, as it is typed: numbers within the bounds that the server holds to. Texts that anybody may have written. Pure.
import type { InputOf, OutputOf } from '../../../api/call.ts'

/** What an organization set for itself. */
export type Settings = OutputOf<'organization:settings'>
/** The limit of a role. */
export type Limit = Settings['sessions'][number]

/** A number that is typed: the least and the most that it may be, and its unit. */
export interface Bounds {
  readonly min: number
  readonly max: number
  readonly unit: string
}

/** What can be set, beside the limits of sessions. */
const bounds = {
  requestOpenMinutes: { min: 5, max: 10_080, unit: 'minutes' },
  requestMinutes: { min: 5, max: 10_080, unit: 'minutes' },
  deletionGraceDays: { min: 7, max: 90, unit: 'days' },
  deliveryDays: { min: 7, max: 400, unit: 'days' },
  stepUpMinutes: { min: 5, max: 480, unit: 'minutes' },
} as const satisfies Readonly<Record<string, Bounds>>

const privileged: readonly string[] = ['admin', 'reviewer', 'deployer']

/** The bounds of the limits of a role's sessions: shorter for those who change what others may, or let something out. */
export function limitBounds(role: string): { readonly idle: Bounds; readonly absolute: Bounds } {
  const [idle, absolute] = privileged.includes(role) ? [120, 480] : [720, 1_440]
  return { idle: { min: 5, max: idle, unit: 'minutes' }, absolute: { min: 15, max: absolute, unit: 'minutes' } }
}

/** The whole number that is typed, or what is wrong with it. */
export function numberIn(text: string, { min, max, unit }: Bounds): { readonly is: number } | { readonly wrong: string } {
  const is = /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN
  return is >= min && is <= max
    ? { is }
    : { wrong: `From ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')} ${unit}, as a whole number.` }
}

/** What is typed, read: a change, or what is wrong by field; undefined where it says what is so already. */
export type Typed<C, F extends string> = { readonly change: C } | { readonly wrong: Partial<Record<F, string>> } | undefined

/** How long things wait. */
export type Waits = Pick<Settings, 'requestOpenMinutes' | 'requestMinutes' | 'deletionGraceDays' | 'deliveryDays'>

/** The waits that are typed, where they are others than now. */
export function waitsIn(typed: Readonly<Record<keyof Waits, string>>, now: Waits): Typed<Partial<Waits>, keyof Waits> {
  const names = ['requestOpenMinutes', 'requestMinutes', 'deletionGraceDays', 'deliveryDays'] as const
  const read = names.map((name) => [name, numberIn(typed[name], bounds[name])] as const)
  const wrong = read.flatMap(([name, one]) => ('wrong' in one ? [[name, one.wrong] as const] : []))
  if (wrong.length > 0) return { wrong: Object.fromEntries(wrong) }
  const others = read.flatMap(([name, one]) => ('is' in one && one.is !== now[name] ? [[name, one.is] as const] : []))
  return others.length === 0 ? undefined : { change: Object.fromEntries(others) }
}

/** For how many minutes a sign-in is to be fresh, where that is typed as others than now. */
export function freshIn(typed: string, now: number): Typed<number, 'minutes'> {
  const minutes = numberIn(typed, bounds.stepUpMinutes)
  if ('wrong' in minutes) return { wrong: { minutes: minutes.wrong } }
  return minutes.is === now ? undefined : { change: minutes.is }
}

type LimitInput = NonNullable<InputOf<'organization:change-settings'>['sessions']>[number]

/** The limit of a role that is typed, where it is another than now. */
export function limitIn(
  role: Limit['role'],
  typed: Readonly<Record<'idle' | 'absolute', string>>,
  now: Pick<Limit, 'idleMinutes' | 'absoluteMinutes'>,
): Typed<LimitInput, 'idle' | 'absolute'> {
  const of = limitBounds(role)
  const [idle, absolute] = [numberIn(typed.idle, of.idle), numberIn(typed.absolute, of.absolute)]
  if ('wrong' in idle || 'wrong' in absolute)
    return { wrong: { ...('wrong' in idle ? { idle: idle.wrong } : {}), ...('wrong' in absolute ? { absolute: absolute.wrong } : {}) } }
  if (idle.is === now.idleMinutes && absolute.is === now.absoluteMinutes) return undefined
  return { change: { role, idleMinutes: idle.is, absoluteMinutes: absolute.is } }
}
