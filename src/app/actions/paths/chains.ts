// What stands above many scopes at once: a twin's project, a scenario's twin, an asset's project. The same as asking for each (`scopes.above`), in few statements.
import { sql } from 'kysely'
import { type EntityRef, organizationRef, type Tx } from '../../../kernel/index.ts'

interface Row {
  readonly id: string
  readonly above: string
}

const keyOf = ({ type, id }: EntityRef): string => `${type} ${id}`

async function aboveOf(
  tx: Tx,
  table: 'twin' | 'scenario' | 'asset' | 'artifact',
  column: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await sql<Row>`select id, ${sql.ref(column)} as above from ${sql.table(table)} where id = any(${[...ids]}::text[])`.execute(
    tx,
  )
  return new Map(found.rows.map(({ id, above }) => [id, above]))
}

/** The scopes with everything above each, itself first and the organization last, by `type id`. What is not there stands under the organization alone. */
export async function chainsOf(tx: Tx, org: string, scopes: readonly EntityRef[]): Promise<ReadonlyMap<string, readonly EntityRef[]>> {
  const of = (type: string) => [...new Set(scopes.filter((one) => one.type === type).map(({ id }) => id))]
  const twinOf = new Map([
    ...(await aboveOf(tx, 'scenario', 'twin_id', of('Scenario'))),
    ...(await aboveOf(tx, 'artifact', 'twin_id', of('Artifact'))),
  ])
  const projectOf = new Map([
    ...(await aboveOf(tx, 'twin', 'project_id', [...new Set([...of('Twin'), ...twinOf.values()])])),
    ...(await aboveOf(tx, 'asset', 'project_id', of('Asset'))),
  ])
  const chain = (scope: EntityRef): readonly EntityRef[] => {
    const twin = scope.type === 'Twin' ? scope.id : twinOf.get(scope.id)
    const project = projectOf.get(twin ?? scope.id)
    return [
      scope,
      ...(twin === undefined || scope.type === 'Twin' ? [] : [{ type: 'Twin', id: twin }]),
      ...(project === undefined ? [] : [{ type: 'Project', id: project }]),
      ...(scope.type === 'Organization' ? [] : [organizationRef(org)]),
    ]
  }
  return new Map(scopes.map((scope) => [keyOf(scope), chain(scope)]))
}
