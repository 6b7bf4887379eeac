// Signing in through an identity provider, from the first request of a browser to its session. Nobody is known here until the provider's answer was checked;
// then the door opens the session as it opens any other. What the provider and the browser say is hostile; the provider is asked outside of any transaction.
import { sql } from 'kysely'
import { z } from 'zod'
import { domainOf, findSso, linkedPerson, proveSignIn, type SignInProof, settingsOf } from '../../identity/index.ts'
import { CodedError, type ErrorCode, fail, hex, idOf, isId, newId, type OrgId, type Ports, type Tx, utf8 } from '../../kernel/index.ts'
import type { Door } from '../door/govern.ts'
import { type Attempt, attemptSeconds, keepAttempt, newAttempt, pageWithin, questionOf, readAttempt } from './attempt.ts'

/** What signing in is made of. */
export interface SignInParts {
  readonly door: Door
  readonly ports: Ports
  transact<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Counts a refusal that nobody could be found behind. */
  refused(org: OrgId | undefined, code: string): void
}

/** Where a sign-in begins, and what the browser keeps until it comes back. */
export interface BegunSignIn {
  readonly url: string
  readonly kept: string
  readonly secondsMax: number
}

/** A session, and the page to go on to. */
export interface FinishedSignIn {
  readonly org: OrgId
  readonly token: string
  readonly expiresAt: string
  readonly returnTo: string
}

/** What a browser begins with. All of it is attacker-controlled but `baseUrl`. */
export interface BeginSignIn {
  readonly organization: string | undefined
  readonly email: string | undefined
  readonly returnTo: string | undefined
  readonly isStepUp: boolean
  readonly baseUrl: string
}

/** What a browser comes back with. All of it is attacker-controlled but `baseUrl`, `requestId` and `address`. */
export interface FinishSignIn {
  readonly kept: string | undefined
  readonly query: string
  readonly device: string
  readonly baseUrl: string
  readonly requestId: string
  readonly address: string
}

/** A session of which connection is over in which organization. */
export interface SignOut {
  readonly org: OrgId
  readonly sso: string
  readonly baseUrl: string
}

/** A logout token, and the connection that it was sent to. All of it is attacker-controlled but `requestId`. */
export interface BackChannel {
  readonly org: string
  readonly sso: string
  readonly token: string
  readonly requestId: string
}

/** Signing in and out through identity providers. */
export interface SignIn {
  begin(request: BeginSignIn): Promise<BegunSignIn>
  finish(request: FinishSignIn): Promise<FinishedSignIn>
  signOutUrl(request: SignOut): Promise<string | undefined>
  backChannel(request: BackChannel): Promise<void>
}

const sessionShape = z.object({ token: z.string(), expiresAt: z.string() })
const orgShape = z.object({ org: idOf('org') })

// An organization without a provider, and one that is not there, are told by nothing.
function nowhere(): Error {
  return fail('not_found', 'There is no provider to sign in through for this organization or address.', {
    next: 'Check how it is written, or ask for a one-time link.',
  })
}

/** The one organization that a slug, an id or the domain of an address leads to. */
async function homeOf(parts: SignInParts, { organization, email }: BeginSignIn): Promise<{ org: OrgId; domain: string | undefined }> {
  const domain = email === undefined ? undefined : domainOf(email.trim())
  const wanted = email === undefined ? organization?.trim().toLowerCase() : domain
  if (wanted === undefined || wanted.length === 0 || wanted.length > 253) throw nowhere()
  const kind = email === undefined ? 'organization' : 'domain'
  // Bound to an organization that is not there: nothing but the ids that this function answers can be read.
  const found = await parts.transact(newId('org', parts.ports), async (tx) => {
    const { rows } = await sql<{ org: string }>`select sign_in_homes(${kind}, ${wanted}) as org`.execute(tx)
    return rows
  })
  const [only, another] = found
  if (only === undefined || another !== undefined) throw nowhere()
  return { org: orgShape.parse(only).org, domain }
}

/** The connection to sign in through: the one of the domain, else the organization's oldest. */
async function connectionFor(tx: Tx, domain: string | undefined) {
  if (domain !== undefined) {
    const row = await tx
      .selectFrom('domain')
      .innerJoin('sso', 'sso.id', 'domain.sso_id')
      .selectAll('sso')
      .where('domain.name', '=', domain)
      .where('domain.verified_at', 'is not', null)
      .where('sso.state', '=', 'active')
      .executeTakeFirst()
    if (row !== undefined) return row
    throw nowhere()
  }
  const row = await tx.selectFrom('sso').selectAll().where('state', '=', 'active').orderBy('id').limit(1).executeTakeFirst()
  if (row === undefined) throw nowhere()
  return row
}

const asSignIn = (org: OrgId) => ({ kind: 'system', org, part: 'sign-in' }) as const

/** What is refused before anybody is known; everything else the door has seen. */
const countedHere: ReadonlySet<ErrorCode> = new Set(['sign_in_expired', 'sign_in_refused'])

/** Counts what fails before the door knows anybody; the door counts and records the rest itself. */
async function counted<T>({ refused }: SignInParts, org: () => OrgId | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof CodedError && countedHere.has(error.code)) refused(org(), error.code)
    throw error
  }
}

async function begin(parts: SignInParts, request: BeginSignIn): Promise<BegunSignIn> {
  const { ports, transact } = parts
  const { org, domain } = await homeOf(parts, request)
  const sso = await transact(org, (tx) => connectionFor(tx, domain))
  const { isStepUp, baseUrl, email } = request
  const attempt = newAttempt(
    { sso: idOf('sso').parse(sso.id), redirectUri: `${baseUrl}/sso/callback`, returnTo: pageWithin(request.returnTo), isStepUp },
    ports,
  )
  const hint = email === undefined ? {} : { loginHint: email.trim().slice(0, 320) }
  const question = { ...questionOf(attempt, sso.step_up_acr), ...hint }
  const url = await ports.identityProvider.authorizationUrl(settingsOf(sso, ports), question)
  return { url, kept: keepAttempt(org, attempt, ports), secondsMax: attemptSeconds }
}

async function prove({ ports, transact }: SignInParts, org: OrgId, attempt: Attempt, query: string): Promise<SignInProof> {
  const sso = await transact(org, (tx) => findSso(tx, attempt.sso))
  if (sso.state !== 'active') throw fail('sign_in_refused', 'This sign-in connection is retired.')
  const answer = await ports.identityProvider.redeem(settingsOf(sso, ports), questionOf(attempt, sso.step_up_acr), query)
  return proveSignIn({ org, sso: sso.id, state: attempt.state, answer }, ports)
}

async function link({ door, transact }: SignInParts, org: OrgId, proof: SignInProof, requestId: string): Promise<void> {
  if ((await transact(org, (tx) => linkedPerson(tx, proof))) !== undefined) return
  const { sso, subject, email, emailVerified, name } = proof
  const input = { sso, subject, emailVerified, ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) }
  await door.govern({ action: 'sso:link', credential: asSignIn(org), input, requestId })
}

async function finish(parts: SignInParts, request: FinishSignIn): Promise<FinishedSignIn> {
  const { kept, query, device, baseUrl, requestId, address } = request
  let found: OrgId | undefined
  const work = async () => {
    const { org, attempt } = readAttempt(kept, parts.ports)
    found = org
    if (attempt.redirectUri !== `${baseUrl}/sso/callback`) throw fail('sign_in_refused', 'This sign-in was begun at another address.')
    const proof = await prove(parts, org, attempt, query)
    await link(parts, org, proof, requestId)
    const credential = { kind: 'provider', org, proof } as const
    const answer = await parts.door.govern({ action: 'session:create', credential, input: { device }, requestId, address })
    return { org, ...sessionShape.parse(answer.result), returnTo: attempt.returnTo }
  }
  return counted(parts, () => found, work)
}

async function signOutUrl({ ports, transact }: SignInParts, { org, sso: id, baseUrl }: SignOut): Promise<string | undefined> {
  const sso = await transact(org, (tx) => findSso(tx, id))
  return ports.identityProvider.signOutUrl(settingsOf(sso, ports), `${baseUrl}/login`)
}

async function backChannel({ door, ports, transact }: SignInParts, { org, sso: id, token, requestId }: BackChannel): Promise<void> {
  if (!isId('org', org) || !isId('sso', id)) throw fail('sign_in_refused', 'There is no such connection.')
  const sso = await transact(org, (tx) => tx.selectFrom('sso').selectAll().where('id', '=', id).executeTakeFirst())
  if (sso === undefined || sso.state !== 'active') throw fail('sign_in_refused', 'There is no such connection.')
  const { subject, session, tokenId } = await ports.identityProvider.checkSignOut(settingsOf(sso, ports), token)
  const input = {
    sso: id,
    token: hex(ports.sha256(utf8(`sign-out ${id} ${tokenId}`))),
    ...(subject === undefined ? {} : { subject }),
    ...(session === undefined ? {} : { session }),
  }
  await door.govern({ action: 'sso:sign-out', credential: asSignIn(org), input, requestId })
}

/** Makes it. */
export function createSignIn(parts: SignInParts): SignIn {
  return {
    begin: (request) => begin(parts, request),
    finish: (request) => finish(parts, request),
    signOutUrl: (request) => signOutUrl(parts, request),
    backChannel: (request) =>
      counted(
        parts,
        () => undefined,
        () => backChannel(parts, request),
      ),
  }
}
