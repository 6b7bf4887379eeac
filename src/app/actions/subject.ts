// Whoever is asked about, when somebody asks what another may do: found in the store, as he would be at the door, signed in at an unknown time and from
// nowhere. To ask about oneself takes nothing; to ask about others takes a role on the organization.
import { sql } from 'kysely'
import { workloadPrincipal } from '../../credentials/index.ts'
import { callerEntity, personPrincipal } from '../../identity/index.ts'
import { type Entity, fail, isCoded, isId, organizationRef, type Ports, type Principal, type Tx } from '../../kernel/index.ts'

const gone = () => fail('not_found', 'There is nobody with this id who could do anything.', { pointer: '/principal' })

/** The principals with these ids; nobody for whoever could not do anything. */
export async function subjectsOf(tx: Tx, ports: Ports, ids: readonly string[]): Promise<ReadonlyMap<string, Principal>> {
  const people = ids.filter((id) => isId('per', id))
  const workloads = ids.filter((id) => !isId('per', id))
  const [persons, others] = await Promise.all([
    people.length === 0 ? [] : tx.selectFrom('person').selectAll().where('id', '=', anyOf(people)).where('state', '=', 'active').execute(),
    Promise.all(workloads.map((id) => workload(tx, ports, id))),
  ])
  return new Map(
    [...persons.map((person) => personPrincipal(person, '')), ...others.flatMap((one) => one ?? [])].map((one) => [one.id, one]),
  )
}

const anyOf = (ids: readonly string[]) => sql<string>`any(${[...ids]}::text[])`

async function workload(tx: Tx, ports: Ports, id: string): Promise<Principal | undefined> {
  const row = await tx.selectFrom('workload').select('environment_id').where('id', '=', id).executeTakeFirst()
  if (row === undefined) return undefined
  try {
    return await workloadPrincipal(tx, id, await ports.environments.find(tx, row.environment_id), '', ports.clock.now())
  } catch (error) {
    // one that is suspended, ended or expired authenticates nobody
    if (isCoded(error, 'unauthenticated')) return undefined
    throw error
  }
}

/** The principal with this id. Throws `not_found` for one who could not do anything. */
export async function subjectOf(tx: Tx, ports: Ports, id: string): Promise<Principal> {
  const found = (await subjectsOf(tx, ports, [id])).get(id)
  if (found === undefined) throw gone()
  return found
}

/** What asking about somebody is decided on. Others are nobody's own: it takes a role on the organization to ask about them. */
export function askedAbout(principal: Principal, about: string): Entity {
  if (about === principal.id) return { ...callerEntity(principal), parents: [organizationRef(principal.org)] }
  return { type: 'Session', id: about, attributes: { self: '' }, parents: [organizationRef(principal.org)] }
}
