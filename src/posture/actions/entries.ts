// The audit trail: a page of entries, and one entry whole. Reading it is itself recorded: who looked for what, by ids, never by free text.
import { z } from 'zod'
import { action, fail, idOf, moment, type Ports, pageOf, type Tx, toPage } from '../../kernel/index.ts'
import { commitText } from '../../ledger/index.ts'
import { findProject, namesOf } from '../../twins/index.ts'
import { bodyOf, chosenEntries, type EntryBody, entryRow, namesInRows, toEntryRow } from '../entry-rows.ts'
import { evidenceOf, evidenceType, projectsOfEntry } from '../evidence.ts'

const thingId = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_./@-]*$/, 'must be an id')

const entryFilters = {
  action: z
    .string()
    .max(60)
    .regex(/^[a-z]+:[a-z-]+$/, 'must be noun:verb')
    .optional()
    .meta({ description: 'One action: `promotion:cross`.' }),
  principal: thingId.optional().meta({ description: 'Who acted: a person, workload, run or part of the product.' }),
  resource: thingId.optional().meta({ description: 'What the entries speak of, by id.' }),
  outcome: entryRow.shape.outcome.optional(),
  environment: idOf('env').optional(),
  project: idOf('prj').optional().meta({ description: 'Only what is about something in this project, or was done by its runs.' }),
  since: moment.optional().meta({ description: 'At or after this moment (RFC 3339, UTC).' }),
  until: moment.optional().meta({ description: 'Before this moment (RFC 3339, UTC).' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'At most so many items.' }),
  after: idOf('ent').optional().meta({ description: 'Go on with what is older than this entry: the `next` of the page before.' }),
}

/** Lists entries, newest first, by who, what, where, when and what became of it. */
export const listEntries = action({
  name: 'ledger:list',
  summary:
    'List entries of the ledger, newest first: who did what on what, and what became of it; of one project, for whoever may see that alone.',
  effect: 'content',
  roles: ['auditor'],
  resource: evidenceType,
  input: z.strictObject(entryFilters),
  output: pageOf(entryRow),
  locate: async ({ input: { project }, tx, principal }) => {
    if (project !== undefined) await findProject(tx, project)
    return { ...evidenceOf(principal, project === undefined ? [] : [project]), found: undefined }
  },
  async perform({ input, tx }) {
    const { items, next } = toPage(await chosenEntries(tx, { ...input, limit: input.limit + 1 }).execute(), input.limit)
    const bodies = items.map(bodyOf)
    const names = await namesInRows(tx, bodies)
    const rows = items.flatMap((row, at) => {
      const body = bodies[at]
      return body === undefined ? [] : [toEntryRow(row, body, names)]
    })
    const filters = Object.fromEntries(Object.entries(input).filter(([name, value]) => value !== undefined && name !== 'limit'))
    return { result: { items: rows, next }, facts: { filters, entries: rows.length } }
  },
})

const text = z.object({
  name: z.string(),
  /** What the entry holds of it for ever. */
  commitment: z.string(),
  /** Null once it was erased. */
  content: z.string().nullable(),
  salt: z.string().nullable(),
  /** Whether salt and content lead to the commitment; null once they were erased. */
  holds: z.boolean().nullable(),
})

const entryDetail = entryRow.extend({
  /** The canonical text that the log holds: what a receipt proves. */
  body: z.string(),
  chain: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  credential: z.string().nullable(),
  policies: z.array(z.string()),
  version: z.number().nullable(),
  facts: z.json(),
  links: z.array(z.object({ rel: z.string(), type: z.string(), id: z.string(), name: z.string().nullable() })),
  texts: z.array(text),
  /** Whether a signed checkpoint covers it, so that it has a receipt. */
  isProvable: z.boolean(),
})

async function textsOf(tx: Tx, entry: string, { texts }: EntryBody, { sha256 }: Ports): Promise<z.input<typeof text>[]> {
  const kept = await tx.selectFrom('sidecar').select(['name', 'salt', 'content']).where('entry_id', '=', entry).execute()
  return Object.entries(texts).map(([name, commitment]) => {
    const found = kept.find((one) => one.name === name)
    if (found === undefined) return { name, commitment, content: null, salt: null, holds: null }
    const { salt, content } = found
    return { name, commitment, content, salt, holds: commitText(sha256, salt, content) === commitment }
  })
}

/** What an entry leads to: its resource, the grants that allowed it, and the things that it names. */
function linksOf({ resource, related, policies }: EntryBody): { rel: string; type: string; id: string }[] {
  const grants = policies.filter((id) => id.startsWith('grt_')).map((id) => ({ rel: 'grant', type: 'Grant', id }))
  return [{ rel: 'resource', ...resource }, ...grants, ...related].filter(({ id }) => id !== '')
}

/** Shows one entry whole: its body, its texts as far as they are still there, its place in the log, what it leads to. */
export const showEntry = action({
  name: 'ledger:show',
  summary: 'Show an entry whole: its body, its texts as far as they are still there, its place in the log, what it leads to.',
  effect: 'content',
  roles: ['auditor', 'reviewer'],
  resource: evidenceType,
  input: z.strictObject({ entry: idOf('ent') }),
  output: entryDetail,
  locate: async ({ input, tx, principal }) => {
    const row = await tx.selectFrom('numbered_entry').select(['id', 'seq', 'body']).where('id', '=', input.entry).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no entry with this id.')
    return { ...evidenceOf(principal, await projectsOfEntry(tx, bodyOf(row))), found: row }
  },
  async perform({ found, tx, ports }) {
    const body = bodyOf(found)
    const links = linksOf(body)
    const names = await namesOf(tx, [body.actor.id, body.environment?.id ?? null, ...body.actor.chain, ...links.map(({ id }) => id)])
    const checkpoint = await tx.selectFrom('checkpoint').select('size').orderBy('size', 'desc').executeTakeFirst()
    return {
      result: {
        ...toEntryRow(found, body, names),
        body: found.body,
        chain: body.actor.chain.map((id) => ({ id, name: names(id) })),
        credential: body.actor.credential ?? null,
        policies: body.policies,
        version: body.version ?? null,
        facts: body.facts ?? {},
        links: links.map((link) => ({ ...link, name: names(link.id) })),
        texts: await textsOf(tx, found.id, body, ports),
        isProvable: found.seq !== null && checkpoint !== undefined && checkpoint.size > found.seq,
      },
      facts: { entry: found.id },
    }
  },
})
