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

interface Registered {
  readonly jwk: EcJwk
  readonly thumbprint: string
  /** Until when it is good; undefined for the newest. */
  readonly until: number | undefined
}

/** The key that is registered, and the one before while it is still good and counts for what is asked. */
function registeredKeys(workload: Selectable<WorkloadTable>, now: number, counts: Counting): readonly Registered[] {
  const key = EcJwk.safeParse(workload.jwk)
  if (!key.success) throw fail('unauthenticated', 'No key is registered for this workload.')
  const newest = { jwk: key.data, thumbprint: workload.thumbprint ?? '', until: undefined }
  const until = workload.former_until?.getTime() ?? 0
  const before = counts === 'newest' || until <= now ? undefined : EcJwk.safeParse(workload.former_jwk)
  return before?.success === true ? [newest, { jwk: before.data, thumbprint: workload.former_thumbprint ?? '', until }] : [newest]
}

/** Which of a workload's keys signed it: the newest, unless the signature is that of the one before. What else is wrong with it is then said of the newest. */
function signedWith(keys: readonly Registered[], token: string, verify: Ports['verifyEs256']): Registered | undefined {
  const { signed, signature } = parseJwt(token)
  return keys.find(({ jwk }) => verify(jwk, signed, signature) === true) ?? keys[0]
}

/** Which keys count: for a token the one before too, while it is good; for what is to be trusted from now on the newest alone. */
export type Counting = 'good' | 'newest'

/** Verifies an assertion and uses it up. A pending workload proves its key here too: what it may do is decided after. */
export async function authenticateAssertion(
  tx: Tx,
  assertion: { readonly token: string; readonly audience: string; readonly counts: Counting },
  ports: Ports,
): Promise<ProvedWorkload> {
  const { claims, header } = parseJwt(assertion.token)
  const { workload, environment } = await findBySubject(tx, claims.sub ?? '', ports)
  if (workload.state === 'suspended' || workload.state === 'ended') throw fail('unauthenticated', 'This workload is not active.')
  const spiffeId = workloadSpiffeId(environment.trustDomain, workload)
  const key = signedWith(registeredKeys(workload, ports.clock.now(), assertion.counts), assertion.token, ports.verifyEs256)
  const verified = verifyJwt(assertion.token, {
    keys: new Map(key === undefined ? [] : [[header.kid, key.jwk]]),
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
    ...(key === undefined ? {} : { provedKey: { thumbprint: key.thumbprint, until: key.until } }),
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
