// The first act in an organization's life: its row, its take-away counter and the key of its log. Done by the starter, or by whoever sets a deployment up.
import { z } from 'zod'
import { createKey } from '../../credentials/index.ts'
import { action, fail, idOf, locateOrganization, organizationType, type Ports, slugText, type Tx, titleText } from '../../kernel/index.ts'

const labelBytes = 5

/**
 * The random part of the organization's trust domains: one that no organization has, or had. Throws `conflict` for an organization that was destroyed, and for the
 * one label in 33 million that is taken.
 */
async function newLabel(tx: Tx, { random }: Ports): Promise<string> {
  const label = [...random.bytes(labelBytes)].map((byte) => 'abcdefghijkmnpqrstuvwxyz23456789'.charAt(byte & 31)).join('')
  const spent = await tx
    .selectNoFrom((eb) => eb.fn<boolean>('organization_is_spent', [eb.val(label)]).as('spent'))
    .executeTakeFirstOrThrow()
  if (spent.spent)
    throw fail('conflict', 'This organization was destroyed, or its label is taken. Neither is ever used again.', {
      next: 'Create another.',
    })
  return label
}

/** Creates the organization that the transaction is bound to. */
export const createOrganization = action({
  name: 'organization:create',
  summary: 'Create an organization with its own ledger and trust domains.',
  effect: 'change',
  roles: [],
  system: ['starter'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, name: titleText }),
  output: z.object({ id: idOf('org'), slug: z.string(), name: z.string() }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const before = await tx.selectFrom('organization').select('slug').executeTakeFirst()
    if (before !== undefined) throw fail('conflict', 'This organization exists already.')
    const label = await newLabel(tx, ports)
    await tx
      .insertInto('organization')
      .values({ org_id: principal.org, slug: input.slug, name: input.name, label, created_at: new Date(ports.clock.now()) })
      .execute()
    const key = await createKey(tx, { org: principal.org, environment: '', side: 'ledger', purpose: 'checkpoint' }, ports)
    return { result: { id: principal.org, slug: input.slug, name: input.name }, facts: { slug: input.slug, label, checkpointKey: key } }
  },
})
