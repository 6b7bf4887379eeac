// Deleting an organization: one administrator asks, another confirms, a grace passes in which any of them can keep it, and then everything of it goes but a tombstone
// that keeps its trust domains from ever being used again. From the confirmation on nothing is launched, issued, fetched or exported.
import { sql } from 'kysely'
import { z } from 'zod'
import { administratorIds } from '../../access/index.ts'
import { deletionOf, graceDays } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationRef,
  organizationType,
  type Principal,
  type ResourceType,
  reasonText,
  slugText,
  type Tx,
} from '../../kernel/index.ts'
import { endRuns } from '../../runs/index.ts'

const dayMs = 86_400_000
/** How long after a link was made for somebody he does not count as having come in by himself: longer than any session, and what is made in one, goes unnoticed. */
const linkedMs = 7 * dayMs

/** A deletion that was asked for, as a resource: `askers` are the hands that asked. */
const deletionType = {
  name: 'OrganizationDeletion',
  attributes: { askers: 'Set<String>' },
  parents: ['Organization'],
} as const satisfies ResourceType

const slugAgain = slugText.meta({ description: 'The organization’s short name, typed again.' })

const deletionOutput = z.object({
  organization: idOf('org'),
  state: z.enum(['asked', 'confirmed']),
  askedBy: idOf('per'),
  confirmedBy: idOf('per').nullable(),
  dueAt: z.string().nullable(),
})

async function requireSlug(tx: Tx, slug: string): Promise<void> {
  const organization = await tx.selectFrom('organization').select('slug').executeTakeFirstOrThrow()
  if (organization.slug !== slug) throw fail('invalid', 'This is not the short name of this organization.', { pointer: '/slug' })
}

/** Asks for the organization to be deleted; another administrator confirms it. */
export const deleteOrganization = action({
  name: 'organization:delete',
  summary: 'Ask for this organization to be deleted: nothing happens until another administrator confirms it.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ slug: slugAgain, reason: reasonText }),
  output: deletionOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    if (principal.kind !== 'person') throw fail('denied', 'Only a person asks for this.')
    await requireSlug(tx, input.slug)
    if ((await deletionOf(tx)) !== undefined)
      throw fail('conflict', 'It was asked for already.', { next: 'Another administrator confirms it.' })
    const row = {
      org_id: principal.org,
      asked_by: principal.id,
      asked_at: new Date(ports.clock.now()),
      confirmed_by: null,
      confirmed_at: null,
      due_at: null,
    }
    await tx.insertInto('organization_deletion').values(row).execute()
    return {
      result: { organization: principal.org, state: 'asked' as const, askedBy: principal.id, confirmedBy: null, dueAt: null },
      texts: { reason: input.reason },
    }
  },
})

/**
 * Whether two people say so indeed: whoever asked is an administrator still, whoever confirms was one before it was asked for, and nobody made a sign-in link for one
 * of the two lately. Who opens a link is whoever holds it, and what he makes in that session, a passkey or codes, lets him in again.
 */
async function requireTwoPeople(
  tx: Tx,
  principal: Principal,
  asked: { readonly by: string; readonly at: Date },
  now: number,
): Promise<void> {
  if (!(await administratorIds(tx, now)).includes(asked.by))
    throw fail('denied', 'Whoever asked for this is no administrator any more.', {
      next: 'Keep the organization, and have it asked for anew.',
    })
  const before = await administratorIds(tx, asked.at.getTime(), asked.at)
  if (!before.includes(principal.id)) throw fail('denied', 'Whoever confirms this was an administrator before it was asked for.')
  const link = await tx
    .selectFrom('entry as e')
    .innerJoin('entry_ref as r', 'r.entry_id', 'e.id')
    .select('e.id')
    .where('r.ref_id', 'in', [principal.id, asked.by])
    .where('r.rel', '=', 'person')
    .where('e.action', 'in', ['person:link', 'person:break-glass'])
    .where('e.outcome', '=', 'done')
    // Whoever holds the machine needs no link of anybody's.
    .where('e.actor_id', '<>', 'starter')
    .where('e.at', '>', new Date(asked.at.getTime() - linkedMs))
    .executeTakeFirst()
  if (link !== undefined)
    throw fail('denied', 'A sign-in link was made for one of you two in the week before it was asked for, or since.', {
      next: 'Two administrators who come in by themselves, through the provider or by passkeys of theirs, ask and confirm.',
    })
}

/** Confirms that the organization is to be deleted, as somebody else than who asked; from now on nothing begins or leaves in it. */
export const confirmDeletion = action({
  name: 'organization:confirm-deletion',
  summary: 'Confirm that this organization is to be deleted, as another administrator: live runs and tokens end, and the grace begins.',
  effect: 'change',
  roles: ['admin'],
  resource: deletionType,
  input: z.strictObject({ slug: slugAgain, reason: reasonText }),
  output: deletionOutput.extend({ runs: z.number(), tokens: z.number() }),
  locate: async ({ tx, principal }) => {
    const deletion = await deletionOf(tx)
    if (deletion === undefined) throw fail('not_found', 'Nobody asked for this organization to be deleted.')
    return {
      resource: {
        type: deletionType.name,
        id: principal.org,
        attributes: { askers: [deletion.asked_by] },
        parents: [organizationRef(principal.org)],
      },
      others: [organizationEntity(principal.org)],
      found: deletion,
    }
  },
  async perform({ input, found, tx, ports, principal }) {
    await requireSlug(tx, input.slug)
    if (found.confirmed_at !== null) throw fail('conflict', 'It was confirmed already.')
    // Whoever is ending the asker's time here at this moment is through before, and is seen.
    await ports.holdAdmissions(tx)
    await requireTwoPeople(tx, principal, { by: found.asked_by, at: found.asked_at }, ports.clock.now())
    const at = new Date(ports.clock.now())
    const due = new Date(at.getTime() + (await graceDays(tx)) * dayMs)
    const confirmed = await tx
      .updateTable('organization_deletion')
      .set({ confirmed_by: principal.id, confirmed_at: at, due_at: due })
      .where('confirmed_at', 'is', null)
      .where('asked_by', '=', found.asked_by)
      .executeTakeFirst()
    if (confirmed.numUpdatedRows !== 1n) throw fail('stale', 'Somebody else decided this at the same time.')
    const live = await tx.selectFrom('run').select('id').where('state', 'in', ['queued', 'claimed', 'running']).execute()
    await endRuns(
      tx,
      live.map(({ id }) => id),
      { cause: 'organization_closing', at },
    )
    const tokens = await tx.updateTable('credential').set({ revoked_at: at }).where('revoked_at', 'is', null).executeTakeFirst()
    const counts = { runs: live.length, tokens: Number(tokens.numUpdatedRows) }
    return {
      result: {
        organization: principal.org,
        state: 'confirmed' as const,
        askedBy: found.asked_by,
        confirmedBy: principal.id,
        dueAt: due.toISOString(),
        ...counts,
      },
      facts: { ...counts, due: due.toISOString() },
      related: [{ rel: 'asked_by', type: 'Person', id: found.asked_by }],
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})

/** Keeps the organization, whether its deletion was confirmed or not. */
export const keepOrganization = action({
  name: 'organization:keep',
  summary: 'Keep this organization although its deletion was asked for, or confirmed; what ended meanwhile stays ended.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ reason: reasonText }),
  output: z.object({ organization: idOf('org'), kept: z.literal(true) }),
  locate: locateOrganization,
  async perform({ input, tx, principal }) {
    const gone = await tx.deleteFrom('organization_deletion').executeTakeFirst()
    if (gone.numDeletedRows !== 1n) throw fail('conflict', 'Nobody asked for this organization to be deleted.')
    return { result: { organization: principal.org, kept: true as const }, texts: { reason: input.reason } }
  },
})

/** Destroys the organization once its grace is over; nothing is done before. */
export const destroyOrganization = action({
  name: 'organization:destroy',
  summary: 'Destroy an organization whose deletion was confirmed and is due: its keys, rows and ledger go, a tombstone stays.',
  effect: 'change',
  roles: [],
  system: ['reaper'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ destroyed: z.boolean() }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const deletion = await deletionOf(tx)
    if (deletion?.due_at == null || deletion.due_at.getTime() > ports.clock.now())
      return { result: { destroyed: false }, isUnchanged: true }
    await ports.holdAdmissions(tx)
    await sql`select destroy_organization()`.execute(tx)
    return { result: { destroyed: true }, facts: { due: deletion.due_at.toISOString() }, takesAway: true }
  },
})
