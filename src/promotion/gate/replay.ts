// Replay: every recorded call of the run, mapped to its counterpart, is decided again for the production identity with the proposed permissions alone.
// It proves that they are sufficient, and that what was refused in the simulation stays refused. Nothing is called.
import { type Policy, pathContext, permissionPolicy, wouldAllow } from '../../access/index.ts'
import { type Call, callConnectionCapability, readTape } from '../../egress/index.ts'
import type { Principal } from '../../kernel/index.ts'
import { connectionEntity } from '../../twins/index.ts'
import { failed, type GateCheck, type GateSubject, notAssessed, passed } from './check.ts'

/** The policies that a proposal would give to a workload. */
function proposedPolicies(subject: Pick<GateSubject, 'promotion' | 'proposal'>): Policy[] {
  const { promotion, proposal } = subject
  return proposal.rules.flatMap((rule, at) =>
    rule.connection === null
      ? []
      : [
          permissionPolicy('Service', {
            org_id: promotion.org_id,
            holder_id: promotion.workload_id,
            number: at + 1,
            connection_id: rule.connection,
            methods: [...rule.methods],
            path: rule.path,
            origin_id: promotion.id,
          }),
        ],
  )
}

function futurePrincipal({ promotion }: GateSubject): Principal {
  return {
    kind: 'service',
    id: promotion.workload_id,
    org: promotion.org_id as Principal['org'], // the column holds nothing else
    name: promotion.channel,
    clearance: 3,
    chain: [promotion.workload_id, promotion.owner_id],
    environment: promotion.environment_id,
  }
}

interface Replayed {
  readonly sufficient: number
  readonly insufficient: readonly Call[]
  readonly stillRefused: number
  readonly newlyAllowed: readonly Call[]
  readonly unmapped: readonly Call[]
}

type Verdict = 'sufficient' | 'insufficient' | 'stillRefused' | 'newlyAllowed' | 'unmapped'

/** Was it allowed then / would it be now. */
const verdicts = {
  'true/true': 'sufficient',
  'true/false': 'insufficient',
  'false/true': 'newlyAllowed',
  'false/false': 'stillRefused',
} as const

/** Decides recorded calls again, on their counterparts, with the proposed permissions alone. */
async function replayer(subject: GateSubject): Promise<(call: Call) => Verdict> {
  const { tx, ports, target } = subject
  const byId = new Map((await tx.selectFrom('connection').selectAll().execute()).map((one) => [one.id, one]))
  const policies = proposedPolicies(subject)
  const principal = futurePrincipal(subject)
  return (call) => {
    // Refused before any decision (a foreign token, a whole URL for a path): no permission can let it through.
    const wasAllowed = call.decision === 'allowed'
    if (!wasAllowed && call.code !== 'denied') return 'stillRefused'
    const counterpart = byId.get(byId.get(call.connection_id ?? '')?.counterpart_id ?? '')
    // One of another environment is out of the service's reach: it stands for nothing here.
    if (counterpart?.environment_id !== target.id) return wasAllowed ? 'unmapped' : 'stillRefused'
    const located = {
      resource: connectionEntity(counterpart),
      environment: target,
      context: { method: call.method, ...pathContext(call.path) },
      found: undefined,
    }
    const question = { capability: callConnectionCapability, principal, located, policies, version: 0, now: ports.clock.now() }
    return verdicts[`${wasAllowed}/${wouldAllow(ports.decider, question).allowed}`]
  }
}

async function replay(subject: GateSubject): Promise<Replayed> {
  const judge = await replayer(subject)
  const sorted: Record<Verdict, Call[]> = { sufficient: [], insufficient: [], stillRefused: [], newlyAllowed: [], unmapped: [] }
  for (const call of await readTape(subject.tx, subject.promotion.run_id)) sorted[judge(call)].push(call)
  return { ...sorted, sufficient: sorted.sufficient.length, stillRefused: sorted.stillRefused.length }
}

/** The proposed permissions suffice for everything that was recorded, and allow nothing that was refused. */
export const replaySuffices: GateCheck = {
  name: 'replay',
  blocking: true,
  async assess(subject) {
    const { sufficient, insufficient, stillRefused, newlyAllowed, unmapped } = await replay(subject)
    const facts = {
      sufficient,
      insufficient: insufficient.length,
      stillRefused,
      newlyAllowed: newlyAllowed.length,
      unmapped: unmapped.length,
    }
    const name = (call: Call | undefined) => `${call?.method} ${call?.connection}${call?.path}`
    if (insufficient.length > 0)
      return failed(`${insufficient.length} recorded calls would be refused, the first: ${name(insufficient[0])}.`, facts)
    if (newlyAllowed.length > 0)
      return failed(`${newlyAllowed.length} calls that were refused would be allowed, the first: ${name(newlyAllowed[0])}.`, facts)
    if (unmapped.length > 0)
      return notAssessed(`${unmapped.length} calls went to connections without a counterpart, the first: ${name(unmapped[0])}.`, facts)
    return passed(
      `The proposed permissions cover every recorded call (${sufficient}), and every refused one stays refused (${stillRefused}).`,
      facts,
    )
  },
}
