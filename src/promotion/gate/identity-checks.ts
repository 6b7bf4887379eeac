// Checks on the identity that would be made: its key is proved and its own, somebody answers for it, it ends, it may hold what it is given.
import { findPerson, hereAmong } from '../../identity/index.ts'
import { sensitivities, sensitivityLevel } from '../../kernel/index.ts'
import { failed, type GateCheck, passed } from './check.ts'
import { connectionsOf } from './environment-checks.ts'

const daysMax = 365

/** The holder of the production key proved it for this very promotion. */
export const keyProved: GateCheck = {
  name: 'key-proved',
  blocking: true,
  async assess({ promotion, tx }) {
    const workload = await tx
      .selectFrom('workload')
      .select(['thumbprint', 'slug'])
      .where('id', '=', promotion.workload_id)
      .executeTakeFirst()
    if (promotion.key_proved_at === null) return failed('The service has not proved its key for this promotion.')
    if (workload?.thumbprint !== promotion.thumbprint) return failed('The service has another key now than the one that was proved.')
    return passed('The service signed this promotion’s challenge with its own key.', { thumbprint: promotion.thumbprint })
  },
}

/** Somebody who is here answers for it. */
export const ownerAnswers: GateCheck = {
  name: 'owner',
  blocking: true,
  async assess({ promotion, tx, ports }) {
    const isHere = (await hereAmong(tx, [promotion.owner_id], ports.clock.now())).has(promotion.owner_id)
    if (!isHere) return failed('The owner of the service has left.')
    return passed(`\`${(await findPerson(tx, promotion.owner_id)).slug}\` answers for it.`)
  },
}

/** The identity ends by itself, within a year. */
export const identityExpires: GateCheck = {
  name: 'expiry',
  blocking: true,
  async assess({ promotion, ports }) {
    const days = Math.ceil((promotion.expires_at.getTime() - ports.clock.now()) / 86_400_000)
    if (days <= 0) return failed('The proposed identity would have expired already.')
    return days <= daysMax
      ? passed(`The identity ends by itself in ${days} days.`)
      : failed(`The identity would live ${days} days; at most ${daysMax} are allowed.`)
  },
}

/** The service may see what it is given, and what it is to reach. */
export const sensitivityFits: GateCheck = {
  name: 'sensitivity',
  blocking: true,
  async assess({ promotion, proposal, artifact: { artifact }, tx }) {
    const workload = await tx.selectFrom('workload').select('clearance').where('id', '=', promotion.workload_id).executeTakeFirst()
    const clearance = workload?.clearance ?? -1
    const fits = clearance >= sensitivityLevel(artifact.sensitivity)
    const cleared = `the service is cleared for \`${sensitivities[clearance] ?? 'nothing'}\`.`
    const above = (await connectionsOf(tx, proposal, 'connection')).find((one) => sensitivityLevel(one.sensitivity) > clearance)
    if (above !== undefined) return failed(`The connection \`${above.slug}\` is \`${above.sensitivity}\`, ${cleared}`)
    const detail = `The artifact is \`${artifact.sensitivity}\`, ${cleared}`
    return fits ? passed(detail) : failed(detail)
  },
}

/** Somebody with no hand in it can review it. Whether a given person may is decided when he does. */
export const dutiesSeparated: GateCheck = {
  name: 'separation-of-duties',
  blocking: true,
  async assess({ promotion, tx, ports }) {
    const now = new Date(ports.clock.now())
    const reviewers = await tx
      .selectFrom('grant')
      .select('principal_id')
      .where('role', '=', 'reviewer')
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', now)]))
      .execute()
    const free = new Set(reviewers.map((row) => row.principal_id).filter((id) => !promotion.makers.includes(id)))
    if (free.size < promotion.approvals_needed)
      return failed(`${promotion.approvals_needed} reviewers are needed who did not make it, and ${free.size} can be found.`)
    const who = free.size === 1 ? 'One reviewer' : `${free.size} reviewers`
    return passed(`${who} had no hand in it; ${promotion.approvals_needed} must approve.`, {
      makers: promotion.makers.length,
    })
  },
}
