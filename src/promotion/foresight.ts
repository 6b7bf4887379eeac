// What a step on a promotion would do, told before it is taken, from the same rows that the step would change. It changes nothing; between telling and doing
// the world may move, and the step itself looks again.
import { workloadSpiffeId } from '../credentials/index.ts'
import type { Ports, Tx } from '../kernel/index.ts'
import { namesOf } from '../twins/index.ts'
import type { PromotionFound } from './find-promotion.ts'
import { assessGate, stopping } from './gate/gate.ts'
import { type Promotion, promotionOnChannel } from './promoted-identity.ts'
import { proposalSchema } from './proposal.ts'
import { notUndoneByRollBack, previousOnChannel } from './roll-back.ts'

/** What a step would do to one thing. `count` is how many where it is about several. */
export interface Effect {
  readonly does: 'creates' | 'ends' | 'narrows' | 'moves' | 'keeps'
  readonly subject: { readonly type: string; readonly id: string; readonly name: string | null }
  readonly text: string
  readonly count: number | null
}

/** What a step would do, what would stop it, and what it does not take back. */
export interface Foresight {
  readonly effects: readonly Effect[]
  readonly stops: readonly { readonly name: string; readonly detail: string }[]
  readonly notUndone: readonly string[]
}

const many = (count: number, one: string, more = `${one}s`): string => (count === 1 ? `one ${one}` : `${count} ${more}`)
const subjectOf = (type: string, id: string, name: string | null = null): Effect['subject'] => ({ type, id, name })

async function liveTokens(tx: Tx, holder: string): Promise<number> {
  const row = await tx
    .selectFrom('credential')
    .select((eb) => eb.fn.countAll<number>().as('live'))
    .where('holder_id', '=', holder)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(row.live)
}

async function permissionsOf(tx: Tx, holder: string): Promise<number> {
  return (await tx.selectFrom('permission').select('number').where('holder_id', '=', holder).execute()).length
}

async function endOfIdentity(tx: Tx, promotion: Pick<Promotion, 'workload_id'>, name: string | null): Promise<Effect> {
  const [tokens, rules] = [await liveTokens(tx, promotion.workload_id), await permissionsOf(tx, promotion.workload_id)]
  const text = `The production identity ends: ${many(tokens, 'token')} and ${many(rules, 'permission')} with it.`
  return { does: 'ends', subject: subjectOf('Workload', promotion.workload_id, name), text, count: tokens }
}

/** What one more approval would do. `given` are those that the version has. */
export function foreseeApproval({ promotion }: PromotionFound, given: number): Foresight {
  const missing = Math.max(0, promotion.approvals_needed - given - 1)
  const subject = subjectOf('Promotion', promotion.id)
  const after =
    missing === 0
      ? 'It becomes approved: a deployer who neither made nor reviewed it can carry it across.'
      : `It stays in review: ${many(missing, 'more approval is', 'more approvals are')} needed.`
  return {
    effects: [
      { does: 'creates', subject, text: `Your approval of version ${promotion.version} is recorded.`, count: 1 },
      { does: missing === 0 ? 'moves' : 'keeps', subject, text: after, count: null },
      { does: 'keeps', subject: subjectOf('Workload', promotion.workload_id), text: 'Nothing changes in production yet.', count: null },
    ],
    stops: [],
    notUndone: ['An approval is not taken back; it stops counting when the promotion changes.'],
  }
}

/** What a rejection would do. */
export function foreseeRejection({ promotion }: PromotionFound): Foresight {
  return {
    effects: [
      { does: 'ends', subject: subjectOf('Promotion', promotion.id), text: 'The promotion ends here.', count: 1 },
      { does: 'keeps', subject: subjectOf('Artifact', promotion.artifact_id), text: 'The artifact stays where it is.', count: null },
      {
        does: 'keeps',
        subject: subjectOf('Workload', promotion.workload_id),
        text: 'The service keeps what it has, and gets nothing new.',
        count: null,
      },
    ],
    stops: [],
    notUndone: ['A rejected promotion is not reopened; somebody would ask again.'],
  }
}

async function newIdentity(tx: Tx, { promotion, target }: PromotionFound): Promise<Effect[]> {
  const workload = await tx
    .selectFrom('workload')
    .select(['kind', 'slug', 'state'])
    .where('id', '=', promotion.workload_id)
    .executeTakeFirstOrThrow()
  const { granted, rules } = proposalSchema.parse(promotion.proposal)
  const mapped = rules.filter((rule) => rule.connection !== null).length
  const subject = subjectOf('Workload', promotion.workload_id, workload.slug)
  const spiffeId = workloadSpiffeId(target.trust_domain, workload)
  const begins = workload.state === 'pending' || workload.state === 'active'
  const identity = begins
    ? `${spiffeId} becomes active until ${promotion.expires_at.toISOString()}.`
    : `${spiffeId} stays ${workload.state}.`
  const before = await permissionsOf(tx, promotion.workload_id)
  const replaced = before === 0 ? '' : ` They replace ${many(before, 'permission')} that it has now.`
  return [
    { does: begins ? 'creates' : 'keeps', subject, text: identity, count: begins ? 1 : null },
    {
      does: 'creates',
      subject,
      text: `It gets ${many(mapped, 'permission')}, exactly those that were proposed.${replaced}`,
      count: mapped,
    },
    {
      does: 'narrows',
      subject: subjectOf('Run', promotion.run_id),
      text: `The run was granted ${many(granted.length, 'rule')} and used ${granted.filter((one) => one.used).length}; what was not used is not carried across.`,
      count: granted.filter((one) => !one.used).length,
    },
  ]
}

async function movedChannel(tx: Tx, { promotion, target }: PromotionFound): Promise<Effect[]> {
  const before = await promotionOnChannel(tx, promotion)
  const channel = `${promotion.channel}@${target.slug}`
  const from = before === undefined ? 'nothing' : before.artifact_id
  const moves: Effect = {
    does: 'moves',
    subject: subjectOf('Channel', channel, channel),
    text: `The channel ${channel} moves from ${from} to ${promotion.artifact_id}.`,
    count: null,
  }
  if (before === undefined || before.id === promotion.id) return [moves]
  const superseded: Effect = {
    does: 'ends',
    subject: subjectOf('Promotion', before.id),
    text: 'The promotion before it is superseded.',
    count: 1,
  }
  if (before.workload_id === promotion.workload_id) return [moves, superseded]
  const names = await namesOf(tx, [before.workload_id])
  return [moves, superseded, await endOfIdentity(tx, before, names(before.workload_id))]
}

/** What carrying it across would do, and what of the gate would stop it now. */
export async function foreseeCrossing(tx: Tx, found: PromotionFound, ports: Ports): Promise<Foresight> {
  const { promotion } = found
  const tokens = await liveTokens(tx, promotion.run_id)
  const assessed = await assessGate({ ...found, proposal: proposalSchema.parse(promotion.proposal), tx, ports })
  return {
    effects: [
      ...(await newIdentity(tx, found)),
      ...(await movedChannel(tx, found)),
      {
        does: 'ends',
        subject: subjectOf('Run', promotion.run_id),
        text: `What the run still holds ends: ${many(tokens, 'token')}.`,
        count: tokens,
      },
      { does: 'moves', subject: subjectOf('Artifact', promotion.artifact_id), text: 'The artifact leaves quarantine.', count: null },
      { does: 'creates', subject: subjectOf('Promotion', promotion.id), text: 'A signed attestation says that it was verified.', count: 1 },
    ],
    stops: stopping(assessed).map(({ name, detail }) => ({ name, detail })),
    notUndone: ['A roll back ends the identity and moves the channel back.', ...notUndoneByRollBack],
  }
}

/** What a roll back would do. */
export async function foreseeRollBack(tx: Tx, found: PromotionFound, ports: Ports): Promise<Foresight> {
  const { promotion, target } = found
  const previous = await previousOnChannel(tx, promotion, new Date(ports.clock.now()))
  const names = await namesOf(tx, [promotion.workload_id, previous?.workload_id ?? null])
  const channel = `${promotion.channel}@${target.slug}`
  const subject = subjectOf('Channel', channel, channel)
  const effects: Effect[] = [await endOfIdentity(tx, promotion, names(promotion.workload_id))]
  if (previous === undefined) effects.push({ does: 'moves', subject, text: `The channel ${channel} points at nothing.`, count: null })
  else {
    effects.push({ does: 'moves', subject, text: `The channel ${channel} moves back to ${previous.artifact_id}.`, count: null })
    const again = subjectOf('Workload', previous.workload_id, names(previous.workload_id))
    const text = `The identity of the promotion before holds again until ${previous.expires_at.toISOString()}.`
    effects.push({ does: 'creates', subject: again, text, count: 1 })
  }
  return { effects, stops: [], notUndone: [...notUndoneByRollBack] }
}
