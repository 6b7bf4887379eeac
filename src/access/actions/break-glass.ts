// Breaking the glass: somebody who may gives himself a role at once, for minutes, and says why. It is loud (its entry says so, and everybody who could have
// approved it is told until it is reviewed), short, and reviewed by another. It gives hands and never the right to hand on: what is held by it nobody can grant.
// Breaking the glass of the sign-in is another thing (`person:break-glass`): that opens a session past the provider and gives nothing.
import { z } from 'zod'
import { callerEntity, sessionType } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  type Locating,
  organizationRef,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  reasonText,
  roles,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { lacking, requireHeld } from '../bounds.ts'
import { wouldAllow } from '../decide.ts'
import { factsOf, type Giver, give, grantRelated, grantRow, grantsEntity, grantsType, requireThere, scopeOf, termsShape } from '../give.ts'
import { hasOverdue, isLive, requireRoom, reviewWithinMs, shownUses, type Use, unreviewed, useOutput, usesIn } from '../glass/uses.ts'
import { notByGlass } from '../glass/way.ts'
import { holdsAny, policiesFor } from '../requests/deciders.ts'
import { grantOutput, shown } from './grant.ts'

const minutesMax = 60
const reasonCharactersMin = 20

const breakInput = z.strictObject({
  role: z.enum(roles).exclude(notByGlass).meta({ description: 'A role that ships, but for the one that gives.' }),
  scopeType: termsShape.scopeType,
  scope: termsShape.scope,
  environments: termsShape.environments,
  minutes: z.coerce.number().int().min(1).max(minutesMax).default(15).meta({ description: 'How long.' }),
  reason: reasonText
    .min(reasonCharactersMin, `must say why in at least ${reasonCharactersMin} characters`)
    .meta({ description: 'What happened, and what for: whoever reviews it reads this.' }),
})

/** Where it reaches, and whether an earlier use waits for too long; in one environment, that one. */
async function locateBreaking({ input, tx, ports, principal }: Locating<z.output<typeof breakInput>>) {
  const above = await scopeOf(tx, ports, input, principal.org)
  const overdue = await hasOverdue(tx, principal.id, ports.clock.now())
  const [only, ...others] = input.environments
  const environment = only === undefined || others.length > 0 ? undefined : await ports.scopes.environment(tx, only)
  return { resource: grantsEntity(above), context: { overdue }, ...(environment === undefined ? {} : { environment }), found: undefined }
}

/** Gives the caller a role at once, for minutes. */
export const breakGlass = action({
  name: 'grant:break-glass',
  summary:
    'Give yourself a role at once, for at most an hour, when nobody can be waited for. Everybody who could have approved it is told; one of them reviews it.',
  effect: 'change',
  roles: ['admin'],
  resource: grantsType,
  context: { overdue: 'Boolean' },
  input: breakInput,
  output: grantOutput.extend({
    reviewBy: z.string().meta({ description: 'From then on the glass cannot be broken again until this use was reviewed.' }),
  }),
  locate: locateBreaking,
  async perform({ input, tx, ports, principal }) {
    const giver: Giver = { tx, ports, principal }
    await requireThere(tx, ports, input)
    await holdAdmissions(tx)
    await requireRoom(tx, principal.id)
    const expiresAt = new Date(ports.clock.now() + input.minutes * 60_000)
    const row = grantRow(giver, input, [], { to: { type: 'Person', id: principal.id }, expiresAt, breakGlass: true })
    // The right to break the glass must itself reach as far as what is taken: in scope, environments and time.
    await requireHeld({ tx, ports, giver: principal, given: { ...row, role: null, actions: [breakGlass.name] } })
    const conflicts = await give(giver, row)
    return {
      result: { ...shown(row), reviewBy: new Date(row.created_at.getTime() + reviewWithinMs).toISOString() },
      facts: { alarm: 'break-glass', minutes: input.minutes, ...factsOf(row, conflicts) },
      related: grantRelated(row),
      texts: { reason: input.reason },
    }
  },
})

/** What the review of a use is decided on. */
async function locatedUse(tx: Tx, ports: Ports, use: Use) {
  const above = await ports.scopes.above(tx, { type: use.scope_type, id: use.scope_id })
  return { resource: grantsEntity(above ?? [organizationRef(use.org_id)]), context: { grantees: [use.principal_id] }, found: use }
}

interface Reviewed {
  /** When the use ended, if it did by this. */
  readonly ended: Date | null
  /** How many live runs ended. */
  readonly runs: number
}

/** Keeps the review, unless there is one, and ends what was not justified: the use, where it is still live, and the runs that stand on it, also after its hour. */
async function keepReview({ tx, ports, principal }: Giver, use: Use, verdict: 'justified' | 'not_justified'): Promise<Reviewed> {
  await holdAdmissions(tx)
  const there = await tx.selectFrom('break_glass_review').select('verdict').where('grant_id', '=', use.id).executeTakeFirst()
  if (there !== undefined) throw fail('conflict', 'Somebody has reviewed it before.')
  const at = new Date(ports.clock.now())
  const review = { org_id: use.org_id, grant_id: use.id, verdict, reviewed_by: principal.id, reviewed_at: at }
  await tx.insertInto('break_glass_review').values(review).execute()
  if (verdict === 'justified') return { ended: null, runs: 0 }
  const isOn = isLive(use, at.getTime())
  if (isOn) await tx.updateTable('grant').set({ revoked_at: at }).where('id', '=', use.id).where('revoked_at', 'is', null).execute()
  const runs = await ports.dependents.endFor(tx, { holders: [use.principal_id], at, ports })
  return { ended: isOn ? at : null, runs }
}

/** Reviews a use; one that was not justified ends, where it is still live. */
export const reviewBreakGlass = action({
  name: 'grant:review',
  summary: 'Review a use of break-glass, as somebody else who could have approved it. One that was not justified ends at once.',
  effect: 'change',
  roles: ['admin'],
  resource: grantsType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({ grant: idOf('grt'), verdict: z.enum(['justified', 'not_justified']), reason: reasonText }),
  output: useOutput,
  locate: async ({ input, tx, ports }) => {
    const use = await usesIn(tx).where('id', '=', input.grant).executeTakeFirst()
    if (use === undefined) throw fail('not_found', 'There is no use of break-glass with this id.')
    return locatedUse(tx, ports, use)
  },
  async perform({ input, found, tx, ports, principal }) {
    const { verdict, reason } = input
    await requireHeld({ tx, ports, giver: principal, given: found })
    const { ended, runs } = await keepReview({ tx, ports, principal }, found, verdict)
    const [result] = await shownUses(tx, [{ ...found, revoked_at: ended ?? found.revoked_at }], ports.clock.now())
    if (result === undefined) throw new Error('A use that was reviewed is not there.')
    const facts = { verdict, ended: ended !== null, runs }
    return { result, facts, related: grantRelated(found), texts: { reason }, takesAway: ended !== null || runs > 0 }
  },
})

interface Looking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly version: number
}

/** Those of several uses that somebody could review. */
async function reviewable({ tx, ports, principal, version }: Looking, uses: readonly Use[]): Promise<Use[]> {
  if (uses.length === 0) return []
  const policies = await policiesFor({ tx, ports, version }, principal)
  const kept: Use[] = []
  for (const use of uses) {
    const asked = {
      capability: reviewBreakGlass,
      principal,
      located: await locatedUse(tx, ports, use),
      policies,
      version,
      now: ports.clock.now(),
    }
    if (!wouldAllow(ports.decider, asked).allowed) continue
    if ((await lacking({ tx, ports, giver: principal, given: use })).length === 0) kept.push(use)
  }
  return kept
}

/** The uses that wait for a review that somebody could give, oldest first; of all that wait, `limit` are looked at. */
export async function usesToReview(
  look: Looking,
  limit: number,
): Promise<{ readonly looked: readonly Use[]; readonly uses: readonly Use[] }> {
  if (!(await holdsAny(look, reviewBreakGlass, look.principal))) return { looked: [], uses: [] }
  const looked = await unreviewed(look.tx).orderBy('id').limit(limit).execute()
  return { looked, uses: await reviewable(look, looked) }
}

/** Lists uses of break-glass. */
export const listBrokenGlass = action({
  name: 'grant:broken-glass',
  summary: 'List uses of break-glass, newest first: your own, and those that you could review.',
  effect: 'read',
  roles: [],
  by: ['person'],
  resource: sessionType,
  input: z.strictObject({
    which: z
      .enum(['to_review', 'all'])
      .default('to_review')
      .meta({ description: 'Those that wait for a review, or those that were reviewed too.' }),
    ...pageInput,
  }),
  output: pageOf(useOutput),
  locate: async ({ principal }) => ({ resource: callerEntity(principal), found: undefined }),
  async perform({ input, tx, ports, principal, allowed }) {
    const { after, limit, which } = input
    const look = { tx, ports, principal, version: allowed.version }
    let query = (which === 'all' ? usesIn(tx) : unreviewed(tx)).orderBy('id', 'desc').limit(limit + 1)
    if (after !== undefined) query = query.where('id', '<', after)
    // Already where a page ends would tell somebody who reviews nothing of the uses of others.
    if (!(await holdsAny(look, reviewBreakGlass, principal))) query = query.where('principal_id', '=', principal.id)
    const page = toPage(await query.execute(), limit)
    const could = new Set(await reviewable(look, page.items))
    const kept = page.items.filter((use) => use.principal_id === principal.id || could.has(use))
    return { result: { items: await shownUses(tx, kept, ports.clock.now()), next: page.next } }
  },
})
