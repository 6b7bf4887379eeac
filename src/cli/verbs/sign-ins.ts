// How somebody signs in and where he is signed in: his sessions, his passkeys. Whoever names nobody asks about himself.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { table } from '../print/table.ts'
import { moreOf } from './people-lines.ts'

const session = z.object({
  id: z.string(),
  device: z.string(),
  via: z.string(),
  address: z.string().nullable(),
  lastUsedAt: z.string(),
  expiresAt: z.string(),
  here: z.boolean(),
})

const ways: Readonly<Record<string, string>> = {
  link: 'a one-time link',
  break_glass: 'a break-glass link',
  sso: 'the provider',
  passkey: 'a passkey',
  recovery: 'a recovery code',
}

/** Whoever asks, where nobody is named. */
const ofOneself = {
  fills: ['person'],
  prepare: async (input: Record<string, unknown>, _values: unknown, { api }: Context) =>
    input.person === undefined ? { ...input, person: (await api.call('session:show', {})).id } : input,
}

/** Where somebody is signed in; oneself, where nobody is named. */
export const personSessions: VerbExtra = {
  ...ofOneself,
  lines(answer, { paint }) {
    const { items } = z.object({ items: z.array(session) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map(({ id, device, via, address, lastUsedAt, expiresAt, here }) => [
      `${paint.bold(safe(device) || 'a device that did not say')}${here ? paint.green(' (this one)') : ''}`,
      ways[via] ?? safe(via),
      safe(address ?? 'not known'),
      momentText(lastUsedAt),
      momentText(expiresAt),
      safe(id),
    ])
    return table(['device', 'signed in by', 'from', 'last used', 'ends', 'id'], rows, paint)
  },
  next: (answer) => [...moreOf(answer), 'One of them ends: twinlock session revoke <id>'],
}

const passkey = z.object({
  id: z.string(),
  name: z.string(),
  synced: z.boolean(),
  state: z.string(),
  createdAt: z.string(),
  usedAt: z.string().nullable(),
})

/** The passkeys of somebody, and how many recovery codes are left; one's own, where nobody is named. */
export const personPasskeys: VerbExtra = {
  ...ofOneself,
  lines(answer, { paint }) {
    const { items, recoveryCodes, possible } = z
      .object({ items: z.array(passkey), recoveryCodes: z.number(), possible: z.boolean() })
      .parse(answer)
    const rows = items.map(({ id, name, synced, state, createdAt, usedAt }) => [
      paint.bold(safe(name)),
      safe(state),
      synced ? 'on several devices' : 'on one device',
      momentText(createdAt).slice(0, 10),
      usedAt === null ? paint.dim('never') : momentText(usedAt),
      safe(id),
    ])
    return [
      ...(rows.length === 0 ? ['No passkeys.'] : table(['passkey', 'state', 'kept', 'since', 'last used', 'id'], rows, paint)),
      `${counted(recoveryCodes, 'recovery code')} left.${possible ? '' : ' Passkeys do not work at an address without a name.'}`,
    ]
  },
  next: moreOf,
}
