// A leaver's cascade: how long an administrator waits until nothing is admitted any more for somebody with a thousand live runs and ten thousand grants, each run with
// a token of its own; and how long the checklist takes that reads all of it back.
import { asPart, textAt } from '../../test/harness/acting.ts'
import { asSuperuser } from '../../test/harness/database.ts'
import { openWorld, type World } from '../../test/harness/world.ts'
import type { Figure } from '../figure.ts'

const runs = 1_000
const grants = 10_000

const idOf = (prefix: string) => `'${prefix}_' || lpad(n::text, 26, '0')`

/** Somebody who holds and runs all of that, past the product. */
async function busyPerson(world: World): Promise<string> {
  const person = { slug: 'busy', name: 'Busy', email: 'busy@people.example' }
  const id = textAt(await asPart(world.twinlock.door, world.org, 'starter')('person:create', person), 'id')
  const run = await world.launch()
  await asSuperuser(world.twinlock, async (client) => {
    await client.query('set session_replication_role = replica')
    await client.query(
      `insert into run select (jsonb_populate_record(r, jsonb_build_object('id', ${idOf('run')}, 'operator_id', $2::text, 'spiffe_id', 'spiffe://bench/' || n, 'state', 'running'))).*
       from run r, generate_series(1, ${runs}) n where r.id = $1`,
      [run, id],
    )
    await client.query(
      `insert into credential (org_id, id, holder_id, environment_id, audience, issued_at, expires_at)
       select $1, 'bench' || n, ${idOf('run')}, $2, 'bench', now(), now() + interval '1 minute' from generate_series(1, ${runs}) n`,
      [world.org, world.starter.environments.staging],
    )
    await client.query(
      `insert into "grant" (org_id, id, principal_type, principal_id, role, scope_type, scope_id, environments, given_by, created_at)
       select $1, ${idOf('grt')}, 'Person', $2, 'observer', 'Organization', $1, '{}', 'starter', now() from generate_series(1, ${grants}) n`,
      [world.org, id],
    )
    await client.query('analyze')
  })
  return id
}

/** Measures. */
export async function leaving(): Promise<Figure[]> {
  const world = await openWorld({ isIdle: true })
  try {
    const person = await busyPerson(world)
    const admin = await world.as('admin')
    const began = performance.now()
    const { ended } = await admin('person:offboard', { person })
    const value = performance.now() - began
    const { runs: endedRuns, grants: endedGrants } = ended as { runs: number; grants: number } // the action's schema has checked it
    const readBegan = performance.now()
    const { readBack } = await admin('person:leaving', { person })
    const { isDone } = readBack as { isDone: boolean } // the action's schema has checked it
    const read = performance.now() - readBegan
    const isWhole = endedRuns === runs && endedGrants === grants && isDone
    return [
      {
        name: `a leaver with ${runs.toLocaleString('en-US')} live runs and ${grants.toLocaleString('en-US')} grants: to the last admission`,
        value,
        unit: 'ms',
        goal: '< 2,000 ms',
        ok: isWhole && value < 2_000,
      },
      { name: 'the checklist of that, with its read-back', value: read, unit: 'ms', ok: isWhole },
    ]
  } finally {
    await world.close()
  }
}
