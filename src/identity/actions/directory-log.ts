// What a directory asked for, as people read it, and where what it last said and what is here differ.
import { z } from 'zod'
import { action, idOf, organizationEntity, organizationType, pageInput, pageOf, toPage } from '../../kernel/index.ts'
import { adminLinkContext, askedOf } from '../admin-link/reach.ts'
import { pruneLogs, toldOf } from '../scim/deliveries.ts'
import { directoryType, locateDirectory } from '../scim/directories.ts'
import { driftKinds, driftOf } from '../scim/drift.ts'
import { deliveryDays } from './organization-settings.ts'

/** Lists what a directory asked for, newest first. */
export const listDeliveries = action({
  name: 'directory:deliveries',
  summary: 'Read what a directory asked for, newest first: what changed, and why something was refused.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['admin_link'],
  resource: directoryType,
  context: adminLinkContext,
  input: z.strictObject({
    directory: idOf('dir'),
    refused: z.boolean().default(false).meta({ description: 'Only what was refused.' }),
    ...pageInput,
  }),
  output: pageOf(
    z.object({
      id: idOf('dlv'),
      at: z.string(),
      operation: z.string(),
      resource: z.string().nullable(),
      changed: z.array(z.string()).meta({ description: 'The names of attributes, never their values.' }),
      outcome: z.enum(['done', 'refused']),
      code: z.string().nullable(),
      told: z.string().meta({ description: 'What it came to, in a sentence.' }),
      entry: z.string(),
    }),
  ),
  locate: async ({ input, tx, principal }) => ({
    ...(await locateDirectory(tx, input.directory)),
    context: askedOf(principal, 'directory', input.directory),
  }),
  async perform({ input, found, tx }) {
    let query = tx
      .selectFrom('directory_delivery')
      .selectAll()
      .where('directory_id', '=', found.id)
      .orderBy('id', 'desc')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '<', input.after)
    if (input.refused) query = query.where('code', 'is not', null)
    const page = toPage(await query.execute(), input.limit)
    const items = page.items.map((row) => {
      const { id, operation, resource_id: resource, changed, code, entry_id: entry } = row
      const outcome = code === null ? ('done' as const) : ('refused' as const)
      return { id, at: row.at.toISOString(), operation, resource, changed, outcome, code, told: toldOf(row), entry }
    })
    return { result: { ...page, items } }
  },
})

/** Deletes the oldest lines of the logs. */
export const pruneDeliveries = action({
  name: 'directory:prune',
  summary:
    'Delete what is older in the logs of directories than the organization keeps it, and what is more than is kept of each; entries stay.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ deleted: z.number(), isMore: z.boolean() }),
  locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
  async perform({ tx, ports }) {
    const from = ports.clock.now() - (await deliveryDays(tx)) * 86_400_000
    const pruned = await pruneLogs(tx, from)
    const deleted = pruned.reduce((sum, one) => sum + one.deleted, 0)
    return {
      result: { deleted, isMore: pruned.some(({ isMore }) => isMore) },
      facts: { deleted, keptFrom: new Date(from).toISOString() },
      related: pruned.map(({ directory }) => ({ rel: 'directory', type: 'Directory', id: directory })),
      isUnchanged: deleted === 0,
    }
  },
})

/** Finds where what the directory last said and what is here differ. */
export const reconcileDirectory = action({
  name: 'directory:reconcile',
  summary: 'Find where what a directory last said and what is here differ: people, names, addresses, and who is in which group.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: directoryType,
  input: z.strictObject({ directory: idOf('dir') }),
  output: z.object({
    directory: idOf('dir'),
    count: z.number(),
    drift: z
      .array(
        z.object({
          kind: z.enum(driftKinds),
          resource: z.string(),
          member: z.string().nullable(),
          told: z.string().meta({ description: 'What differs, in a sentence.' }),
        }),
      )
      .meta({ description: 'At most 200 of each kind; `count` counts all.' }),
  }),
  locate: ({ input, tx }) => locateDirectory(tx, input.directory),
  perform: async ({ found, tx }) => ({ result: { directory: found.id, ...(await driftOf(tx, found.id)) } }),
})
