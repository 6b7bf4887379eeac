// What clients do with promotions while the server dies: ask, approve, reject, cross, fetch what crossed, and take it back.
import { actWith } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { sealedArtifact } from './deeds-runs.ts'
import { as, type Deed, type Life, oneOf, workloadToken } from './life.ts'

async function asksToPromote(life: Life): Promise<string> {
  const { starter, keys } = life.ground
  const to = { service: starter.services.payments, key: keys.payments, channel: 'payments' }
  return askToPromote(life.door, await as(life, 'operator'), starter, await sealedArtifact(life), to)
}

export async function approved(life: Life): Promise<string> {
  const there = await oneOf(life, `select id from promotion where org_id = $1 and state = 'approved'`)
  if (there !== undefined) return there
  const promotion = await asksToPromote(life)
  await (await as(life, 'reviewer'))('promotion:approve', { promotion })
  return promotion
}

export const crosses: Deed = async (life) => {
  await (await as(life, 'deployer'))('promotion:cross', { promotion: await approved(life) })
}

export const rejects: Deed = async (life) => {
  const promotion = await asksToPromote(life)
  await (await as(life, 'reviewer'))('promotion:reject', { promotion })
}

const crossedQuery = `select id from promotion where org_id = $1 and state = 'crossed'`

async function crossed(life: Life): Promise<string> {
  const there = await oneOf(life, crossedQuery)
  if (there !== undefined) return there
  await crosses(life)
  return (await oneOf(life, crossedQuery)) ?? crossed(life)
}

export const pulls: Deed = async (life) => {
  await crossed(life)
  const credential = await workloadToken(life, 'payments')
  await actWith(life.door, credential)('artifact:pull', { channel: 'payments@production' })
}

export const rollsBack: Deed = async (life) => {
  const promotion = await crossed(life)
  const credential = await workloadToken(life, 'payments')
  await (await as(life, 'deployer'))('promotion:roll-back', { promotion, reason: 'It was not what it seemed.' })
  life.ground.dead.push({ what: `a token of the service before ${promotion} was rolled back`, credential })
}
