// The scopes that grants can be given on, and what stands above each: read from the tables of the rooms that own them, within one organization.
import type { Scopes } from '../access/index.ts'
import type { EntityRef, Tx } from '../kernel/index.ts'

type Row = Promise<{ readonly id: string } | undefined>

/** What is directly above a thing of each kind; undefined when it is not there. */
const directlyAbove: Readonly<Record<string, (tx: Tx, id: string) => Promise<EntityRef | undefined>>> = {
  Project: async (tx, id) => below('Organization', tx.selectFrom('project').select('org_id as id').where('id', '=', id).executeTakeFirst()),
  Twin: async (tx, id) => below('Project', tx.selectFrom('twin').select('project_id as id').where('id', '=', id).executeTakeFirst()),
  Scenario: async (tx, id) => below('Twin', tx.selectFrom('scenario').select('twin_id as id').where('id', '=', id).executeTakeFirst()),
  Artifact: async (tx, id) =>
    below(
      'Twin',
      tx
        .selectFrom('artifact')
        .innerJoin('run', (join) => join.onRef('run.id', '=', 'artifact.run_id').onRef('run.org_id', '=', 'artifact.org_id'))
        .select('run.twin_id as id')
        .where('artifact.id', '=', id)
        .executeTakeFirst(),
    ),
  Connection: async (tx, id) =>
    below('Organization', tx.selectFrom('connection').select('org_id as id').where('id', '=', id).executeTakeFirst()),
  Channel: async (tx, id) => {
    const [environment = '', slug = ''] = id.split('/')
    const row = tx.selectFrom('channel').select('org_id as id').where('environment_id', '=', environment).where('slug', '=', slug)
    return below('Organization', row.executeTakeFirst())
  },
}

async function below(type: string, row: Row): Promise<EntityRef | undefined> {
  const found = await row
  return found === undefined ? undefined : { type, id: found.id }
}

async function isThere(tx: Tx, { type, id }: EntityRef): Promise<boolean> {
  switch (type) {
    case 'Organization':
      return (await tx.selectFrom('organization').select('org_id').where('org_id', '=', id).executeTakeFirst()) !== undefined
    case 'Environment':
      return (await tx.selectFrom('environment').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
    case 'Run': {
      // Held, so that it cannot end while something is given until its end.
      const live = tx.selectFrom('run').select('id').where('id', '=', id).where('state', 'in', ['queued', 'claimed', 'running'])
      return (await live.forShare().executeTakeFirst()) !== undefined
    }
    default:
      return (await directlyAbove[type]?.(tx, id)) !== undefined
  }
}

/** The scopes of this deployment. A run is there for as long as it lives. */
export const scopes: Scopes = {
  exists: isThere,
  async above(tx, scope) {
    const chain = [scope]
    for (let at = scope; at.type !== 'Organization'; ) {
      const next = await directlyAbove[at.type]?.(tx, at.id)
      if (next === undefined) return undefined
      chain.push(next)
      at = next
    }
    return (await isThere(tx, chain[chain.length - 1] ?? scope)) ? chain : undefined
  },
}
