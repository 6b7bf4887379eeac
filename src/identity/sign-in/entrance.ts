// How somebody comes in: what authenticated the request is used up in the transaction that opens the session, so that of many who show the same one, one comes
// in. What proves a person to us alone (links, passkeys, recovery codes) counts for nothing where the organization requires its provider, but for a break-glass link.
import { fail, type OwnSignIn, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { spendOnce } from './proof.ts'
import { signInRules } from './rules.ts'

/** Who comes in, in which transaction. */
export interface Opening {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** How somebody came in: what of it the session keeps, and what the entry says. */
export interface Entrance {
  readonly columns: {
    readonly authenticated_at: Date | null
    readonly acr: string | null
    readonly break_glass: boolean
    readonly sso_id: string | null
    readonly sso_subject: string | null
    readonly sso_session: string | null
    readonly sso_name_format: string | null
    readonly passkey_id: string | null
    readonly recovery: boolean
    readonly opened_from: string | null
  }
  readonly via: 'link' | 'break_glass' | 'sso' | 'passkey' | 'recovery'
  /** When the session ends at the latest, whatever its limits say. */
  readonly lastsUntil?: Date | null
}

const nothing = {
  authenticated_at: null,
  acr: null,
  break_glass: false,
  sso_id: null,
  sso_subject: null,
  sso_session: null,
  sso_name_format: null,
  passkey_id: null,
  recovery: false,
  opened_from: null,
}

async function requireLocal(tx: Tx): Promise<void> {
  if ((await signInRules(tx)).requireSso) throw fail('sso_required', 'People of this organization sign in through its provider.')
}

async function byLink({ tx, ports, principal }: Opening): Promise<Entrance> {
  const now = new Date(ports.clock.now())
  const used = await tx
    .updateTable('one_time_link')
    .set({ used_at: now })
    .where('hash', '=', principal.credential ?? '')
    .where('used_at', 'is', null)
    .returning(['break_glass', 'lasts_until', 'made_in'])
    .executeTakeFirst()
  if (used === undefined) throw fail('unauthenticated', 'This link was used, has expired, or never existed.')
  const { break_glass, lasts_until: lastsUntil, made_in: opened_from } = used
  if (!break_glass) await requireLocal(tx)
  return { columns: { ...nothing, authenticated_at: now, break_glass, opened_from }, via: break_glass ? 'break_glass' : 'link', lastsUntil }
}

async function byProvider({ tx, ports, principal }: Opening, provider: NonNullable<Principal['provider']>): Promise<Entrance> {
  const { attempt, once, sso, subject, session, nameFormat } = provider
  await spendOnce(tx, principal.org, [{ hash: attempt }, ...(once === undefined ? [] : [once])], ports)
  const columns = {
    ...nothing,
    authenticated_at: principal.authenticatedAt === undefined ? null : new Date(principal.authenticatedAt),
    acr: principal.acr ?? null,
    sso_id: sso,
    sso_subject: subject,
    sso_session: session ?? null,
    sso_name_format: nameFormat ?? null,
  }
  return { columns, via: 'sso' }
}

/** A counter that does not grow, where there is one, is a copy of the key somewhere (WebAuthn level 3 section 6.1.1). */
async function byPasskey({ tx, ports, principal }: Opening, own: Extract<OwnSignIn, { kind: 'passkey' }>): Promise<Entrance> {
  await requireLocal(tx)
  await spendOnce(tx, principal.org, [{ hash: own.attempt }], ports)
  const now = new Date(ports.clock.now())
  const used = await tx
    .updateTable('passkey')
    .set({ counter: own.counter, synced: own.isSynced, used_at: now })
    .where('id', '=', own.passkey)
    .where('person_id', '=', principal.id)
    .where('state', '=', 'active')
    .where((eb) => eb.or([eb('counter', '<', own.counter), eb.and([eb('counter', '=', 0), eb.val(own.counter === 0)])]))
    .executeTakeFirst()
  if (used.numUpdatedRows !== 1n)
    throw fail('sign_in_refused', 'This passkey does not sign in any more.', { next: 'Use another one, or a link.' })
  return { columns: { ...nothing, authenticated_at: now, passkey_id: own.passkey }, via: 'passkey' }
}

async function byRecoveryCode({ tx, ports, principal }: Opening, { hash }: Extract<OwnSignIn, { kind: 'recovery' }>): Promise<Entrance> {
  await requireLocal(tx)
  const now = new Date(ports.clock.now())
  const used = await tx
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('hash', '=', hash)
    .where('person_id', '=', principal.id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  if (used.numUpdatedRows !== 1n) throw fail('unauthenticated', 'This code was used, was replaced, or never existed.')
  return { columns: { ...nothing, authenticated_at: now, recovery: true }, via: 'recovery' }
}

/** Uses up what authenticates the request. Throws what the one that was shown is refused with. */
export async function enter(it: Opening): Promise<Entrance> {
  const { provider, own } = it.principal
  if (provider !== undefined) return byProvider(it, provider)
  if (own === undefined) return byLink(it)
  return own.kind === 'passkey' ? byPasskey(it, own) : byRecoveryCode(it, own)
}
