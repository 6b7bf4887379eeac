// From a token of ours to a principal. The text is attacker-controlled; keys come from the environment that the issuer URL names, and the store has the
// last word: a revoked jti, an ended run or a suspended workload authenticates nobody.
import type { Selectable } from 'kysely'
import type { WorkloadTable } from '../identity/index.ts'
import { fail, isId, type OrgId, type Ports, type Principal, type Tx } from '../kernel/index.ts'
import { issuerUrl, readIssuer } from './issuer.ts'
import { parseJwt, parseSpiffeId, type SpiffeName, verifyJwt } from './jose/index.ts'
import { publicKeys } from './keys.ts'
import { workloadTokenSecondsMax } from './mint.ts'
import type { EnvironmentFacts } from './ports.ts'

/** What the caller must know to look a run up; `runs` fills it through `app`. */
export interface RunDirectory {
  /** The principal of a live run. Throws `unauthenticated` for one that is not live. */
  principal(tx: Tx, run: string, credential: string): Promise<Principal>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly runDirectory: RunDirectory
  }
}

/** The organization that an unverified token points at; nothing else is taken from it. */
export function organizationOfToken(token: string, baseUrl: string): OrgId | undefined {
  return readIssuer(baseUrl, parseJwt(token).claims.iss ?? '')?.org
}

/** The SPIFFE ID of a standing workload. */
export function workloadSpiffeId(trustDomain: string, workload: Pick<Selectable<WorkloadTable>, 'kind' | 'slug'>): string {
  return `spiffe://${trustDomain}/${workload.kind}/${workload.slug}`
}

/** A workload as decisions see it, whoever shows a credential of it. Whether it is active, its caller has looked. */
export function decidedAs(
  workload: Pick<Selectable<WorkloadTable>, 'org_id' | 'id' | 'kind' | 'slug' | 'clearance' | 'owner_id' | 'environment_id'>,
): Principal {
  return {
    kind: workload.kind,
    id: workload.id,
    org: workload.org_id as OrgId, // the column holds nothing else
    name: workload.slug,
    clearance: workload.clearance,
    chain: [workload.id, workload.owner_id],
    environment: workload.environment_id,
  }
}

/** The principal of an active workload. Throws `unauthenticated` otherwise. */
export async function workloadPrincipal(
  tx: Tx,
  id: string,
  environment: EnvironmentFacts,
  credential: string,
  now: number,
): Promise<Principal> {
  const workload = await tx.selectFrom('workload').selectAll().where('id', '=', id).executeTakeFirst()
  if (workload === undefined || workload.state !== 'active') throw fail('unauthenticated', 'This workload is not active.')
  if (workload.expires_at !== null && workload.expires_at.getTime() <= now) throw fail('unauthenticated', 'This workload has expired.')
  return {
    ...decidedAs(workload),
    spiffeId: workloadSpiffeId(environment.trustDomain, workload),
    environment: environment.id,
    credential,
  }
}

async function liveCredential(tx: Tx, jti: string): Promise<{ holder_id: string; environment_id: string }> {
  const row = await tx
    .selectFrom('credential')
    .select(['holder_id', 'environment_id', 'revoked_at'])
    .where('id', '=', jti)
    .executeTakeFirst()
  if (row === undefined || row.revoked_at !== null) throw fail('token_revoked', 'This token was taken away.')
  return row
}

async function requireSubject(tx: Tx, name: SpiffeName, environment: EnvironmentFacts, holder: string): Promise<void> {
  if (name.trustDomain !== environment.trustDomain) throw fail('token_issuer', 'The token speaks for another trust domain than its issuer.')
  if (name.segments.at(-1) === holder) return
  const [kind, slug] = name.segments
  const row = await tx.selectFrom('workload').select(['kind', 'slug']).where('id', '=', holder).executeTakeFirst()
  if (row?.kind !== kind || row?.slug !== slug) throw fail('token_issuer', 'The token speaks for another workload than it was issued to.')
}

/** Authenticates a bearer token made by one of our issuers for our own API. Throws one of the `token_…` codes or `unauthenticated`. */
export async function authenticateToken(tx: Tx, token: string, ports: Ports): Promise<Principal> {
  const place = readIssuer(ports.baseUrl, parseJwt(token).claims.iss ?? '')
  if (place === undefined) throw fail('token_issuer', 'The token was not made by an issuer of this deployment.')
  const environment = await ports.environments.find(tx, place.environment)
  const claims = verifyJwt(token, {
    keys: await publicKeys(tx, environment.id, 'identity'),
    verify: ports.verifyEs256,
    now: ports.clock.now(),
    audience: ports.baseUrl,
    issuer: issuerUrl(ports.baseUrl, place.org, environment.id),
    typ: ['JWT', 'at+jwt'],
    clockSkewSeconds: 5,
    maxLifetimeSeconds: workloadTokenSecondsMax,
  })
  const jti = claims.jti ?? ''
  const { holder_id: holder, environment_id } = await liveCredential(tx, jti)
  if (environment_id !== environment.id) throw fail('token_issuer', 'The token was issued in another environment.')
  await requireSubject(tx, parseSpiffeId(claims.sub ?? ''), environment, holder)
  if (isId('run', holder)) return ports.runDirectory.principal(tx, holder, jti)
  const workload = await workloadPrincipal(tx, holder, environment, jti, ports.clock.now())
  return typeof claims.key === 'string' ? { ...workload, provedKey: { thumbprint: claims.key, until: undefined } } : workload
}
