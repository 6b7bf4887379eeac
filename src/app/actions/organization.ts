// The first act in an organization's life: its row, its take-away counter and the key of its log. Done by the starter, or by whoever sets a deployment up.
import { z } from 'zod'
import { createKey } from '../../credentials/index.ts'
import { action, fail, idOf, organizationEntity, organizationType, slugText, titleText } from '../../kernel/index.ts'

const labelBytes = 5

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
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ input, tx, ports, principal }) {
    const before = await tx.selectFrom('organization').select('slug').executeTakeFirst()
    if (before !== undefined) throw fail('conflict', 'This organization exists already.')
    const label = [...ports.random.bytes(labelBytes)].map((byte) => 'abcdefghijkmnpqrstuvwxyz23456789'.charAt(byte & 31)).join('')
    await tx
      .insertInto('organization')
      .values({ org_id: principal.org, slug: input.slug, name: input.name, label, created_at: new Date(ports.clock.now()) })
      .execute()
    const key = await createKey(tx, { org: principal.org, environment: '', side: 'ledger', purpose: 'checkpoint' }, ports)
    return { result: { id: principal.org, slug: input.slug, name: input.name }, facts: { slug: input.slug, label, checkpointKey: key } }
  },
})
