// Changing the address of a person whom no directory speaks of. A provider is believed about addresses, so that an address is a way in: whoever was here before by
// another way is not found by a new address unless an administrator says so, and the person and the administrators are told either way.
import { z } from 'zod'
import { action, fail, idOf, organizationEntity, organizationType, reasonText, type Tx } from '../../kernel/index.ts'
import { addressColumns, findPerson, type PersonRow, personOutput, shownPerson } from '../people.ts'

async function requireOwnAddress(tx: Tx, person: string): Promise<void> {
  const said = await tx.selectFrom('directory_user').select('person_id').where('person_id', '=', person).executeTakeFirst()
  if (said !== undefined)
    throw fail('conflict', 'A directory says what the address of this person is.', { pointer: '/email', next: 'Change it there.' })
}

async function requireFree(tx: Tx, person: PersonRow, email: string): Promise<void> {
  const taken = await tx
    .selectFrom('person')
    .select('id')
    .where((eb) => eb('email_key', '=', eb.fn<string>('lower', [eb.val(email)])))
    .where('id', '<>', person.id)
    .executeTakeFirst()
  if (taken !== undefined) throw fail('conflict', 'Somebody here has this address already.', { pointer: '/email' })
}

/** Gives a person another address. Sessions, links and what providers know of him stay: they are his, and not the address's. */
export const changeAddress = action({
  name: 'person:change-address',
  summary:
    'Give a person another address, unless a directory says it. Nobody loses anything by that, and nobody is found by it who came in before.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({
    person: idOf('per'),
    email: z.email().max(200),
    letsProviderIn: z.boolean().default(false).meta({
      description:
        'Whether a provider that speaks for the new address may sign in as him by it, although he came in before by another way. Somebody who never came in is found by it in any case.',
    }),
    reason: reasonText,
  }),
  output: personOutput,
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await findPerson(tx, input.person) }),
  async perform({ input, found, tx, ports }) {
    const { email, letsProviderIn, reason } = input
    if (found.state !== 'active') throw fail('conflict', 'This person has left.', { pointer: '/person' })
    if (email === found.email && !(letsProviderIn && found.address_since !== null))
      throw fail('invalid', 'It is the address already.', { pointer: '/email' })
    await requireOwnAddress(tx, found.id)
    await requireFree(tx, found, email)
    await tx
      .updateTable('person')
      .set({ ...addressColumns(email, ports.clock.now()), ...(letsProviderIn ? { address_since: null } : {}) })
      .where('id', '=', found.id)
      .execute()
    return {
      result: shownPerson(found),
      facts: { letsProviderIn },
      related: [{ rel: 'person', type: 'Person', id: found.id }],
      texts: { email, before: found.email, reason },
    }
  },
})
