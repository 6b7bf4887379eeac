// A trial of a sign-in connection: the same walk through the provider as signing in, at whose end stands a page of words and no session. What began it is sealed by
// us for an administrator or an admin link; from then on everything is attacker-controlled, as when signing in. INVARIANT: no proof is made here.
import { z } from 'zod'
import { takeawayVersionOf } from '../../access/index.ts'
import {
  findSso,
  makerNow,
  type ProviderAnswer,
  type SsoRow,
  settingsOf,
  type TrialMaker,
  trialMaker,
  trialSeconds,
  type WouldBe,
  wouldBe,
} from '../../identity/index.ts'
import { CodedError, fail, idOf, isCoded, type OrgId, type Tx } from '../../kernel/index.ts'
import { type Attempt, attemptSeconds, expired, keepAttempt, newAttempt, questionOf, readAttempt } from './attempt.ts'
import { keep, openKept } from './keep.ts'
import type { SignInParts } from './parts.ts'
import { readTold } from './told.ts'
import { triedPage } from './tried-page.ts'
import { whereToAsk } from './where-to-ask.ts'

const beginningShape = z.strictObject({ sso: idOf('sso'), at: z.number(), by: trialMaker })
const failureShape = z.strictObject({ sso: idOf('sso'), at: z.number(), why: z.string(), next: z.string().optional() })

/** What a browser begins a trial with. */
export interface BeginTrial {
  /** Attacker-controlled until it opens. */
  readonly trial: string
  readonly baseUrl: string
}

/** Whoever made the address might make it now as well: a session or link that is over, or a role that was taken back, ends what was begun by it. */
async function requireMaker(tx: Tx, { ports }: SignInParts, maker: TrialMaker, sso: string): Promise<void> {
  const over = () =>
    fail('sign_in_refused', 'Whoever made the address of this trial may not try this connection any more.', {
      next: 'Have an administrator make another.',
    })
  const version = await takeawayVersionOf(tx)
  const principal = await makerNow(tx, maker, ports).catch((error: unknown) => {
    throw isCoded(error, 'unauthenticated') ? over() : error
  })
  const [told] = await ports.examiner.examine(tx, { principal, version: version ?? 0 }, [{ action: 'sso:try', input: { sso } }])
  if (told?.allowed !== true) throw over()
}

async function connectionInTrial(parts: SignInParts, org: OrgId, sso: string, maker: TrialMaker): Promise<SsoRow> {
  return parts.glance(org, async (tx) => {
    await requireMaker(tx, parts, maker, sso)
    const row = await findSso(tx, sso)
    if (row.state === 'retired') throw fail('sign_in_refused', 'This sign-in connection is retired.')
    return row
  })
}

/** Begins a trial: where to send the browser, and what it keeps meanwhile. Throws `sign_in_expired`. */
export async function beginTrial(parts: SignInParts, { trial, baseUrl }: BeginTrial) {
  const { ports } = parts
  const opened = openKept('trial', trial, beginningShape, ports)
  if (opened === undefined || ports.clock.now() - opened.value.at > trialSeconds * 1000) throw expired()
  const { org, value } = opened
  const row = await connectionInTrial(parts, org, value.sso, value.by)
  const redirectUri = `${baseUrl}/sso/callback`
  const attempt = newAttempt({ sso: value.sso, redirectUri, returnTo: '/console/', isStepUp: false, trial: value.by }, ports)
  const url = await whereToAsk(parts, row, attempt, { baseUrl })
  return { url, kept: keepAttempt(org, attempt, ports), secondsMax: attemptSeconds }
}

/** Keeps why a SAML provider's answer does not hold for the browser's next step, in words of ours. */
export function keepFailure(org: OrgId, sso: string, { message, notes }: CodedError, { ports }: Pick<SignInParts, 'ports'>): string {
  const next = notes.next === undefined ? {} : { next: notes.next }
  return keep(org, 'tried', { sso, at: ports.clock.now(), why: message, ...next }, ports)
}

/** The trial that a browser began; nothing where it began none, or something else. */
export function trialUnderWay(parts: Pick<SignInParts, 'ports'>, kept: string | undefined): Begun | undefined {
  try {
    const { org, attempt } = readAttempt(kept, parts.ports)
    return attempt.trial === undefined ? undefined : { org, attempt, maker: attempt.trial }
  } catch (error) {
    if (isCoded(error)) return undefined // signing in says it
    throw error
  }
}

type Shown = { readonly query: string; readonly baseUrl: string }
type Begun = { readonly org: OrgId; readonly attempt: Attempt; readonly maker: TrialMaker }

/** What the provider said to this very trial. Throws what is wrong with it. */
async function answerTo(parts: SignInParts, { org, attempt }: Begun, row: SsoRow, { query, baseUrl }: Shown): Promise<ProviderAnswer> {
  const { ports } = parts
  const elsewhere = () =>
    fail('sign_in_refused', 'It answers another question than this browser asked.', { next: 'Begin the trial again.' })
  if (attempt.redirectUri !== `${baseUrl}/sso/callback`) throw elsewhere()
  const said = new URLSearchParams(query)
  const failure = openKept('tried', said.get('tried') ?? undefined, failureShape, ports)
  if (failure !== undefined) {
    if (failure.org !== org || failure.value.sso !== attempt.sso) throw elsewhere()
    const { why, next } = failure.value
    throw fail('sign_in_refused', why, next === undefined ? {} : { next })
  }
  if (row.protocol === 'oidc') return ports.identityProvider.redeem(settingsOf(row, ports), questionOf(attempt, row.step_up_acr), query)
  const { org: of, told } = readTold(said.get('saml') ?? '', ports)
  if (of !== org || told.sso !== attempt.sso || told.inResponseTo !== `_${attempt.state}`) throw elsewhere()
  return told.answer
}

/** Ends a trial: the page that says what came of it. */
export async function finishTrial(
  parts: SignInParts,
  begun: Begun,
  shown: Shown,
): Promise<{ readonly kind: 'tried'; readonly page: string }> {
  const row = await connectionInTrial(parts, begun.org, begun.attempt.sso, begun.maker)
  let answer: ProviderAnswer | undefined
  let would: WouldBe
  try {
    const said = await answerTo(parts, begun, row, shown)
    answer = said
    would = await parts.glance(begun.org, (tx) => wouldBe(tx, row, said))
  } catch (error) {
    if (!(error instanceof CodedError) || error.code === 'unavailable' || error.code === 'internal') throw error
    would = { kind: 'nobody', why: error.message, next: error.notes.next }
  }
  return { kind: 'tried', page: triedPage(row.name, answer, would) }
}
