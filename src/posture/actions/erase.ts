// Erasing a person who has left: name, address, what a directory and a provider said of him, and the texts beside entries that are about him. Entries stay as they are:
// each holds a random id and a salted commitment, so that every proof stays whole and nothing in it says who that was. What he wrote as his reason for deciding
// something else than about himself is evidence of that, and stays.
import { sql } from 'kysely'
import { z } from 'zod'
import { findPerson, waysIn } from '../../identity/index.ts'
import { action, fail, idOf, organizationEntity, organizationType, type Ports, reasonText, type Tx } from '../../kernel/index.ts'

interface Erasing {
  readonly tx: Tx
  readonly person: string
}

const numberOf = (result: { readonly numAffectedRows?: bigint | undefined }): number => Number(result.numAffectedRows ?? 0n)

/** The texts beside entries about him, and of the entries of his own acts those that say where he was or who he is. */
async function eraseTexts({ tx, person }: Erasing): Promise<number> {
  return numberOf(
    await sql`
      delete from sidecar s using entry e where e.id = s.entry_id and (
        e.resource_id = ${person}
        or exists (select from entry_ref r where r.entry_id = e.id and r.ref_id = ${person} and r.rel <> 'actor')
        or (e.actor_id = ${person} and s.name in ('address', 'name', 'email', 'device')))`.execute(tx),
  )
}

async function eraseDocuments({ tx, person }: Erasing): Promise<{ documents: number; addresses: number; identities: number }> {
  const documents = numberOf(await sql`delete from directory_user where person_id = ${person}`.execute(tx))
  const addresses = numberOf(await sql`delete from directory_address where person_id = ${person}`.execute(tx))
  await sql`delete from directory_former where person_id = ${person}`.execute(tx)
  const identities = numberOf(await sql`delete from sso_identity where person_id = ${person}`.execute(tx))
  await tx.updateTable('passkey').set({ name: 'Erased' }).where('person_id', '=', person).execute()
  // What was exported and is kept may speak of him too.
  await sql`delete from archive_part`.execute(tx)
  await sql`delete from archive`.execute(tx)
  await sql`update session set device = '', sso_subject = null, sso_session = null where person_id = ${person}`.execute(tx)
  return { documents, addresses, identities }
}

/** Nobody is recognized by what stays in his place. */
async function eraseNames({ tx, person }: Erasing): Promise<void> {
  const tail = person.slice(-10)
  await tx
    .updateTable('person')
    .set({ slug: `erased-${tail}`, name: 'Erased person', email: `${person}@erased.invalid`, salt: '' })
    .where('id', '=', person)
    .execute()
}

async function requireGone(it: Erasing, ports: Ports, org: Parameters<Ports['holders'][number]['remaining']>[1]['org']): Promise<void> {
  const at = new Date(ports.clock.now())
  for (const holder of [...waysIn, ...ports.holders]) {
    const remaining = await holder.remaining(it.tx, { org, person: it.person, at })
    if (remaining === 0) continue
    throw fail('conflict', `${remaining} ${holder.what.replaceAll('_', ' ')} of this person still count.`, {
      pointer: '/person',
      next: 'See `twinlock person leaving`, and finish that first.',
    })
  }
}

/** Erases who a person was. */
export const erasePerson = action({
  name: 'person:erase',
  summary: 'Erase who a person was that has left: name, address, what was said of him. The ledger stays whole, and names nobody.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ person: idOf('per'), reason: reasonText }),
  output: z.object({
    person: idOf('per'),
    texts: z.number().meta({ description: 'Texts beside entries that were erased.' }),
    documents: z.number(),
    addresses: z.number(),
    identities: z.number(),
  }),
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ input, found, tx, ports, principal }) {
    if (found.state !== 'left') throw fail('conflict', 'This person is still here.', { pointer: '/person', next: 'Offboard him first.' })
    const it = { tx, person: found.id }
    await requireGone(it, ports, principal.org)
    const texts = await eraseTexts(it)
    const counts = { texts, ...(await eraseDocuments(it)) }
    await eraseNames(it)
    return {
      result: { person: found.id, ...counts },
      facts: counts,
      related: [{ rel: 'erased', type: 'Person', id: found.id }],
      texts: { reason: input.reason },
    }
  },
})
