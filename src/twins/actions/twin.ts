// Actions on twins: creating, listing, showing, retiring. A twin's owner answers for what it does.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { requireActivePerson } from '../../identity/index.ts'
import {
  action,
  fail,
  idOf,
  newId,
  organizationEntity,
  pageInput,
  pageOf,
  projectEntity,
  projectType,
  sensitivity,
  slugText,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { findProject, findTwin, listType, locateList, twinType } from '../find.ts'
import { type Names, namesOf } from '../names.ts'
import type { TwinTable } from '../tables.ts'

/** A twin as it is shown. */
export const twinOutput = z.object({
  id: idOf('twn'),
  slug: z.string(),
  kind: z.string(),
  program: z.string(),
  project: idOf('prj'),
  owner: idOf('per'),
  sensitivity,
  state: z.enum(['draft', 'active', 'retired']),
})

const twinRow = twinOutput.extend({
  projectName: z.string().nullable(),
  ownerName: z.string().nullable(),
  /** How many scenarios it has, whatever their versions. */
  scenarios: z.number(),
  createdAt: z.string(),
})

function shown(twin: Selectable<TwinTable>) {
  const { id, slug, kind, program, project_id, owner_id, sensitivity: level, state } = twin
  return { id, slug, kind, program, project: project_id, owner: owner_id, sensitivity: level, state }
}

/** Creates a twin in a project. */
export const createTwin = action({
  name: 'twin:create',
  summary: 'Create a twin in a project, with an owner and a sensitivity.',
  effect: 'change',
  roles: ['author'],
  system: ['starter'],
  resource: projectType,
  input: z.strictObject({ project: idOf('prj'), slug: slugText, kind: slugText, program: slugText, owner: idOf('per'), sensitivity }),
  output: twinOutput,
  locate: async ({ input, tx }) => {
    const project = await findProject(tx, input.project)
    await requireActivePerson(tx, input.owner, '/owner')
    return { resource: projectEntity(project.org_id, project.id), others: [organizationEntity(project.org_id)], found: project }
  },
  async perform({ input, tx, ports, principal }) {
    const taken = await tx.selectFrom('twin').select('id').where('slug', '=', input.slug).executeTakeFirst()
    if (taken !== undefined) throw fail('conflict', 'A twin has this slug already.', { pointer: '/slug' })
    const row = {
      org_id: principal.org,
      id: newId('twn', ports),
      project_id: input.project,
      slug: input.slug,
      kind: input.kind,
      program: input.program,
      owner_id: input.owner,
      sensitivity: input.sensitivity,
      state: 'active' as const,
      created_at: new Date(ports.clock.now()),
    }
    await tx.insertInto('twin').values(row).execute()
    return {
      result: shown(row),
      facts: { slug: row.slug, kind: row.kind, program: row.program, sensitivity: row.sensitivity },
      related: [
        { rel: 'twin', type: 'Twin', id: row.id },
        { rel: 'owner', type: 'Person', id: row.owner_id },
      ],
    }
  },
})

function shownRow(twin: Selectable<TwinTable>, names: Names, scenarios: number): z.input<typeof twinRow> {
  const { project_id, owner_id, created_at } = twin
  return { ...shown(twin), projectName: names(project_id), ownerName: names(owner_id), scenarios, createdAt: created_at.toISOString() }
}

async function scenariosOf(tx: Tx, twins: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (twins.length === 0) return new Map()
  const rows = await tx
    .selectFrom('scenario')
    .select((eb) => ['twin_id', eb.fn.count<number>('slug').distinct().as('scenarios')])
    .where('twin_id', 'in', [...twins])
    .groupBy('twin_id')
    .execute()
  return new Map(rows.map((row) => [row.twin_id, Number(row.scenarios)]))
}

/** Lists twins. */
export const listTwins = action({
  name: 'twin:list',
  summary: 'List twins, with the names of who answers for them.',
  effect: 'read',
  roles: ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'],
  resource: listType,
  input: z.strictObject({
    project: idOf('prj').optional(),
    twin: idOf('twn').optional().meta({ description: 'This one alone: for whoever may see no other.' }),
    owner: idOf('per').optional(),
    state: twinOutput.shape.state.optional(),
    ...pageInput,
  }),
  output: pageOf(twinRow),
  locate: ({ input, tx, principal }) => locateList(tx, principal, input),
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('twin')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    if (input.project !== undefined) query = query.where('project_id', '=', input.project)
    if (input.twin !== undefined) query = query.where('id', '=', input.twin)
    if (input.owner !== undefined) query = query.where('owner_id', '=', input.owner)
    if (input.state !== undefined) query = query.where('state', '=', input.state)
    const { items, next } = toPage(await query.execute(), input.limit)
    const names = await namesOf(
      tx,
      items.flatMap((twin) => [twin.project_id, twin.owner_id]),
    )
    const scenarios = await scenariosOf(
      tx,
      items.map((twin) => twin.id),
    )
    return { result: { items: items.map((twin) => shownRow(twin, names, scenarios.get(twin.id) ?? 0)), next } }
  },
})

/** Retires a twin: nothing of it runs any more, its live runs end, its pending promotions are revoked. */
export const retireTwin = action({
  name: 'twin:retire',
  summary: 'Retire a twin: its live runs end at once and nothing of it runs again.',
  effect: 'change',
  roles: ['author', 'admin'],
  resource: twinType,
  input: z.strictObject({ twin: idOf('twn') }),
  output: z.object({ id: idOf('twn'), ended: z.record(z.string(), z.number()) }),
  locate: async ({ input, tx, principal }) => {
    const found = await findTwin(tx, input.twin)
    return { resource: found.entity, others: [...found.above, organizationEntity(principal.org)], found: found.twin }
  },
  async perform({ found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This twin is retired already.')
    await ports.holdAdmissions(tx)
    await tx.updateTable('twin').set({ state: 'retired' }).where('id', '=', found.id).execute()
    const ended: Record<string, number> = {}
    for (const part of ports.twinParts)
      ended[part.what] = await part.endForTwin(tx, { org: principal.org, twin: found.id, at: new Date(ports.clock.now()) })
    return { result: { id: found.id, ended }, facts: { ended }, takesAway: true }
  },
})
