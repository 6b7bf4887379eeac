// What a connection keeps of a SAML provider beside what every connection has: where it signs people in and what it signs with, as its metadata said, and our own
// certificate for it. All of it is public; our private key lies sealed where the client's secret of OpenID Connect would.
import { z } from 'zod'
import type { Ports } from '../../kernel/index.ts'
import type { SamlSettings } from './ports.ts'
import type { SsoRow } from './tables.ts'

const certificateShape = z.object({ certificate: z.string(), sha256: z.string(), notBefore: z.string(), notAfter: z.string() })

/** The column `saml`. */
const samlShape = z.object({
  signInUrl: z.string(),
  signOutUrl: z.string().optional(),
  signOutAnswerUrl: z.string().optional(),
  certificates: z.array(certificateShape),
  own: certificateShape,
  /** Whether an answer that nobody asked for signs in. */
  unsolicited: z.boolean(),
})

/** What is kept of a SAML provider. */
export type SamlKept = z.output<typeof samlShape>

/** How long before the last of a provider's certificates ends somebody is told. */
export const certificateWarningMs = 30 * 86_400_000

/** What is shown of it. */
export const samlOutput = z.object({
  signInUrl: z.string(),
  signOutUrl: z
    .string()
    .nullable()
    .meta({ description: 'Where the provider is told that somebody signed out; null where it has no such place.' }),
  certificates: z
    .array(
      z.object({
        sha256: z.string(),
        notBefore: z.string(),
        notAfter: z.string(),
        state: z.enum(['good', 'ends_soon', 'over', 'not_yet']),
      }),
    )
    .meta({ description: 'What the provider signs with. It changes them without an interruption while two are known here.' }),
  warning: z.string().nullable().meta({ description: 'What is to be done before people cannot sign in any more.' }),
  idpInitiated: z.boolean().meta({ description: 'Whether an answer that nobody asked for signs in.' }),
  entityId: z.string().meta({ description: 'What we are called at the provider; our metadata is there.' }),
  answerUrl: z.string().meta({ description: 'Where the provider posts its answers (assertion consumer service).' }),
  signOutAddress: z.string().meta({ description: 'Where the provider tells us that somebody signed out (single logout service).' }),
  ownCertificate: z
    .string()
    .meta({ description: 'Our certificate, in base64: we sign requests with its key, and open assertions that were encrypted for it.' }),
})

/** Where a connection is found from outside: an entity and an address of its own, so that what one provider says cannot be brought to another's. */
export function samlAddresses(
  baseUrl: string,
  { org_id, id }: Pick<SsoRow, 'org_id' | 'id'>,
): Pick<SamlSettings, 'entityId' | 'answerUrl' | 'signOutAddress'> {
  const answerUrl = `${baseUrl}/sso/saml/${org_id}/${id}`
  return { answerUrl, entityId: `${answerUrl}/metadata`, signOutAddress: `${answerUrl}/logout` }
}

/** What is kept of a SAML connection. A connection of the other protocol has none: that would be a mistake of ours. */
export function samlOf(row: Pick<SsoRow, 'saml'>): SamlKept {
  return samlShape.parse(row.saml)
}

/** Opens a connection for the service provider. */
export function samlSettingsOf(row: SsoRow, { signInSeal }: Pick<Ports, 'signInSeal'>, baseUrl: string): SamlSettings {
  const { signInUrl, signOutUrl, signOutAnswerUrl, certificates, own } = samlOf(row)
  const privateKey = signInSeal.open(row.org_id, 'provider', row.id, row.sealed)
  const provider = { issuer: row.issuer, signInUrl, signOutUrl, signOutAnswerUrl, certificates }
  return { ...samlAddresses(baseUrl, row), ...provider, ownCertificate: own.certificate, privateKey }
}

/** When the last of a provider's certificates ends, in milliseconds since the epoch: from then on nobody signs in through it. */
export function lastCertificateEnd({ certificates }: SamlKept): number {
  return Math.max(...certificates.map(({ notAfter }) => Date.parse(notAfter)))
}

function stateAt({ notBefore, notAfter }: { notBefore: string; notAfter: string }, now: number) {
  const end = Date.parse(notAfter)
  if (end <= now) return 'over' as const
  if (Date.parse(notBefore) > now) return 'not_yet' as const
  return end - now <= certificateWarningMs ? ('ends_soon' as const) : ('good' as const)
}

function warningAt(kept: SamlKept, now: number): string | null {
  const end = lastCertificateEnd(kept)
  if (end - now > certificateWarningMs) return null
  const day = new Date(end).toISOString().slice(0, 10)
  return end <= now
    ? `The provider’s last certificate ended on ${day}: nobody signs in through it. Give its new metadata to \`sso:change\`.`
    : `The provider’s last certificate ends on ${day}. Give its metadata with the new one to \`sso:change\` before that day.`
}

/** What is shown of a SAML connection, at a moment. */
export function shownSaml(row: SsoRow, baseUrl: string, now: number): z.output<typeof samlOutput> {
  const kept = samlOf(row)
  return {
    signInUrl: kept.signInUrl,
    signOutUrl: kept.signOutUrl ?? null,
    certificates: kept.certificates.map((one) => ({
      sha256: one.sha256,
      notBefore: one.notBefore,
      notAfter: one.notAfter,
      state: stateAt(one, now),
    })),
    warning: warningAt(kept, now),
    idpInitiated: kept.unsolicited,
    ...samlAddresses(baseUrl, row),
    ownCertificate: kept.own.certificate,
  }
}
