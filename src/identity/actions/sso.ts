// Actions on sign-in connections: the identity providers that an organization signs in through. A client's credential is sealed as it comes in, or made here as
// a key whose private half never leaves; neither is shown again. A provider is believed about its verified domains alone.
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  newId,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  sensitivity,
  sensitivityLevel,
  slugText,
  titleText,
  toPage,
} from '../../kernel/index.ts'
import { adminLinkContext, askedOf, noteMade, stateOfNew } from '../admin-link/reach.ts'
import { domainsOfConnections, findSso, settingsOf, shownSso } from '../sign-in/connection.ts'
import { signInRules } from '../sign-in/rules.ts'
import type { SsoRow } from '../sign-in/tables.ts'
import { changedSaml, metadataText, testedSaml } from './sso-saml.ts'
import { acrText, addingInput, letsIn, locateNew, printable, ssoOutput } from './sso-shape.ts'

const loopbackNames = new Set(['127.0.0.1', '[::1]', 'localhost'])

const secretText = z.string().min(8).max(500).regex(printable)

/** Reads an issuer as discovery wants it (OpenID Connect Discovery 1.0 section 3): https, or http on this machine, without query or fragment. */
function readIssuer(text: string): { issuer: string; loopback: boolean } {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw fail('invalid', 'The issuer is not a URL.', { pointer: '/issuer' })
  }
  const loopback = loopbackNames.has(url.hostname)
  if (url.protocol !== 'https:' && !(loopback && url.protocol === 'http:')) {
    throw fail('invalid', 'An issuer speaks https; only one on this machine may speak http.', { pointer: '/issuer' })
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || text.includes('?') || text.includes('#')) {
    throw fail('invalid', 'An issuer has no credential, query or fragment.', { pointer: '/issuer' })
  }
  return { issuer: text, loopback }
}

/** Whoever holds an admin link learns nothing of what else listens on this machine. */
function requireFarAway({ kind }: Principal, loopback: boolean): void {
  if (loopback && kind === 'admin_link')
    throw fail('invalid', 'An admin link connects no provider of this machine itself.', { pointer: '/issuer' })
}

async function sealCredential(org: string, id: string, secret: string | undefined, { identityProvider, signInSeal }: Ports) {
  if (secret !== undefined) return { method: 'secret' as const, sealed: signInSeal.seal(org, 'provider', id, secret), public_jwk: null }
  const { publicJwk, privateJwk } = await identityProvider.newKey()
  return { method: 'key' as const, sealed: signInSeal.seal(org, 'provider', id, privateJwk), public_jwk: publicJwk }
}

const related = (id: string) => [{ rel: 'sso', type: 'Sso', id }]

/** Connects an OpenID provider. */
export const createSso = action({
  name: 'sso:create',
  summary: 'Connect an OpenID provider that people sign in through; without a secret a key is made for it (private_key_jwt).',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({
    slug: slugText,
    name: titleText,
    issuer: z.string().max(300),
    clientId: z.string().min(1).max(200).regex(printable),
    secret: secretText.optional().meta({ description: 'The client secret; sealed at once, never shown again.' }),
    ...addingInput,
    stepUpAcr: acrText.optional().meta({ description: 'How the provider names a sign-in that is strong enough for consequential acts.' }),
  }),
  output: ssoOutput,
  locate: locateNew,
  async perform({ input, tx, ports, principal }) {
    const { issuer, loopback } = readIssuer(input.issuer)
    requireFarAway(principal, loopback)
    const taken = await tx.selectFrom('sso').select('id').where('slug', '=', input.slug).executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'There is a sign-in connection with this slug already.', { pointer: '/slug' })
    const id = newId('sso', ports)
    const row = {
      org_id: principal.org,
      id,
      slug: input.slug,
      name: input.name,
      protocol: 'oidc' as const,
      issuer,
      client_id: input.clientId,
      ...(await sealCredential(principal.org, id, input.secret, ports)),
      saml: null,
      loopback,
      provisions: input.provisions,
      clearance: sensitivityLevel(input.clearance),
      step_up_acr: input.stepUpAcr ?? null,
      state: stateOfNew(principal),
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('sso').values(row).execute()
    await noteMade(tx, principal, 'sso', id)
    const { method, provisions } = row
    return {
      result: shownSso(row, [], ports),
      facts: { method, provisions, clearance: input.clearance },
      related: related(id),
      texts: { name: input.name, issuer },
    }
  },
})

/** Lists sign-in connections. */
export const listSso = action({
  name: 'sso:list',
  summary: 'List the identity providers that people sign in through; credentials are never shown.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(ssoOutput),
  locate: locateOrganization,
  async perform({ input, tx, ports }) {
    let query = tx
      .selectFrom('sso')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const domains = await domainsOfConnections(tx)
    const { items, next } = toPage(await query.execute(), input.limit)
    return { result: { items: items.map((row) => shownSso(row, domains.get(row.id) ?? [], ports)), next } }
  },
})

/** Shows a sign-in connection. */
export const showSso = action({
  name: 'sso:show',
  summary: 'Show a sign-in connection; its credential is never shown.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ sso: idOf('sso') }),
  output: ssoOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', input.sso),
    found: await findSso(tx, input.sso),
  }),
  async perform({ found, tx, ports }) {
    return { result: shownSso(found, (await domainsOfConnections(tx)).get(found.id) ?? [], ports) }
  },
})

type Change = Readonly<Record<'clientId' | 'secret' | 'newKey' | 'metadata' | 'idpInitiated', unknown>>

const ofOneProtocol = { oidc: ['clientId', 'secret'], saml: ['metadata', 'idpInitiated'] } as const

/** Refuses to change of one protocol what only the other one has. */
function requireProtocol(protocol: 'oidc' | 'saml', input: Partial<Change>): void {
  for (const name of ofOneProtocol[protocol === 'oidc' ? 'saml' : 'oidc'])
    if (input[name] !== undefined) throw fail('invalid', 'A connection of this protocol has nothing like it.', { pointer: `/${name}` })
}

async function changedCredential(
  found: SsoRow,
  input: { readonly secret?: string | undefined; readonly newKey?: true | undefined },
  ports: Ports,
) {
  return input.secret !== undefined || input.newKey === true ? sealCredential(found.org_id, found.id, input.secret, ports) : {}
}

/** Changes a sign-in connection. Its issuer stays: people are linked to the subjects of that one. */
export const changeSso = action({
  name: 'sso:change',
  summary: 'Change a sign-in connection: its client, its credential, its provider’s certificates, whom it adds. Its issuer cannot change.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({
    sso: idOf('sso'),
    name: titleText.optional(),
    clientId: z.string().min(1).max(200).regex(printable).optional(),
    secret: secretText.optional(),
    newKey: z
      .literal(true)
      .optional()
      .meta({ description: 'Make a new key: for `private_key_jwt`, or our certificate for SAML. The one before ends at once.' }),
    metadata: metadataText.optional(),
    idpInitiated: z.boolean().optional().meta({ description: 'For SAML: whether an answer that nobody asked for signs in.' }),
    provisions: z.boolean().optional(),
    clearance: sensitivity.optional(),
    stepUpAcr: acrText.nullable().optional(),
  }),
  output: ssoOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', input.sso, letsIn(input)),
    found: await findSso(tx, input.sso),
  }),
  async perform({ input, found, tx, ports }) {
    if (found.state === 'retired') throw fail('conflict', 'This connection is retired.', { pointer: '/sso' })
    requireProtocol(found.protocol, input)
    const columns = {
      name: input.name ?? found.name,
      client_id: input.clientId ?? found.client_id,
      ...(found.protocol === 'saml' ? await changedSaml(found, input, ports) : await changedCredential(found, input, ports)),
      provisions: input.provisions ?? found.provisions,
      clearance: input.clearance === undefined ? found.clearance : sensitivityLevel(input.clearance),
      step_up_acr: input.stepUpAcr === undefined ? found.step_up_acr : input.stepUpAcr,
    }
    await tx.updateTable('sso').set(columns).where('id', '=', found.id).execute()
    const changed = Object.keys(input).filter((name) => name !== 'sso')
    const after = { ...found, ...columns }
    return {
      result: shownSso(after, (await domainsOfConnections(tx)).get(found.id) ?? [], ports),
      facts: { changed, method: after.method, provisions: after.provisions },
      related: related(found.id),
      texts: { name: after.name },
    }
  },
})

/** Retires a sign-in connection and ends the sessions that were opened through it. */
export const retireSso = action({
  name: 'sso:retire',
  summary: 'Retire a sign-in connection: nobody signs in through it any more, and the sessions that it opened end.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ sso: idOf('sso') }),
  output: z.object({ id: idOf('sso'), state: z.literal('retired'), sessions: z.number() }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findSso(tx, input.sso) }),
  async perform({ found, input, tx, ports }) {
    // Whoever is signing in through it at this moment is through before, or not at all.
    await ports.holdAdmissions(tx)
    const others = await tx.selectFrom('sso').select('id').where('state', '=', 'active').where('id', '<>', found.id).executeTakeFirst()
    if (found.state === 'active' && others === undefined && (await signInRules(tx)).requireSso) {
      throw fail('conflict', 'This organization requires its provider, and this is the last one.', {
        next: 'Connect another one, or stop requiring it first.',
      })
    }
    await tx.updateTable('sso').set({ state: 'retired' }).where('id', '=', found.id).execute()
    const ended = await tx
      .updateTable('session')
      .set({ ended_at: new Date(ports.clock.now()) })
      .where('sso_id', '=', found.id)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    const sessions = Number(ended.numUpdatedRows)
    return {
      result: { id: input.sso, state: 'retired' as const, sessions },
      facts: { sessions },
      related: related(found.id),
      takesAway: true,
    }
  },
})

/** Looks whether a provider answers. Nothing is kept of what it says. */
export const testSso = action({
  name: 'sso:test',
  summary: 'Ask the provider of a sign-in connection whether it is there, and say what it can do or what is wrong with it.',
  effect: 'read',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ sso: idOf('sso') }),
  output: z.object({
    works: z.boolean(),
    problem: z.string().nullable(),
    authorizationEndpoint: z.string().nullable(),
    algorithms: z.array(z.string()),
    keys: z.number(),
    namesIssuer: z.boolean().meta({ description: 'Whether it names itself in its answers (RFC 9207).' }),
    backChannelLogout: z.boolean(),
    redirectUri: z.string().meta({ description: 'To be registered with the provider.' }),
    signOutUri: z
      .string()
      .nullable()
      .meta({ description: 'To be registered with the provider: for back-channel logout, or as the single logout service of SAML.' }),
  }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', input.sso),
    found: await findSso(tx, input.sso),
  }),
  async perform({ found, ports, principal }) {
    const uris = { redirectUri: `${ports.baseUrl}/sso/callback`, signOutUri: `${ports.baseUrl}/sso/logout/${principal.org}/${found.id}` }
    const nothing = { authorizationEndpoint: null, algorithms: [], keys: 0, namesIssuer: false, backChannelLogout: false }
    if (found.protocol === 'saml') return { result: testedSaml(found, ports) }
    try {
      const look = await ports.identityProvider.look(settingsOf(found, ports))
      return { result: { works: true, problem: null, ...look, algorithms: [...look.algorithms], ...uris } }
    } catch (error) {
      return { result: { works: false, problem: error instanceof Error ? error.message : 'It does not work.', ...nothing, ...uris } }
    }
  },
})
