// Changes of how people come in that somebody should know of who did not make them. Whoever can change a provider, or what it may say, can sign in as everybody
// whom it knows: administrators and auditors are told for a week. Whoever makes a passkey or codes in a session of somebody else's comes back by them: the person is told.
import { namesOf } from '../../twins/index.ts'
import { bodyOf } from '../entry-rows.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, mayDo } from './item.ts'

const weekMs = 7 * 86_400_000

/** What changes a provider, or whom it is believed about. */
const changing: ReadonlyMap<string, string> = new Map([
  ['sso:create', 'connected this provider'],
  ['sso:create-saml', 'connected this provider'],
  ['sso:change', 'changed how this provider is asked and believed'],
  ['domain:verify', 'proved a domain for this provider'],
  ['link:accept', 'accepted this provider, which an admin link had set up'],
])

/** Entries of the last week by what was done, the newest. */
async function lately(it: Looking, actions: readonly string[]) {
  const rows = await it.tx
    .selectFrom('numbered_entry')
    .select(['id', 'seq', 'body'])
    .where('action', 'in', actions)
    .where('outcome', '=', 'done')
    .where('at', '>', new Date(it.now - weekMs))
    .orderBy('id', 'desc')
    .limit(candidatesMax)
    .execute()
  return bounded(it, rows).map((row) => ({ entry: row.id, ...bodyOf(row) }))
}

type Lately = Awaited<ReturnType<typeof lately>>[number]

/** What of a connection was changed by name: another title alone is nothing to be told of. */
function changedOf({ action, facts }: Lately): string[] | undefined {
  if (action !== 'sso:change' || typeof facts !== 'object' || facts === null || Array.isArray(facts)) return undefined
  const { changed } = facts
  return Array.isArray(changed) ? changed.filter((name) => typeof name === 'string' && name !== 'name').map(String) : []
}

/** Providers that were connected, changed or given a domain in the last week, for administrators and auditors: whoever did it is told as well, since it may not have been he. */
export async function providersChanged(it: Looking): Promise<AttentionItem[]> {
  const [may] = await mayDo(it, 'sso:list', [{}])
  if (may !== true) return []
  const told = (await lately(it, [...changing.keys()])).flatMap((one) => {
    const [sso, changed] = [one.related.find(({ rel }) => rel === 'sso')?.id, changedOf(one)]
    return sso === undefined || changed?.length === 0 ? [] : [{ ...one, sso, changed }]
  })
  const names = await namesOf(
    it.tx,
    told.map(({ actor }) => actor.id),
  )
  const providers = new Map((await it.tx.selectFrom('sso').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]))
  return told.map(({ entry, action, actor, sso, changed, at }) => ({
    kind: 'provider_changed',
    subject: { type: 'Entry', id: entry },
    title: providers.get(sso) ?? sso,
    why: `${names(actor.id) ?? actor.id} ${changing.get(action) ?? action}${changed === undefined ? '' : ` (${changed.join(', ')})`}. It says who signs in: see that somebody can say why.`,
    since: at,
    until: null,
    action: 'sso:show',
  }))
}

/**
 * Tokens of directories that somebody was shown in the last week, for administrators and auditors: with one he says of everybody, of himself too, what mappings and the
 * groups of the directory give for.
 */
export async function tokensShown(it: Looking): Promise<AttentionItem[]> {
  const [may] = await mayDo(it, 'directory:list', [{}])
  if (may !== true) return []
  const shown = (await lately(it, ['directory:create', 'directory:rotate-token'])).flatMap((one) => {
    const directory = one.related.find(({ rel }) => rel === 'directory')?.id
    return directory === undefined ? [] : [{ ...one, directory }]
  })
  const names = await namesOf(
    it.tx,
    shown.map(({ actor }) => actor.id),
  )
  const directories = new Map((await it.tx.selectFrom('directory').select(['id', 'name']).execute()).map(({ id, name }) => [id, name]))
  return shown.map(({ entry, actor, directory, at }) => ({
    kind: 'directory_token_shown',
    subject: { type: 'Entry', id: entry },
    title: directories.get(directory) ?? directory,
    why: `${names(actor.id) ?? actor.id} was shown a token of this directory. Whoever holds it says who is here, and what mappings give them: see that it went to the provider.`,
    since: at,
    until: null,
    action: 'directory:show',
  }))
}

/** That the provider was required and is not any more, for administrators and auditors, for a week. */
export async function providerNotRequired(it: Looking): Promise<AttentionItem[]> {
  const [may] = await mayDo(it, 'organization:sign-in', [{}])
  if (may !== true) return []
  const off = (await lately(it, ['organization:require-sso'])).filter(
    ({ facts }) => typeof facts === 'object' && facts !== null && !Array.isArray(facts) && facts.required === false,
  )
  const names = await namesOf(
    it.tx,
    off.map(({ actor }) => actor.id),
  )
  return off.map(({ entry, actor, at }) => ({
    kind: 'provider_not_required',
    subject: { type: 'Entry', id: entry },
    title: 'The provider was made one way in among others',
    why: `${names(actor.id) ?? actor.id} stopped requiring it: links, passkeys and recovery codes sign in again. See that somebody can say why.`,
    since: at,
    until: null,
    action: 'organization:require-sso',
  }))
}

/** Addresses that administrators changed in the last week: one's own, and, for administrators and auditors, everybody's. */
export async function addressesChanged(it: Looking): Promise<AttentionItem[]> {
  const changed = (await lately(it, ['person:change-address'])).flatMap((one) => {
    const person = one.related.find(({ rel }) => rel === 'person')?.id
    return person === undefined ? [] : [{ ...one, person }]
  })
  const [may] = changed.length === 0 ? [false] : await mayDo(it, 'sso:list', [{}])
  const told = changed.filter(({ person }) => may === true || person === it.principal.id)
  const names = await namesOf(
    it.tx,
    told.flatMap(({ actor, person }) => [actor.id, person]),
  )
  return told.map(({ entry, actor, person, at, facts }) => {
    const isIn = typeof facts === 'object' && facts !== null && !Array.isArray(facts) && facts.letsProviderIn === true
    const whose = person === it.principal.id ? 'Your address' : `The address of ${names(person) ?? person}`
    return {
      kind: 'address_changed',
      subject: { type: 'Entry', id: entry },
      title: `${whose} was changed`,
      why: `${names(actor.id) ?? actor.id} changed it${isIn ? ', so that a provider that speaks for it signs in by it' : ''}. See that somebody can say why.`,
      since: at,
      until: null,
      action: 'person:show',
    }
  })
}

/** Passkeys and recovery codes of one's own that were made in the last week. */
export async function ownWaysInMade(it: Looking): Promise<AttentionItem[]> {
  const { tx, principal, now } = it
  const since = new Date(now - weekMs)
  const passkeys = await tx
    .selectFrom('passkey')
    .select(['id', 'name', 'created_at'])
    .where('person_id', '=', principal.id)
    .where('state', '=', 'active')
    .where('created_at', '>', since)
    .orderBy('id')
    .execute()
  const codes = await tx
    .selectFrom('recovery_code')
    .select((eb) => eb.fn.max('created_at').as('made'))
    .where('person_id', '=', principal.id)
    .where('used_at', 'is', null)
    .where('created_at', '>', since)
    .executeTakeFirst()
  const made: AttentionItem[] = passkeys.map(({ id, name, created_at }) => ({
    kind: 'passkey_added',
    subject: { type: 'Passkey', id },
    title: `A passkey of yours was added: ${name}`,
    why: 'It signs you in from now on. If it was not you who added it, remove it, and end your other sessions.',
    since: created_at.toISOString(),
    until: null,
    action: 'passkey:remove',
  }))
  if (codes?.made == null) return made
  return [
    ...made,
    {
      kind: 'recovery_codes_made',
      subject: { type: 'Person', id: principal.id },
      title: 'Recovery codes of yours were made',
      why: 'Those before are worth nothing any more. If it was not you who made them, make new ones, and end your other sessions.',
      since: codes.made.toISOString(),
      until: null,
      action: 'person:recovery-codes',
    },
  ]
}
