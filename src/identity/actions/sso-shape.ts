// What both protocols' connections are shown as, and the texts that both take.
import { z } from 'zod'
import { idOf, sensitivity } from '../../kernel/index.ts'
import { samlOutput } from '../sign-in/saml.ts'

/** What a text of a provider is written in. */
export const printable = /^[\x20-\x7e]+$/

/** What is shown of a connection. */
export const ssoOutput = z.object({
  id: idOf('sso'),
  slug: z.string(),
  name: z.string(),
  protocol: z.enum(['oidc', 'saml']),
  issuer: z.string().meta({ description: 'For SAML: the provider’s entity id.' }),
  clientId: z.string().nullable().meta({ description: 'Null for SAML.' }),
  authentication: z.enum(['secret', 'private_key_jwt', 'certificate']),
  publicJwk: z.string().nullable().meta({ description: 'For `private_key_jwt`: the key to register with the provider.' }),
  saml: samlOutput.nullable().meta({ description: 'Null for OpenID Connect.' }),
  provisions: z.boolean(),
  clearance: sensitivity,
  stepUpAcr: z.string().nullable(),
  domains: z.array(z.string()).meta({ description: 'The verified domains that it speaks for.' }),
  state: z.enum(['active', 'retired']),
  createdAt: z.string(),
})

/** How a provider names a way of signing in. */
export const acrText = z.string().min(1).max(200).regex(printable)
