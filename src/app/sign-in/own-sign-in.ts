// Signing in without a provider: by a passkey that a device found by itself, or by a recovery code. Nobody is known until the device's signature, or the code's hash,
// was found to hold; then the door opens the session as it opens any other, and refuses it where the organization requires its provider.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  attemptName,
  challengeSeconds,
  hashRecoveryCode,
  holderIn,
  isSpent,
  passkeyPlace,
  proveOwn,
  replayed,
  requireNamedPlace,
  type UsedPasskey,
} from '../../identity/index.ts'
import { base64url, fail, newId, type OrgId, type OwnSignIn, type Tables } from '../../kernel/index.ts'
import { expired } from './attempt.ts'
import { homeOf } from './home.ts'
import { keep, openKept } from './keep.ts'
import { type AskedFrom, counted, openSession, type SignInParts, sessionShape } from './parts.ts'

/** What a browser asks its device for, and what it keeps until the device answered. */
export interface BegunPasskey {
  readonly challenge: string
  readonly rpId: string
  readonly kept: string
  readonly secondsMax: number
}

/** What a device said. All of it is attacker-controlled but `baseUrl`, `requestId` and `address`. */
export interface FinishPasskey extends AskedFrom {
  readonly kept: string | undefined
  readonly used: UsedPasskey & { readonly userHandle: string }
  readonly baseUrl: string
}

/** A recovery code as somebody typed it. */
export interface RecoverByCode extends AskedFrom {
  readonly organization: string
  readonly code: string
}

/** A session that was opened so. */
export interface OwnSession extends z.output<typeof sessionShape> {
  readonly org: OrgId
}

const challengeShape = z.strictObject({ challenge: z.string(), at: z.number() })

/** Begins: a challenge that is good once, for five minutes, in the browser that asked. */
export function beginPasskey({ ports }: SignInParts, baseUrl: string): BegunPasskey {
  const { rpId } = passkeyPlace(baseUrl)
  requireNamedPlace(passkeyPlace(baseUrl))
  const challenge = base64url(ports.random.bytes(32))
  // Of no organization: which one it is, the device says.
  const kept = keep(newId('org', ports), 'challenge', { challenge, at: ports.clock.now() }, ports)
  return { challenge, rpId, kept, secondsMax: challengeSeconds }
}

function takeChallenge({ ports }: SignInParts, kept: string | undefined): string {
  const opened = openKept('challenge', kept, challengeShape, ports)
  if (opened === undefined || ports.clock.now() - opened.value.at > challengeSeconds * 1000) throw expired()
  return opened.value.challenge
}

// A passkey that is not here, was removed or is somebody else's are told apart by nothing.
const unknown = () => fail('sign_in_refused', 'This passkey signs nobody in here.', { next: 'Use another one, a link or a recovery code.' })

type Passkey = Selectable<Tables['passkey']>
type UsedOnce = Pick<Extract<OwnSignIn, { kind: 'passkey' }>, 'counter' | 'attempt'>

async function findPasskey({ glance }: SignInParts, { used }: FinishPasskey, found: (org: OrgId) => void) {
  const holder = holderIn(used.userHandle)
  if (holder === undefined) throw unknown()
  found(holder.org)
  const row = await glance(holder.org, (tx) =>
    tx
      .selectFrom('passkey')
      .selectAll()
      .where('credential_id', '=', used.id)
      .where('person_id', '=', holder.person)
      .where('state', '=', 'active')
      .executeTakeFirst(),
  )
  if (row === undefined) throw unknown()
  return { ...holder, row }
}

/**
 * Where devices count, a count that does not grow is a copy's (WebAuthn level 3 section 6.1.1): the passkey goes out of use, and both of its holders with it. What
 * was signed for a challenge that is used up is the same answer once more, and says nothing of a copy.
 */
async function requireGrowth(parts: SignInParts, org: OrgId, { id, counter: known }: Passkey, used: UsedOnce, requestId: string) {
  const { counter, attempt } = used
  if ((counter === 0 && known === 0) || counter > known) return
  if (await parts.glance(org, (tx) => isSpent(tx, attempt))) throw replayed()
  const { door } = parts
  const credential = { kind: 'system', org, part: 'sign-in' } as const
  await door.govern({ action: 'passkey:suspend', credential, input: { passkey: id, counter, known }, requestId })
  throw fail('sign_in_refused', 'There seems to be a copy of this passkey: it signs nobody in any more.', {
    next: 'Sign in another way, remove it, and tell an administrator.',
  })
}

/** Goes on with what the device said: a session. */
export function finishPasskey(parts: SignInParts, request: FinishPasskey): Promise<OwnSession> {
  const { ports } = parts
  return counted(parts, async (saw) => {
    const challenge = takeChallenge(parts, request.kept)
    const { org, person, row } = await findPasskey(parts, request, saw)
    const { counter, isSynced } = await ports.passkeys.check(passkeyPlace(request.baseUrl), challenge, request.used, row.public_key)
    const own = { kind: 'passkey', passkey: row.id, counter, isSynced, attempt: attemptName(challenge, ports) } as const
    await requireGrowth(parts, org, row, own, request.requestId)
    const proof = proveOwn({ org, person, own, authenticatedAt: ports.clock.now() })
    return { org, ...sessionShape.parse(await openSession(parts, proof, request)) }
  })
}

/** A session for a recovery code. A code, and an organization, that are not there are told apart by nothing. */
export function recoverByCode(parts: SignInParts, request: RecoverByCode): Promise<OwnSession> {
  const { ports, glance } = parts
  const wrong = () =>
    fail('sign_in_refused', 'This code signs nobody in here.', { next: 'Check both, or use another one: each works once.' })
  return counted(parts, async (saw) => {
    const { org } = await homeOf(parts, { organization: request.organization, email: undefined }).catch(() => {
      throw wrong()
    })
    saw(org)
    const hash = hashRecoveryCode(org, request.code, ports)
    if (hash === undefined) throw wrong()
    const row = await glance(org, (tx) =>
      tx.selectFrom('recovery_code').select('person_id').where('hash', '=', hash).where('used_at', 'is', null).executeTakeFirst(),
    )
    if (row === undefined) throw wrong()
    const proof = proveOwn({ org, person: row.person_id, own: { kind: 'recovery', hash }, authenticatedAt: ports.clock.now() })
    return { org, ...sessionShape.parse(await openSession(parts, proof, request)) }
  })
}
