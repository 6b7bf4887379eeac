// What is asked of a later room: whether anybody is left who can manage the organization, and whether there is another.
import type { Ports, Tx } from '../../kernel/index.ts'
import { fail } from '../../kernel/index.ts'

/** Knows who manages the organization. */
export interface Administrators {
  /** Whether an active person holds the role `admin` on the whole organization, directly or through groups, at `now` (milliseconds since the epoch). */
  remain(tx: Tx, now: number): Promise<boolean>
  /** Whether one does who is none of these. */
  others(tx: Tx, now: number, people: readonly string[]): Promise<boolean>
}

declare module '../../kernel/action.ts' {
  interface Ports {
    readonly administrators: Administrators
  }
}

/** Takes something away from people. Throws `last_administrator` when nobody could manage the organization after it who could before. */
export async function keepingAdministrator<T>(tx: Tx, ports: Ports, take: () => Promise<T>): Promise<T> {
  const now = ports.clock.now()
  const before = await ports.administrators.remain(tx, now)
  const done = await take()
  if (before && !(await ports.administrators.remain(tx, now)))
    throw fail('last_administrator', 'Nobody would be left who can manage the organization.', {
      next: 'Make somebody else an administrator of the organization first.',
    })
  return done
}
