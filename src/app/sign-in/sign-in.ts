// Signing in through an identity provider, from the first request of a browser to its session. Nobody is known here until the provider's answer was checked;
// then the door opens the session as it opens any other. What the provider and the browser say is hostile; the provider is asked outside of any transaction.
import { findSso, linkedPerson, type ProviderProof, proveSignIn, settingsOf } from '../../identity/index.ts'
import { fail, hex, idOf, isCoded, isId, type OrgId, type Tx, utf8 } from '../../kernel/index.ts'
import { type Attempt, attemptSeconds, type HandOver, keepAttempt, newAttempt, pageWithin, questionOf, readAttempt } from './attempt.ts'
import { homeOf, nowhere } from './home.ts'
import {
  type BegunPasskey,
  beginPasskey,
  type FinishPasskey,
  finishPasskey,
  type OwnSession,
  type RecoverByCode,
  recoverByCode,
} from './own-sign-in.ts'
import { type AskedFrom, asSignIn, counted, openSession, type SignInParts, sessionShape } from './parts.ts'
import { type Proved, proveTold, type Receive, type Received, receive, type ShowMetadata, showMetadata } from './saml.ts'
import { type SamlSignOutAsked, samlSignOut, samlSignOutUrl } from './saml-sign-out.ts'
import { handOverUrl, readHanded } from './told.ts'
import { type BeginTrial, beginTrial, finishTrial, trialUnderWay } from './trial.ts'
import { whereToAsk } from './where-to-ask.ts'

/** Where a sign-in begins, and what the browser keeps until it comes back. */
export interface BegunSignIn {
  readonly url: string
  readonly kept: string
  readonly secondsMax: number
}

/** A session, and the page to go on to; or where a command line waits for what opens one. */
export type FinishedSignIn =
  | {
      readonly kind: 'session'
      readonly org: OrgId
      readonly token: string
      readonly expiresAt: string
      readonly returnTo: string
      /** The secret of the session that the browser held when it began, if it held one of this organization. */
      readonly held: string | undefined
    }
  | { readonly kind: 'hand-over'; readonly url: string }
  /** What came of a trial, as a page of plain text. */
  | { readonly kind: 'tried'; readonly page: string }

/** What a command line shows for a session. All of it is attacker-controlled but `requestId` and `address`. */
export interface Redeem extends AskedFrom {
  readonly code: string
  readonly verifier: string
}

/** What a browser begins with. All of it is attacker-controlled but `baseUrl`. */
export interface BeginSignIn {
  readonly organization: string | undefined
  readonly email: string | undefined
  readonly returnTo: string | undefined
  readonly isStepUp: boolean
  /** Where a command line waits, if one does. */
  readonly handOver?: HandOver | undefined
  /** The sessions that the browser holds, not yet checked. */
  readonly held: readonly { readonly org: OrgId; readonly token: string }[]
  readonly baseUrl: string
}

/** What a browser comes back with. All of it is attacker-controlled but `baseUrl`, `requestId` and `address`. */
export interface FinishSignIn extends AskedFrom {
  readonly kept: string | undefined
  readonly query: string
  readonly baseUrl: string
}

/** Which session of which connection is over in which organization. */
export interface SignOut {
  readonly org: OrgId
  readonly sso: string
  readonly session: string
  readonly baseUrl: string
}

/** A logout token, and the connection that it was sent to. All of it is attacker-controlled but `requestId`. */
export interface BackChannel {
  readonly org: string
  readonly sso: string
  readonly token: string
  readonly requestId: string
}

/** Signing in and out: through identity providers, and without one. */
export interface SignIn {
  begin(request: BeginSignIn): Promise<BegunSignIn>
  beginTrial(request: BeginTrial): Promise<BegunSignIn>
  finish(request: FinishSignIn): Promise<FinishedSignIn>
  redeem(request: Redeem): Promise<unknown>
  receive(request: Receive): Promise<Received>
  samlMetadata(request: ShowMetadata): Promise<string>
  signOutUrl(request: SignOut): Promise<string | undefined>
  samlSignOut(request: SamlSignOutAsked): Promise<{ readonly url: string }>
  backChannel(request: BackChannel): Promise<void>
  beginPasskey(request: { readonly baseUrl: string }): Promise<BegunPasskey>
  finishPasskey(request: FinishPasskey): Promise<OwnSession>
  recoverByCode(request: RecoverByCode): Promise<OwnSession>
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

async function begin(parts: SignInParts, request: BeginSignIn): Promise<BegunSignIn> {
  const { ports, glance } = parts
  const { org, domain } = await homeOf(parts, request)
  const sso = await glance(org, (tx) => connectionFor(tx, domain))
  const { isStepUp, baseUrl, handOver } = request
  const held = request.held.find((one) => one.org === org)
  const attempt = newAttempt(
    {
      sso: idOf('sso').parse(sso.id),
      redirectUri: `${baseUrl}/sso/callback`,
      returnTo: pageWithin(request.returnTo),
      // Whoever sends somebody here for a command line gets nothing out of a session that the provider holds already: he is asked.
      isStepUp: isStepUp || handOver !== undefined,
      ...(handOver === undefined ? {} : { handOver }),
      ...(held === undefined ? {} : { held: held.token }),
    },
    ports,
  )
  const url = await whereToAsk(parts, sso, attempt, request)
  return { url, kept: keepAttempt(org, attempt, ports), secondsMax: attemptSeconds }
}

async function prove({ ports, glance }: SignInParts, org: OrgId, attempt: Attempt, query: string): Promise<ProviderProof> {
  const sso = await glance(org, (tx) => findSso(tx, attempt.sso))
  if (sso.state !== 'active') throw fail('sign_in_refused', 'This sign-in connection is retired.')
  if (sso.protocol !== 'oidc') throw fail('sign_in_refused', 'What came back is of another protocol.')
  const answer = await ports.identityProvider.redeem(settingsOf(sso, ports), questionOf(attempt, sso.step_up_acr), query)
  return proveSignIn({ org, sso: sso.id, state: attempt.state, answer }, ports)
}

async function link({ door }: SignInParts, proof: ProviderProof, requestId: string): Promise<void> {
  const { org, sso, subject, email, emailVerified, name } = proof
  const input = { sso, subject, emailVerified, ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) }
  await door.govern({ action: 'sso:link', credential: asSignIn(org), input, requestId })
}

/** A session for what a provider proved. Nearly everybody was linked before: whoever comes for the first time is linked when nobody is found. */
async function sessionFor(parts: SignInParts, proof: ProviderProof, request: AskedFrom) {
  const open = async () => sessionShape.parse(await openSession(parts, proof, request))
  try {
    return await open()
  } catch (error) {
    if (!isCoded(error, 'sign_in_unmatched')) throw error
    await link(parts, proof, request.requestId)
    return open()
  }
}

async function handOver(parts: SignInParts, proof: ProviderProof, { sso, state }: Attempt, to: HandOver, requestId: string) {
  const { org, once } = proof
  const linked = await parts.glance(org, (tx) => linkedPerson(tx, proof))
  if (linked === undefined) await link(parts, proof, requestId)
  return handOverUrl(org, { sso, state, to, answer: proof, ...(once === undefined ? {} : { once }) }, parts.ports)
}

async function provedBy(parts: SignInParts, { kept, query, baseUrl }: FinishSignIn, found: (org: OrgId) => void): Promise<Proved> {
  const told = new URLSearchParams(query).get('saml')
  if (told !== null) return proveTold(parts, { told, kept, baseUrl }, found)
  const { org, attempt } = readAttempt(kept, parts.ports)
  found(org)
  if (attempt.redirectUri !== `${baseUrl}/sso/callback`) throw fail('sign_in_refused', 'This sign-in was begun at another address.')
  return { proof: await prove(parts, org, attempt, query), attempt }
}

async function finish(parts: SignInParts, request: FinishSignIn): Promise<FinishedSignIn> {
  // What a browser began as a trial ends as one, whatever comes back: nobody is let in by it.
  const trial = trialUnderWay(parts, request.kept)
  if (trial !== undefined) return finishTrial(parts, trial, request)
  return counted(parts, async (found) => {
    const { proof, attempt } = await provedBy(parts, request, found)
    if (attempt?.handOver !== undefined)
      return { kind: 'hand-over', url: await handOver(parts, proof, attempt, attempt.handOver, request.requestId) }
    const { token, expiresAt } = await sessionFor(parts, proof, request)
    return { kind: 'session', org: proof.org, token, expiresAt, returnTo: attempt?.returnTo ?? pageWithin(undefined), held: attempt?.held }
  })
}

/** The session of a command line, for what its browser brought it and the secret that it kept. */
async function redeem(parts: SignInParts, request: Redeem): Promise<unknown> {
  return counted(parts, async (found) => {
    const { org, handed } = readHanded(request.code, request.verifier, parts.ports)
    found(org)
    const { sso, state, answer, once } = handed
    return openSession(parts, proveSignIn({ org, sso, state, answer, ...(once === undefined ? {} : { once }) }, parts.ports), request)
  })
}

async function signOutUrl(parts: SignInParts, it: SignOut): Promise<string | undefined> {
  const { org, sso: id, baseUrl } = it
  const { ports, glance } = parts
  const sso = await glance(org, (tx) => findSso(tx, id))
  if (sso.protocol === 'saml') return samlSignOutUrl(parts, it, sso)
  return ports.identityProvider.signOutUrl(settingsOf(sso, ports), `${baseUrl}/login`)
}

async function backChannel({ door, ports, glance }: SignInParts, { org, sso: id, token, requestId }: BackChannel): Promise<void> {
  if (!isId('org', org) || !isId('sso', id)) throw fail('sign_in_refused', 'There is no such connection.')
  const sso = await glance(org, (tx) => tx.selectFrom('sso').selectAll().where('id', '=', id).executeTakeFirst())
  if (sso === undefined || sso.state !== 'active' || sso.protocol !== 'oidc') throw fail('sign_in_refused', 'There is no such connection.')
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
    beginTrial: (request) => counted(parts, () => beginTrial(parts, request)),
    finish: (request) => finish(parts, request),
    redeem: (request) => redeem(parts, request),
    receive: (request) => counted(parts, (found) => receive(parts, request, found)),
    samlMetadata: (request) => showMetadata(parts, request),
    signOutUrl: (request) => signOutUrl(parts, request),
    samlSignOut: (request) => counted(parts, (found) => samlSignOut(parts, request, found)),
    backChannel: (request) => counted(parts, () => backChannel(parts, request)),
    beginPasskey: async ({ baseUrl }) => beginPasskey(parts, baseUrl),
    finishPasskey: (request) => finishPasskey(parts, request),
    recoverByCode: (request) => recoverByCode(parts, request),
  }
}
