// Which subjects may do this, which resources may he do it on, which actions may he do here: candidates come from the store, and each is asked about like any
// other question, so that a search finds exactly what evaluation allows. Page by page, within a limit of questions; a token says only where to go
// on, and says it to us alone.
import { z } from 'zod'
import { sessionType } from '../../identity/index.ts'
import { action, base64url, fail, fromBase64url, fromUtf8, type Ports, type Principal, type Tx, utf8 } from '../../kernel/index.ts'
import {
  type Asking,
  askedAction,
  decideFor,
  everyOne,
  findSubjects,
  isSubjectKind,
  resource,
  type SubjectKind,
  subject,
} from './evaluate.ts'
import { askedAbout } from './subject.ts'

const bodyBytesMax = 65_536
const resultsMax = 100
/** How many candidates one page asks about. */
const candidatesMax = 500
const tokenCharactersMax = 600

/** The fields that name a thing, and the table that the thing is in. */
const tables = {
  project: 'project',
  environment: 'environment',
  twin: 'twin',
  scenario: 'scenario',
  asset: 'asset',
  connection: 'connection',
  run: 'run',
  artifact: 'artifact',
  promotion: 'promotion',
  person: 'person',
  group: 'group',
  grant: 'grant',
  workload: 'workload',
} as const

type Kind = keyof typeof tables
const isKind = (type: string): type is Kind => Object.hasOwn(tables, type)

const input = z.strictObject({
  for: z.enum(['subject', 'resource', 'action']),
  subject: subject.partial({ id: true }),
  action: askedAction.optional(),
  resource: resource.partial({ id: true }),
  limit: z.number().int().min(1).max(resultsMax).default(50),
  token: z.string().max(tokenCharactersMax).optional(),
})
type Search = z.output<typeof input>

const found = z.object({ type: z.string().optional(), id: z.string().optional(), name: z.string().optional() })
type Found = z.output<typeof found>

/** The candidates after a place, in their order, and what each is as a result. */
interface Candidates {
  next(after: string): Promise<readonly string[]>
  /** Those that are allowed, of some that are asked about in one moment. */
  allowed(candidates: readonly string[]): Promise<ReadonlySet<string>>
  result(candidate: string): Found
}

const among = (candidates: readonly string[], decided: readonly { readonly decision: boolean }[]): ReadonlySet<string> =>
  new Set(candidates.filter((_, at) => decided[at]?.decision === true))

const nobody: Candidates = { next: async () => [], allowed: async () => new Set(), result: () => ({}) }
const batch = 50

async function subjectsAfter(tx: Tx, type: SubjectKind, after: string): Promise<readonly string[]> {
  const rows =
    type === 'person'
      ? await tx
          .selectFrom('person')
          .select('id')
          .where('state', '=', 'active')
          .where('id', '>', after)
          .orderBy('id')
          .limit(batch)
          .execute()
      : await tx.selectFrom('workload').select('id').where('kind', '=', type).where('id', '>', after).orderBy('id').limit(batch).execute()
  return rows.map(({ id }) => id)
}

function subjects(asking: Asking, { subject: { type }, action: asked, resource: on }: Search): Candidates {
  if (!isSubjectKind(type) || asked === undefined || on.id === undefined) return nobody
  const target = { type: on.type, id: on.id }
  return {
    next: (after) => subjectsAfter(asking.tx, type, after),
    async allowed(ids) {
      const questions = ids.map((id) => ({ subject: { type, id }, action: asked, resource: target }))
      return among(ids, await everyOne(asking, questions))
    },
    result: (id) => ({ type, id }),
  }
}

function resources(asking: Asking, about: Principal, { action: asked, resource: { type } }: Search): Candidates {
  if (!isKind(type) || asked === undefined) return nobody
  const table = tables[type]
  return {
    async next(after) {
      const rows = await asking.tx.selectFrom(table).select('id').where('id', '>', after).orderBy('id').limit(batch).execute()
      return rows.map(({ id }) => id)
    },
    async allowed(ids) {
      const questions = ids.map((id) => ({ action: asked, resource: { type, id } }))
      return among(ids, await decideFor(asking, about, questions))
    },
    result: (id) => ({ type, id }),
  }
}

/** Actions that need more than the resource to be asked about are not found: what they would be given is not known. */
function actions(asking: Asking, about: Principal, { resource: on }: Search): Candidates {
  const names = [...asking.ports.examiner.actions].sort()
  const { type, id } = on
  if (id === undefined) return nobody
  return {
    next: async (after) => names.filter((name) => name > after).slice(0, batch),
    async allowed(some) {
      const questions = some.map((name) => ({ action: { name, properties: {} }, resource: { type, id } }))
      return among(some, await decideFor(asking, about, questions))
    },
    result: (name) => ({ name }),
  }
}

/** Lists may be asked for by any id; what is not there has no actions. */
async function isThere({ tx }: Asking, { type, id }: Search['resource']): Promise<boolean> {
  if (id === undefined || !isKind(type)) return id !== undefined
  return (await tx.selectFrom(tables[type]).select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

async function candidatesOf(asking: Asking, search: Search): Promise<Candidates> {
  if (search.for === 'subject') return subjects(asking, search)
  const { type, id } = search.subject
  const [about] = id === undefined ? [] : await findSubjects(asking, [{ type, id }])
  if (about === undefined || (search.for === 'action' && !(await isThere(asking, search.resource)))) return nobody
  return search.for === 'resource' ? resources(asking, about, search) : actions(asking, about, search)
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** What a token holds of its search, so that one does not go on in another. */
function digestOf(ports: Ports, { token: _, limit: __, ...search }: Search): string {
  return hex(ports.sha256(utf8(JSON.stringify(search)))).slice(0, 32)
}

/** A place is sealed: it may be the id of something that was asked about and not found, and nobody chooses one. */
function sealedFor({ ports, principal }: Asking, search: Search) {
  return { org: principal.org, environment: '', purpose: 'search', id: `${principal.id} ${digestOf(ports, search)}`, version: 1 }
}

function placeIn(asking: Asking, search: Search): string {
  if (search.token === undefined || search.token === '') return ''
  try {
    return fromUtf8(asking.ports.vault.open('ledger', sealedFor(asking, search), fromBase64url(search.token)))
  } catch (cause) {
    throw fail('invalid', 'This page token belongs to another search.', { pointer: '/token', cause })
  }
}

async function page(candidates: Candidates, from: string, limit: number): Promise<{ items: Found[]; last: string | null }> {
  const items: Found[] = []
  let after = from
  for (let asked = 0; asked < candidatesMax; ) {
    const next = await candidates.next(after)
    if (next.length === 0) return { items, last: null }
    const allowed = await candidates.allowed(next)
    for (const one of next) {
      if (items.length === limit) return { items, last: after }
      if (allowed.has(one)) items.push(candidates.result(one))
      after = one
      asked++
    }
  }
  return { items, last: after }
}

/** Finds subjects, resources or actions. */
export const searchAccess = action({
  name: 'access:search',
  summary:
    'Find which subjects may do an action on a resource, on which resources a subject may do it, or which actions a subject may do on one.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person', 'pipeline', 'agent', 'service'],
  resource: sessionType,
  bodyBytesMax,
  input,
  output: z.object({
    items: z.array(found),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Where to go on; a page may hold fewer results than asked for, or none, and still go on.' }),
  }),
  locate: async ({ input: search, principal }) => {
    const about = search.for === 'subject' ? '' : (search.subject.id ?? '')
    return { resource: askedAbout(principal, about), found: undefined }
  },
  async perform({ input: search, tx, ports, principal, allowed }) {
    const asking = { tx, ports, principal, version: allowed.version }
    const from = placeIn(asking, search)
    const { items, last } = await page(await candidatesOf(asking, search), from, search.limit)
    const next = last === null ? null : base64url(ports.vault.seal('ledger', sealedFor(asking, search), utf8(last)))
    return { result: { items, next } }
  },
})
