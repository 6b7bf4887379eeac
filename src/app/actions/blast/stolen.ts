// What is stolen, and whose powers come with it: a person brings the workloads that he owns, a credential whoever it is of, a twin its live runs and the services
// that were promoted from it. The id comes from outside; it names something of this organization or nothing.
import { sql } from 'kysely'
import { decidedAs } from '../../../credentials/index.ts'
import { personPrincipal } from '../../../identity/index.ts'
import { type EntityRef, fail, isId, type OrgId, type Ports, type Principal, sensitivityLevel, type Tx } from '../../../kernel/index.ts'
import { isLive } from '../../../runs/index.ts'
import { runAs } from '../paths/beside.ts'
import type { Step } from '../paths/ways.ts'

/** Somebody whose powers a thief would have, and by which steps. */
export interface Wielded {
  readonly principal: Principal
  readonly steps: readonly Step[]
}

/** What is stolen. */
export interface Stolen {
  readonly ref: EntityRef
  readonly name: string
  /** 0 to 3: what one must be cleared for to look at it. */
  readonly sensitivity: number
  readonly wielded: readonly Wielded[]
  /** Who holds rules for calls that come with it: runs, services. */
  readonly callers: readonly string[]
  /** For a twin: itself. */
  readonly twin?: string
  /** For a connection: itself. */
  readonly connection?: string
}

interface Looking {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: OrgId
}

const nothing = () => fail('not_found', 'There is nothing of this kind with this id that could be stolen.', { pointer: '/of' })
const harmless = { sensitivity: 0, callers: [] }

async function ownedBy({ tx, ports }: Looking, person: string): Promise<Wielded[]> {
  const rows = await tx
    .selectFrom('workload')
    .selectAll()
    .where('owner_id', '=', person)
    .where('state', '=', 'active')
    .orderBy('id')
    .execute()
  const now = ports.clock.now()
  return rows
    .filter((row) => row.expires_at === null || row.expires_at.getTime() > now)
    .map((row) => ({ principal: decidedAs(row), steps: [{ kind: 'ownership', id: row.id, name: row.slug }] }))
}

async function person(it: Looking, id: string): Promise<Stolen> {
  const row = await it.tx.selectFrom('person').selectAll().where('id', '=', id).where('state', '=', 'active').executeTakeFirst()
  if (row === undefined) throw nothing()
  const owned = await ownedBy(it, id)
  const wielded = [{ principal: personPrincipal(row, ''), steps: [] }, ...owned]
  return { ...harmless, ref: { type: 'Person', id }, name: row.slug, wielded, callers: owned.map(({ principal }) => principal.id) }
}

async function workload({ tx, ports }: Looking, id: string): Promise<Stolen> {
  const row = await tx.selectFrom('workload').selectAll().where('id', '=', id).where('state', '=', 'active').executeTakeFirst()
  if (row === undefined || (row.expires_at !== null && row.expires_at.getTime() <= ports.clock.now())) throw nothing()
  const principal = decidedAs(row)
  const type = principal.kind.charAt(0).toUpperCase() + principal.kind.slice(1)
  return { ...harmless, ref: { type, id }, name: row.slug, wielded: [{ principal, steps: [] }], callers: [id] }
}

/** A group is as strong as the strongest who could be in it. */
async function group({ tx, org }: Looking, id: string): Promise<Stolen> {
  const row = await tx.selectFrom('group').select(['id', 'slug']).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw nothing()
  const member: Principal = { kind: 'person', id, org, name: row.slug, clearance: 3, chain: [id] }
  return { ...harmless, ref: { type: 'Group', id }, name: row.slug, wielded: [{ principal: member, steps: [] }] }
}

async function run({ tx }: Looking, id: string): Promise<Stolen> {
  const row = await tx.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw nothing()
  const isOver = !isLive(row)
  const sensitivity = sensitivityLevel(row.sensitivity)
  const wielded = isOver ? [] : [{ principal: runAs(row), steps: [] }]
  return { ref: { type: 'Run', id }, name: id, sensitivity, wielded, callers: isOver ? [] : [id] }
}

async function twin({ tx }: Looking, id: string): Promise<Stolen> {
  const row = await tx.selectFrom('twin').select(['slug', 'sensitivity']).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw nothing()
  const runs = await tx
    .selectFrom('run')
    .selectAll()
    .where('twin_id', '=', id)
    .where('state', 'in', ['claimed', 'running'])
    .orderBy('id')
    .limit(200)
    .execute()
  const services = await sql<{ id: string }>`
    select w.id from workload w join promotion p on p.workload_id = w.id
      where p.twin_id = ${id} and p.state = 'crossed' and w.state = 'active' order by w.id limit 200`.execute(tx)
  return {
    ref: { type: 'Twin', id },
    name: row.slug,
    sensitivity: sensitivityLevel(row.sensitivity),
    wielded: runs.map((one) => ({ principal: runAs(one), steps: [{ kind: 'delegation', id: one.id, name: one.id }] })),
    callers: [...runs.map((one) => one.id), ...services.rows.map((one) => one.id)],
    twin: id,
  }
}

async function connection({ tx }: Looking, id: string): Promise<Stolen> {
  const row = await tx.selectFrom('connection').select(['slug', 'sensitivity']).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw nothing()
  const sensitivity = sensitivityLevel(row.sensitivity)
  return { ref: { type: 'Connection', id }, name: row.slug, sensitivity, wielded: [], callers: [], connection: id }
}

/** A session or a token: as much as whoever it is of can, for as long as it lives. A person's workloads do not come with his session. */
async function credential(it: Looking, id: string): Promise<Stolen> {
  const { tx, ports } = it
  const now = new Date(ports.clock.now())
  const step = (name: string): Step => ({ kind: 'credential', id, name })
  if (isId('ses', id)) {
    const row = await tx
      .selectFrom('session')
      .select('person_id')
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (row === undefined) throw nothing()
    const of = await person(it, row.person_id)
    const wielded = of.wielded.filter(({ steps }) => steps.length === 0).map((one) => ({ ...one, steps: [step('session')] }))
    return { ...of, ref: { type: 'Session', id }, wielded, callers: [] }
  }
  const token = await tx
    .selectFrom('credential')
    .select('holder_id')
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  if (token === undefined) throw nothing()
  const of = isId('run', token.holder_id) ? await run(it, token.holder_id) : await workload(it, token.holder_id)
  return { ...of, ref: { type: 'Token', id }, wielded: of.wielded.map((one) => ({ ...one, steps: [step('token')] })) }
}

/** Finds what is stolen. Throws `not_found` for what is not there, or what nobody could use any more. */
export function findStolen(it: Looking, id: string): Promise<Stolen> {
  if (isId('per', id)) return person(it, id)
  if (isId('grp', id)) return group(it, id)
  if (isId('pip', id) || isId('agt', id) || isId('svc', id)) return workload(it, id)
  if (isId('con', id)) return connection(it, id)
  if (isId('twn', id)) return twin(it, id)
  if (isId('run', id)) return run(it, id)
  return credential(it, id)
}
