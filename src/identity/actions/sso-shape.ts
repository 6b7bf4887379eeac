// What is the same of both protocols' connections: what they are shown as, what a new one is asked, how it is located, the texts that both take.
import { z } from 'zod'
import { idOf, organizationEntity, type Principal, type Sensitivity, sensitivity, sensitivityLevel } from '../../kernel/index.ts'
import { askedOf, yetToMake } from '../admin-link/reach.ts'
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
  state: z
    .enum(['proposed', 'active', 'retired'])
    .meta({ description: '`proposed`: set up by an admin link, and not in use before it is accepted.' }),
  createdAt: z.string(),
})

/** What is asked of a new connection about people whom nobody added: whether it adds them, and what they may see then. */
export const addingInput = {
  provisions: z.boolean().default(false).meta({ description: 'Whether people of its verified domains are added when they first sign in.' }),
  clearance: sensitivity.default('internal').meta({ description: 'The clearance of people who are added so.' }),
}

/** Whether what is asked for a connection lets people in, or raises what those may see whom it adds: for administrators to say. */
export function letsIn(it: { readonly provisions?: boolean | undefined; readonly clearance?: Sensitivity | undefined }): boolean {
  return it.provisions === true || sensitivityLevel(it.clearance ?? 'internal') > sensitivityLevel('internal')
}

/** The `locate` of a connection that is yet to be made, by an administrator or by an admin link. */
export async function locateNew({ input, principal }: { readonly input: Parameters<typeof letsIn>[0]; readonly principal: Principal }) {
  return {
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', yetToMake, letsIn(input)),
    found: undefined,
  }
}

/** How a provider names a way of signing in. */
export const acrText = z.string().min(1).max(200).regex(printable)
