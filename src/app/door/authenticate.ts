// Step one of the door: from a proof to a principal. The organization that a credential names only says where to look; everything is checked there.
// A one-time link, or what an identity provider proved, opens a session and nothing else; an assertion gets a token or proves a key and nothing else.
import { authenticateAssertion, authenticateToken, organizationOfToken, parseJwt } from '../../credentials/index.ts'
import {
  adminLinkOf,
  directoryOfToken,
  organizationOfSecret,
  personOfLink,
  personOfSession,
  personOfSignIn,
  type SecretKind,
} from '../../identity/index.ts'
import { assertNever, fail, isCoded, type OrgId, type Ports, type Principal, systemPrincipal, type Tx } from '../../kernel/index.ts'
import { runPrincipal } from '../../runs/index.ts'
import type { Credential } from './credential.ts'

const onlyWithLink = 'session:create'
const opensSession = new Set(['link', 'provider'])
/** Which of our own secrets a credential is. */
const secretKinds = { session: 'tws', link: 'twl', directory: 'twd', admin_link: 'twa' } as const satisfies Record<string, SecretKind>
const onlyWithAssertion = new Set(['token:issue', 'promotion:prove-key'])

/** The failure of a request that nobody can be found behind; the same whatever is wrong with it. */
export function unauthenticated(): Error {
  return fail('unauthenticated', 'Nobody is signed in.', { next: 'Sign in with `twinlock login <link>`, or send a workload’s token.' })
}

/** The organization that a credential points at, before anything about it is known to be true. Throws `unauthenticated`, `token_malformed`. */
export function organizationOf(credential: Credential | undefined, baseUrl: string): OrgId {
  if (credential === undefined) throw unauthenticated()
  // Read before anything is looked up, so that one that cannot be read is told so whatever organization it names.
  if (credential.kind === 'assertion') parseJwt(credential.token)
  if ('org' in credential) return credential.org
  const org =
    credential.kind === 'token'
      ? organizationOfToken(credential.token, baseUrl)
      : organizationOfSecret(secretKinds[credential.kind], credential.token)
  if (org === undefined) throw unauthenticated()
  return org
}

/** Whether an action takes a credential that nobody who is signed in acts with: a one-time link, or an assertion. */
export function needsAnotherCredential(action: string): boolean {
  return action === onlyWithLink || onlyWithAssertion.has(action)
}

// Whoever is nobody does not learn which organizations, environments and workloads there are.
function blind(error: unknown): never {
  throw isCoded(error, 'unauthenticated') || isCoded(error, 'not_found') ? unauthenticated() : error
}

function requireFitting(credential: Credential, action: string): void {
  const fits = opensSession.has(credential.kind)
    ? action === onlyWithLink
    : credential.kind === 'assertion'
      ? onlyWithAssertion.has(action)
      : true
  const needed =
    action === onlyWithLink ? opensSession.has(credential.kind) : onlyWithAssertion.has(action) ? credential.kind === 'assertion' : true
  if (!fits || !needed) throw fail('unauthenticated', 'This credential is not the kind that this request needs.')
}

/** Checks a credential within its organization. Throws `unauthenticated` or a code that says what is wrong with it. */
export async function authenticate(tx: Tx, credential: Credential, action: string, ports: Ports): Promise<Principal> {
  requireFitting(credential, action)
  switch (credential.kind) {
    case 'session':
      return personOfSession(tx, credential.token, ports)
    case 'directory':
      return directoryOfToken(tx, credential.token, ports)
    case 'admin_link':
      return adminLinkOf(tx, credential.token, ports)
    case 'link':
      return personOfLink(tx, credential.token, ports)
    case 'provider':
      return personOfSignIn(tx, credential.proof, ports)
    case 'token':
      return authenticateToken(tx, credential.token, ports).catch(blind)
    case 'assertion':
      return (await authenticateAssertion(tx, { ...credential, counts: action === 'token:issue' ? 'good' : 'newest' }, ports).catch(blind))
        .principal
    case 'channel':
      return runPrincipal(tx, ports, { id: credential.run, credential: `channel:${credential.run}`, epoch: credential.epoch })
    case 'system':
      return systemPrincipal(credential.org, credential.part)
    default:
      return assertNever(credential)
  }
}

/** Whether a failure means that nobody is known to be calling, rather than that somebody may not. */
export function isUnauthenticated(error: unknown): boolean {
  return isCoded(error, 'unauthenticated') || (isCoded(error) && (error.code.startsWith('token_') || error.code === 'assertion_replayed'))
}
