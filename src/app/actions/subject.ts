// Whoever is asked about, when somebody asks what another may do: found in the store, as he would be at the door, signed in at an unknown time and from
// nowhere. To ask about oneself takes nothing; to ask about others takes a role on the organization.
import { workloadPrincipal } from '../../credentials/index.ts'
import { callerEntity, personPrincipal } from '../../identity/index.ts'
import { type Entity, fail, isCoded, isId, organizationRef, type Ports, type Principal, type Tx } from '../../kernel/index.ts'

/** The principal with this id. Throws `not_found` for one who could not do anything. */
export async function subjectOf(tx: Tx, ports: Ports, id: string): Promise<Principal> {
  const gone = () => fail('not_found', 'There is nobody with this id who could do anything.', { pointer: '/principal' })
  if (isId('per', id)) {
    const person = await tx.selectFrom('person').selectAll().where('id', '=', id).where('state', '=', 'active').executeTakeFirst()
    if (person === undefined) throw gone()
    return personPrincipal(person, '')
  }
  const row = await tx.selectFrom('workload').select('environment_id').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw gone()
  try {
    return await workloadPrincipal(tx, id, await ports.environments.find(tx, row.environment_id), '', ports.clock.now())
  } catch (error) {
    // one that is suspended, ended or expired authenticates nobody
    throw isCoded(error, 'unauthenticated') ? gone() : error
  }
}

/** What asking about somebody is decided on. Others are nobody's own: it takes a role on the organization to ask about them. */
export function askedAbout(principal: Principal, about: string): Entity {
  if (about === principal.id) return { ...callerEntity(principal), parents: [organizationRef(principal.org)] }
  return { type: 'Session', id: about, attributes: { self: '' }, parents: [organizationRef(principal.org)] }
}
