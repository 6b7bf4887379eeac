// SAML connections: what differs from OpenID Connect in making, changing and looking at one. The provider's metadata is given as a text by an administrator and
// nothing is fetched; our key is made here, and its private half never leaves.
import { z } from 'zod'
import { action, fail, newId, organizationType, type Ports, sensitivityLevel, slugText, type Tx, titleText } from '../../kernel/index.ts'
import { adminLinkContext, noteMade, stateOfNew } from '../admin-link/reach.ts'
import { shownSso } from '../sign-in/connection.ts'
import type { SamlMetadata } from '../sign-in/ports.ts'
import { type SamlKept, samlAddresses, samlOf, shownSaml } from '../sign-in/saml.ts'
import type { SsoRow } from '../sign-in/tables.ts'
import { acrText, addingInput, locateNew, ssoOutput } from './sso-shape.ts'

/** A provider's metadata as a text. */
export const metadataText = z
  .string()
  .min(1)
  .max(262_144)
  .meta({ description: 'The provider’s SAML metadata: the XML itself, not its address.' })

/** A key of ours and its certificate, sealed and open. */
async function newOwn(org: string, id: string, { samlProvider, signInSeal }: Ports) {
  const { own, privateKey } = await samlProvider.newCertificate(id)
  return { own, sealed: signInSeal.seal(org, 'provider', id, privateKey) }
}

/** One provider for one organization, once: of two connections to it, either could sign in as whom the other one knows. */
async function requireUnknown(tx: Tx, slug: string, issuer: string): Promise<void> {
  const taken = await tx
    .selectFrom('sso')
    .select('slug')
    .where((eb) =>
      eb.or([eb('slug', '=', slug), eb.and([eb('issuer', '=', issuer), eb('protocol', '=', 'saml'), eb('state', '=', 'active')])]),
    )
    .executeTakeFirst()
  if (taken === undefined) return
  throw taken.slug === slug
    ? fail('conflict', 'There is a sign-in connection with this slug already.', { pointer: '/slug' })
    : fail('conflict', 'There is a connection to this provider already.', { pointer: '/metadata' })
}

/** Connects a SAML provider. */
export const createSamlSso = action({
  name: 'sso:create-saml',
  summary: 'Connect a SAML 2.0 provider that people sign in through, by its metadata; our own metadata for it is made here.',
  effect: 'change',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({
    slug: slugText,
    name: titleText,
    metadata: metadataText,
    idpInitiated: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether an answer that nobody asked for signs in, so that people can begin at the provider.' }),
    ...addingInput,
    stepUpAcr: acrText.optional().meta({ description: 'The authentication context that is strong enough for consequential acts.' }),
  }),
  output: ssoOutput,
  locate: locateNew,
  async perform({ input, tx, ports, principal }) {
    const { issuer, certificates, ...pages } = ports.samlProvider.readMetadata(input.metadata)
    await requireUnknown(tx, input.slug, issuer)
    const id = newId('sso', ports)
    const { own, sealed } = await newOwn(principal.org, id, ports)
    const saml: SamlKept = { ...pages, certificates: [...certificates], own, unsolicited: input.idpInitiated }
    const row = {
      org_id: principal.org,
      id,
      slug: input.slug,
      name: input.name,
      protocol: 'saml' as const,
      issuer,
      client_id: '',
      method: 'certificate' as const,
      sealed,
      public_jwk: null,
      saml,
      loopback: false,
      provisions: input.provisions,
      clearance: sensitivityLevel(input.clearance),
      step_up_acr: input.stepUpAcr ?? null,
      state: stateOfNew(principal),
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('sso').values(row).execute()
    await noteMade(tx, principal, 'sso', id)
    return {
      result: shownSso(row, [], ports),
      facts: {
        method: row.method,
        provisions: row.provisions,
        clearance: input.clearance,
        idpInitiated: input.idpInitiated,
        certificates: certificates.map(({ sha256 }) => sha256),
      },
      related: [{ rel: 'sso', type: 'Sso', id }],
      texts: { name: input.name, issuer },
    }
  },
})

function requireSame(found: SsoRow, { issuer }: SamlMetadata): void {
  if (issuer === found.issuer) return
  throw fail('invalid', 'This is the metadata of another provider.', {
    pointer: '/metadata',
    next: 'People are linked to the subjects of the one before: make a new connection for another provider.',
  })
}

/** What of a SAML connection a change leads to: new metadata brings the certificates that count from now on, and no other one does. */
export async function changedSaml(
  found: SsoRow,
  input: { readonly metadata?: string | undefined; readonly idpInitiated?: boolean | undefined; readonly newKey?: true | undefined },
  ports: Ports,
) {
  const before = samlOf(found)
  const told = input.metadata === undefined ? before : ports.samlProvider.readMetadata(input.metadata)
  if ('issuer' in told) requireSame(found, told)
  const fresh = input.newKey === true ? await newOwn(found.org_id, found.id, ports) : undefined
  const saml: SamlKept = {
    signInUrl: told.signInUrl,
    signOutUrl: told.signOutUrl,
    signOutAnswerUrl: told.signOutAnswerUrl,
    certificates: [...told.certificates],
    own: fresh?.own ?? before.own,
    unsolicited: input.idpInitiated ?? before.unsolicited,
  }
  return { saml, ...(fresh === undefined ? {} : { sealed: fresh.sealed }) }
}

/** What a look at a SAML connection finds: nothing is asked of the provider, which a browser alone speaks to. */
export function testedSaml(found: SsoRow, { clock, baseUrl }: Ports) {
  const { signInUrl, warning, certificates } = shownSaml(found, baseUrl, clock.now())
  const good = certificates.filter(({ state }) => state === 'good' || state === 'ends_soon')
  return {
    works: good.length > 0,
    problem: warning,
    authorizationEndpoint: signInUrl,
    algorithms: [],
    keys: good.length,
    namesIssuer: true,
    backChannelLogout: false,
    redirectUri: samlAddresses(baseUrl, found).answerUrl,
    signOutUri: samlAddresses(baseUrl, found).signOutAddress,
  }
}
