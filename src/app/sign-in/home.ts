// Where signing in leads, before anybody is known: from a short name, an id or the domain of an address to one organization. Whoever asks is told nothing but yes
// or no, and the same no for whatever is not there.
import { sql } from 'kysely'
import { z } from 'zod'
import { domainOf } from '../../identity/index.ts'
import { fail, idOf, newId, type OrgId } from '../../kernel/index.ts'
import type { SignInParts } from './parts.ts'

const orgShape = z.object({ org: idOf('org') })

/** What somebody typed; attacker-controlled. */
export interface Typed {
  readonly organization: string | undefined
  readonly email: string | undefined
}

/** An organization without a provider, and one that is not there, are told by nothing. */
export function nowhere(): Error {
  return fail('not_found', 'There is no provider to sign in through for this organization or address.', {
    next: 'Check how it is written, or ask for a one-time link.',
  })
}

/** The one organization that a slug, an id or the domain of an address leads to. */
export async function homeOf(
  parts: Pick<SignInParts, 'ports' | 'glance'>,
  { organization, email }: Typed,
): Promise<{ org: OrgId; domain: string | undefined }> {
  const domain = email === undefined ? undefined : domainOf(email.trim())
  const wanted = email === undefined ? organization?.trim().toLowerCase() : domain
  if (wanted === undefined || wanted.length === 0 || wanted.length > 253) throw nowhere()
  const kind = email === undefined ? 'organization' : 'domain'
  // Bound to an organization that is not there: nothing but the ids that this function answers can be read.
  const found = await parts.glance(newId('org', parts.ports), async (tx) => {
    const { rows } = await sql<{ org: string }>`select sign_in_homes(${kind}, ${wanted}) as org`.execute(tx)
    return rows
  })
  const [only, another] = found
  if (only === undefined || another !== undefined) throw nowhere()
  return { org: orgShape.parse(only).org, domain }
}
