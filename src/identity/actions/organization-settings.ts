// What an organization sets for itself: its name, how long sessions last by role, how long requests wait, how long a deletion waits. Shorter limits of sessions
// hold at once for what is open.
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  organizationType,
  type Ports,
  reasonText,
  type Tx,
  titleText,
  toMoment,
} from '../../kernel/index.ts'
import { deletionOf, usualGraceDays } from '../closing.ts'
import { limitedRoles, limitsByRole, longestFor, shortenSessions } from '../session-limits.ts'
import { signInRules } from '../sign-in/rules.ts'

const limit = z.object({
  role: z.enum(limitedRoles),
  idleMinutes: z.number(),
  absoluteMinutes: z.number(),
  isOwn: z.boolean().meta({ description: 'Whether the organization set it.' }),
})

const settingsOutput = z.object({
  organization: z.object({ id: idOf('org'), slug: z.string(), name: z.string() }),
  sessions: z.array(limit),
  stepUpMinutes: z.number(),
  requireSso: z.boolean(),
  deletionGraceDays: z.number(),
  deliveryDays: z.number().meta({ description: 'For how many days the log of a directory says what it asked for.' }),
  requestOpenMinutes: z.number().meta({ description: 'How long a request for access waits to be decided, where it does not say.' }),
  requestMinutes: z.number().meta({ description: 'How long what a request asks for lasts, where it does not say.' }),
  deletion: z
    .object({
      state: z.enum(['asked', 'confirmed']),
      askedBy: idOf('per'),
      askedAt: z.string(),
      confirmedBy: idOf('per').nullable(),
      dueAt: z.string().nullable().meta({ description: 'When it takes effect; null until it is confirmed.' }),
    })
    .nullable(),
})

/** How long a request for access waits, and what it asks for lasts, in minutes, where neither it nor the organization says. */
const usualRequest = { openMinutes: 1_440, minutes: 60 }

const settingsRow = (tx: Tx) => tx.selectFrom('organization_settings').selectAll().executeTakeFirst()

/** The days that a confirmed deletion waits. */
export async function graceDays(tx: Tx): Promise<number> {
  return (await settingsRow(tx))?.grace_days ?? usualGraceDays
}

/** For how many days the log of a directory says what it asked for, where the organization does not say. */
const usualDeliveryDays = 90

/** For how many days the log of a directory says what it asked for. */
export async function deliveryDays(tx: Tx): Promise<number> {
  return (await settingsRow(tx))?.delivery_days ?? usualDeliveryDays
}

/** How long a request for access waits, and what it asks for lasts, in minutes, where it does not say. */
export async function requestMinutes(tx: Tx): Promise<{ readonly openMinutes: number; readonly minutes: number }> {
  const row = await settingsRow(tx)
  return { openMinutes: row?.request_open_minutes ?? usualRequest.openMinutes, minutes: row?.request_minutes ?? usualRequest.minutes }
}

async function settingsNow(tx: Tx): Promise<z.input<typeof settingsOutput>> {
  const { org_id: id, slug, name } = await tx.selectFrom('organization').select(['org_id', 'slug', 'name']).executeTakeFirstOrThrow()
  const { requireSso, stepUpSeconds } = await signInRules(tx)
  const deletion = await deletionOf(tx)
  const requests = await requestMinutes(tx)
  return {
    organization: { id, slug, name },
    sessions: (await limitsByRole(tx)).map(({ role, ttlSeconds, idleSeconds, isOwn }) => ({
      role,
      idleMinutes: idleSeconds / 60,
      absoluteMinutes: ttlSeconds / 60,
      isOwn,
    })),
    stepUpMinutes: stepUpSeconds / 60,
    requireSso,
    deletionGraceDays: await graceDays(tx),
    deliveryDays: await deliveryDays(tx),
    requestOpenMinutes: requests.openMinutes,
    requestMinutes: requests.minutes,
    deletion:
      deletion === undefined
        ? null
        : {
            state: deletion.confirmed_at === null ? ('asked' as const) : ('confirmed' as const),
            askedBy: deletion.asked_by,
            askedAt: deletion.asked_at.toISOString(),
            confirmedBy: deletion.confirmed_by,
            dueAt: toMoment(deletion.due_at),
          },
  }
}

/** Shows what the organization set for itself. */
export const showSettings = action({
  name: 'organization:settings',
  summary:
    'Show what the organization set for itself: how long sessions last by role, how signing in goes, how long requests and a deletion wait.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: settingsOutput,
  locate: locateOrganization,
  perform: async ({ tx }) => ({ result: await settingsNow(tx) }),
})

const limitInput = z.strictObject({
  role: z.enum(limitedRoles),
  idleMinutes: z.number().int().min(5).max(720),
  absoluteMinutes: z.number().int().min(15).max(1440),
})

function requireWithin({ role, idleMinutes, absoluteMinutes }: z.output<typeof limitInput>, at: number): void {
  const longest = longestFor(role)
  const pointer = `/sessions/${at}`
  if (absoluteMinutes * 60 > longest.ttlSeconds)
    throw fail('invalid', `A session of \`${role}\` lasts at most ${longest.ttlSeconds / 60} minutes.`, {
      pointer: `${pointer}/absoluteMinutes`,
    })
  if (idleMinutes * 60 > longest.idleSeconds)
    throw fail('invalid', `A session of \`${role}\` lies unused for at most ${longest.idleSeconds / 60} minutes.`, {
      pointer: `${pointer}/idleMinutes`,
    })
}

async function setLimits(tx: Tx, ports: Ports, org: string, limits: readonly z.output<typeof limitInput>[]): Promise<number> {
  for (const { role, idleMinutes, absoluteMinutes } of limits) {
    const columns = { ttl_seconds: absoluteMinutes * 60, idle_seconds: idleMinutes * 60 }
    await tx
      .insertInto('session_limit')
      .values({ org_id: org, role, ...columns })
      .onConflict((conflict) => conflict.columns(['org_id', 'role']).doUpdateSet(columns))
      .execute()
  }
  return shortenSessions(tx, ports)
}

interface Waits {
  readonly deletionGraceDays?: number | undefined
  readonly deliveryDays?: number | undefined
  readonly requestOpenMinutes?: number | undefined
  readonly requestMinutes?: number | undefined
}

const waitColumns = {
  deletionGraceDays: 'grace_days',
  deliveryDays: 'delivery_days',
  requestOpenMinutes: 'request_open_minutes',
  requestMinutes: 'request_minutes',
} as const satisfies Readonly<Record<keyof Waits, string>>

/** Sets how long things wait or are kept, as far as it is said; answers what was. */
async function setWaits(tx: Tx, org: string, waits: Waits) {
  const names = ['deletionGraceDays', 'deliveryDays', 'requestOpenMinutes', 'requestMinutes'] as const
  const said = names.flatMap((name) => (waits[name] === undefined ? [] : [[name, waits[name]] as const]))
  if (said.length === 0) return {}
  const columns = Object.fromEntries(said.map(([name, value]) => [waitColumns[name], value]))
  const usual = { org_id: org, grace_days: null, delivery_days: null, request_open_minutes: null, request_minutes: null }
  await tx
    .insertInto('organization_settings')
    .values({ ...usual, ...columns })
    .onConflict((conflict) => conflict.column('org_id').doUpdateSet(columns))
    .execute()
  return Object.fromEntries(said)
}

/** Changes some of what the organization set for itself. */
export const changeSettings = action({
  name: 'organization:change-settings',
  summary:
    'Change the organization’s name, how long sessions last by role, how long requests or a deletion wait; sessions that are open become shorter at once.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    name: titleText.optional(),
    sessions: z.array(limitInput).min(1).max(limitedRoles.length).optional(),
    deletionGraceDays: z.number().int().min(7).max(90).optional(),
    deliveryDays: z.number().int().min(7).max(400).optional().meta({ description: 'For how many days the log of a directory is kept.' }),
    requestOpenMinutes: z.number().int().min(5).max(10_080).optional(),
    requestMinutes: z.number().int().min(5).max(10_080).optional(),
    reason: reasonText,
  }),
  output: settingsOutput.extend({ sessionsShortened: z.number() }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const { name, sessions = [], reason } = input
    for (const [at, one] of sessions.entries()) requireWithin(one, at)
    if (name !== undefined) await tx.updateTable('organization').set({ name }).execute()
    const waits = await setWaits(tx, principal.org, input)
    if (sessions.length > 0) await ports.holdAdmissions(tx)
    const sessionsShortened = sessions.length === 0 ? 0 : await setLimits(tx, ports, principal.org, sessions)
    const limits = Object.fromEntries(sessions.map(({ role, idleMinutes, absoluteMinutes }) => [role, { idleMinutes, absoluteMinutes }]))
    return {
      result: { ...(await settingsNow(tx)), sessionsShortened },
      facts: { limits, sessionsShortened, ...waits },
      texts: { reason, ...(name === undefined ? {} : { name }) },
      takesAway: sessions.length > 0,
    }
  },
})
