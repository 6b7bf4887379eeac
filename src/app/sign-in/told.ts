// What a provider told, on its way between two requests: from the address that a SAML provider posts to, to the browser's own next step, and from the browser to
// the command line that waits beside it. It is sealed, lives for two minutes, and is worth nothing alone: the first needs the cookie of the browser that began,
// the second the secret that the command line never sent (RFC 7636). It is used up with the session that it opens.
import { z } from 'zod'
import { attributesSaid, mappingAttributes, type ProviderAnswer } from '../../identity/index.ts'
import { base64url, idOf, type OrgId, type Ports, utf8 } from '../../kernel/index.ts'
import { expired, type HandOver, handOverShape } from './attempt.ts'
import { keep, openKept } from './keep.ts'

const toldSeconds = 120
const text = z.string().max(320)

const answerShape = z.strictObject({
  subject: text,
  nameFormat: text.optional(),
  email: text.optional(),
  emailVerified: z.boolean(),
  name: text.optional(),
  acr: text.optional(),
  authenticatedAt: z.number().optional(),
  session: text.optional(),
  /** What mappings may ask for of what it said, by their names. */
  claims: z.partialRecord(z.enum(mappingAttributes), text).optional(),
})

const onceShape = z.strictObject({ hash: z.string(), until: z.number() })

const toldShape = z.strictObject({
  at: z.number(),
  sso: idOf('sso'),
  answer: answerShape,
  /** The id of the question that it answers; null where nobody asked. */
  inResponseTo: z.string().nullable(),
  once: onceShape,
})

const handedShape = z.strictObject({
  at: z.number(),
  sso: idOf('sso'),
  answer: answerShape,
  state: z.string(),
  once: onceShape.optional(),
  to: handOverShape,
})

/** What a SAML provider told. */
export type Told = Omit<z.output<typeof toldShape>, 'answer'> & { readonly answer: ProviderAnswer }

/** What is handed over to a command line. */
export type Handed = Omit<z.output<typeof handedShape>, 'answer'> & { readonly answer: ProviderAnswer }

type Sealing = Pick<Ports, 'signInSeal' | 'clock'>

// What a provider said, as far as anybody asks for it, and nothing else. What it did not say is left out of the text, and comes back as undefined.
const whole = (answer: z.output<typeof answerShape> | ProviderAnswer) => {
  const { subject, nameFormat, email, emailVerified, name, acr, authenticatedAt, session, claims } = answer
  const format = nameFormat === undefined ? {} : { nameFormat }
  const said = claims === undefined ? {} : { claims: attributesSaid(claims) }
  return { subject, ...format, email, emailVerified, name, acr, authenticatedAt, session, ...said } satisfies ProviderAnswer
}

function fresh<T extends { readonly at: number }>(
  opened: { readonly org: OrgId; readonly value: T } | undefined,
  { clock }: Sealing,
): { readonly org: OrgId; readonly value: T } {
  if (opened === undefined || clock.now() - opened.value.at > toldSeconds * 1000) throw expired()
  return opened
}

/** Seals what a SAML provider told for the browser's next step. */
export function keepTold(org: OrgId, told: Omit<Told, 'at'>, ports: Sealing): string {
  return keep(org, 'answer', { ...told, answer: whole(told.answer), at: ports.clock.now() }, ports)
}

/** Opens what a SAML provider told. Throws `sign_in_expired`. */
export function readTold(kept: string, ports: Sealing): { readonly org: OrgId; readonly told: Told } {
  const { org, value } = fresh(openKept('answer', kept, toldShape, ports), ports)
  return { org, told: { ...value, answer: whole(value.answer) } }
}

/** Where the browser goes with what is handed over: the command line on the same machine, by its address and never by a name (RFC 8252 section 8.3). */
export function handOverUrl(org: OrgId, handed: Omit<Handed, 'at'>, ports: Sealing): string {
  const code = keep(org, 'hand-over', { ...handed, answer: whole(handed.answer), at: ports.clock.now() }, ports)
  return `http://127.0.0.1:${handed.to.port}/?${new URLSearchParams({ code, state: handed.to.state })}`
}

/** Opens what was handed over, for whoever holds the secret behind its challenge. Throws `sign_in_expired`. */
export function readHanded(
  code: string,
  verifier: string,
  ports: Sealing & Pick<Ports, 'sha256'>,
): { readonly org: OrgId; readonly handed: Handed } {
  const { org, value } = fresh(openKept('hand-over', code, handedShape, ports), ports)
  if (value.to.challenge !== challengeOf(verifier, ports)) throw expired()
  return { org, handed: { ...value, answer: whole(value.answer) } }
}

/** The challenge of a secret (RFC 7636 section 4.2, S256). */
function challengeOf(verifier: string, { sha256 }: Pick<Ports, 'sha256'>): HandOver['challenge'] {
  return base64url(sha256(utf8(verifier)))
}
