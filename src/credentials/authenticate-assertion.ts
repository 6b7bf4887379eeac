// Private-key JWT (RFC 7523): a standing workload proves its own key. The assertion is attacker-controlled text; it is good once, for one audience,
// for five minutes, and only under the key that was registered for this very workload.
import type { Selectable } from 'kysely'
import type { WorkloadTable } from '../identity/index.ts'
import { fail, hex, type Ports, type Principal, type Tx, utf8 } from '../kernel/index.ts'
import { workloadSpiffeId } from './authenticate-token.ts'
import { EcJwk, parseJwt, parseSpiffeId, verifyJwt } from './jose/index.ts'
import type { EnvironmentFacts } from './ports.ts'

const assertionSecondsMax = 300

/** A workload that has just proved its key. */
export interface ProvedWorkload {
  readonly principal: Principal
  readonly workload: Selectable<WorkloadTable>
  readonly environment: EnvironmentFacts
}

async function findBySubject(
  tx: Tx,
  subject: string,
  ports: Ports,
): Promise<{ workload: Selectable<WorkloadTable>; environment: EnvironmentFacts }> {
  const name = parseSpiffeId(subject)
  const [kind, slug] = name.segments
  const rows = await tx
    .selectFrom('workload')
    .selectAll()
    .where('slug', '=', slug ?? '')
    .execute()
  for (const workload of rows.filter((row) => row.kind === kind)) {
    const environment = await ports.environments.find(tx, workload.environment_id)
    if (environment.trustDomain === name.trustDomain) return { workload, environment }
  }
  throw fail('unauthenticated', 'No workload with this SPIFFE ID is registered here.')
}

function registeredKey(workload: Selectable<WorkloadTable>): EcJwk {
  const key = EcJwk.safeParse(workload.jwk)
  if (!key.success) throw fail('unauthenticated', 'No key is registered for this workload.')
  return key.data
}

/** Verifies an assertion and uses it up. A pending workload proves its key here too: what it may do is decided after. */
export async function authenticateAssertion(tx: Tx, assertion: { token: string; audience: string }, ports: Ports): Promise<ProvedWorkload> {
  const { claims, header } = parseJwt(assertion.token)
  const { workload, environment } = await findBySubject(tx, claims.sub ?? '', ports)
  if (workload.state === 'suspended' || workload.state === 'ended') throw fail('unauthenticated', 'This workload is not active.')
  const spiffeId = workloadSpiffeId(environment.trustDomain, workload)
  const verified = verifyJwt(assertion.token, {
    keys: new Map([[header.kid, registeredKey(workload)]]),
    verify: ports.verifyEs256,
    now: ports.clock.now(),
    audience: assertion.audience,
    issuer: spiffeId,
    typ: ['JWT', undefined],
    clockSkewSeconds: 30,
    maxLifetimeSeconds: assertionSecondsMax,
  })
  if (verified.jti === undefined) throw fail('token_malformed', 'An assertion needs a jti, so that it can be used only once.')
  await spendOnce(tx, `${workload.id} ${verified.jti}`, verified.exp, workload.org_id, ports)
  const principal: Principal = {
    kind: workload.kind,
    id: workload.id,
    org: workload.org_id as Principal['org'], // the column holds nothing else
    name: workload.slug,
    spiffeId,
    clearance: workload.clearance,
    chain: [workload.id, workload.owner_id],
    environment: environment.id,
    credential: verified.jti,
  }
  return { principal, workload, environment }
}

async function spendOnce(tx: Tx, key: string, exp: number, org: string, ports: Ports): Promise<void> {
  const hash = hex(ports.sha256(utf8(key)))
  await tx
    .deleteFrom('assertion_used')
    .where('expires_at', '<', new Date(ports.clock.now() - 120_000))
    .execute()
  const kept = await tx
    .insertInto('assertion_used')
    .values({ org_id: org, hash, expires_at: new Date(exp * 1000) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (kept.numInsertedOrUpdatedRows !== 1n)
    throw fail('assertion_replayed', 'This assertion was used before.', { next: 'Sign a fresh one with a new jti.' })
}
