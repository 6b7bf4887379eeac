// Taking a thing over: its owner becomes another, in the tables of the room that keeps it. Whoever takes over what is under review has a hand in it from then
// on: he is one of its makers, and had he approved it, he could not take it over.
import { sql } from 'kysely'
import { requireHoldable } from '../../access/index.ts'
import { assertNever, fail, isId, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import type { Thing } from './things.ts'

const underReview = ['requested', 'checked', 'in_review', 'approved', 'crossing'] as const

/** The promotions that a thing would be carried across by, and that are not decided yet. */
function openPromotions(tx: Tx, { kind, id }: Thing) {
  const open = tx
    .selectFrom('promotion')
    .select('id')
    .where('state', 'in', [...underReview])
  return kind === 'twin' ? open.where('twin_id', '=', id) : open.where('workload_id', '=', id)
}

async function requireNoReview(tx: Tx, thing: Thing, person: string): Promise<void> {
  const reviewed = await tx
    .selectFrom('approval')
    .select('promotion_id')
    .where('person_id', '=', person)
    .where('promotion_id', 'in', openPromotions(tx, thing))
    .executeTakeFirst()
  if (reviewed === undefined) return
  throw fail(
    'conflict',
    `You decided on ${reviewed.promotion_id}, which would carry this across: whoever owns something does not review it.`,
    {
      next: 'Wait until it is decided, or have it offered to somebody else.',
    },
  )
}

/** Whether a workload that stopped because its owner left goes on: one in production only while a promotion of it holds. */
async function resume(tx: Tx, { id }: Thing, owner: string): Promise<boolean> {
  const row = await tx
    .selectFrom('workload as w')
    .innerJoin('environment as e', 'e.id', 'w.environment_id')
    .select(['w.state', 'w.resumes_as', 'e.class'])
    .where('w.id', '=', id)
    .executeTakeFirstOrThrow()
  const crossed = await tx
    .selectFrom('promotion')
    .select('id')
    .where('workload_id', '=', id)
    .where('state', '=', 'crossed')
    .executeTakeFirst()
  const holds = row.resumes_as === 'pending' || row.class !== 'production' || crossed !== undefined
  const state = row.state === 'suspended' && row.resumes_as !== null && holds ? row.resumes_as : row.state
  await tx.updateTable('workload').set({ owner_id: owner, state, resumes_as: null }).where('id', '=', id).execute()
  return state !== row.state
}

async function setOwner(tx: Tx, thing: Thing, owner: string): Promise<void> {
  const { kind, id } = thing
  switch (kind) {
    case 'project':
    case 'environment':
    case 'twin':
    case 'asset':
    case 'connection':
    case 'group':
    case 'directory':
      await tx.updateTable(kind).set({ owner_id: owner }).where('id', '=', id).execute()
      return
    case 'channel': {
      const [environment = '', slug = ''] = id.split('/')
      await tx.updateTable('channel').set({ owner_id: owner }).where('environment_id', '=', environment).where('slug', '=', slug).execute()
      return
    }
    case 'scenario':
    case 'pipeline':
    case 'agent':
    case 'service':
      return
    default:
      return assertNever(kind)
  }
}

/** Makes somebody the owner of a thing; says whether that let it go on. Throws `conflict` where he has a hand in what must be apart. */
export async function takeOver(tx: Tx, ports: Ports, thing: Thing, principal: Principal): Promise<boolean> {
  const owner = principal.id
  const isWorkload = isId('pip', thing.id) || isId('agt', thing.id) || isId('svc', thing.id)
  if (isWorkload || thing.kind === 'twin') {
    await requireNoReview(tx, thing, owner)
    await sql`update promotion set makers = array_append(makers, ${owner}::text)
      where id in (${openPromotions(tx, thing)}) and not (${owner}::text = any(makers))`.execute(tx)
  }
  if (isWorkload) await requireHoldable(tx, ports, { holder: thing.id, person: owner })
  await setOwner(tx, thing, owner)
  const former = {
    org_id: principal.org,
    thing_id: thing.id,
    person_id: thing.owner_id,
    kind: thing.kind,
    until: new Date(ports.clock.now()),
  }
  await tx
    .insertInto('former_owner')
    .values(former)
    .onConflict((conflict) => conflict.columns(['org_id', 'thing_id', 'person_id']).doUpdateSet({ until: former.until }))
    .execute()
  await tx.deleteFrom('orphan').where('thing_id', '=', thing.id).execute()
  return isWorkload ? resume(tx, thing, owner) : false
}
