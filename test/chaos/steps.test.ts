// The list of steps is whole: every act of the catalogue, every change of a state that the store knows, and everything that commits outside of the door
// has a moment at which the chaos command can end the process, and a deed that passes it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { catalogue } from '../../src/app/index.ts'
import { seeded } from '../harness/seeded.ts'
import { until } from '../harness/signed-in.ts'
import { deeds } from './deeds.ts'
import { makeGround, nextLife, notingDoor } from './ground.ts'
import { deedFor, steps } from './round.ts'
import { stepsOfRound } from './schedule.ts'
import { Victim } from './victim.ts'

const app = join(import.meta.dirname, '..', '..', 'src', 'app')

describe('the steps at which the server may die', () => {
  it('are all passed by a deed', () => {
    const without = new Set(steps.filter((step) => deedFor(step) === undefined).map((step) => step.split('/', 1)[0]))
    assert.deepEqual([...without], [], 'these actions have no deed: add one, or add them to one that passes them, in test/chaos/deeds.ts')
  })

  it('are two for each act that can leave something behind, and one more for a consequence', () => {
    for (const { name, effect } of catalogue) {
      const own = steps.filter((step) => step.startsWith(`${name}/`)).length
      assert.equal(own, effect === 'read' ? 0 : effect === 'consequence' ? 3 : 2, name)
    }
  })

  it('surround every transaction that is opened outside of the door and writes', () => {
    const found = readdirSync(app, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => ({ file, opened: readFileSync(join(app, file), 'utf8').match(/(?<!function )\btransact\(/g)?.length ?? 0 }))
      .filter(({ opened }) => opened > 0)
    assert.deepEqual(
      Object.fromEntries(found.map(({ file, opened }) => [file, opened])),
      {
        'door/govern.ts': 2, // an act, with its two moments; a refusal, which changes nothing but the ledger
        'door/together.ts': 1, // several acts, with the moments of each
        'ledger/sequencer.ts': 2, // sequencer/numbered, appended; sequencer/signed, released
        'ledger/sequencer-loop.ts': 1, // reads whether an entry is covered
        'starter/readings.ts': 1, // reads an asset
        'starter/set-up.ts': 1, // reads what is there already
        'store-load.ts': 3, // counts transactions on their way to the store; reads what waits
        'compose.ts': 3, // reads a promotion for a warrant; reads public keys; hands every transaction of the door on
      },
      'a transaction outside of the door that writes needs steps around it: add them to src/app/steps.ts, and then its count here',
    )
  })

  it('come once before any comes twice, in the same order for the same seed', () => {
    const rounds = Math.ceil(steps.length / 20)
    const drawn = Array.from({ length: rounds }, (_, number) => stepsOfRound(steps, 7, number)).flat()
    assert.deepEqual(drawn, Array.from({ length: rounds }, (_, number) => stepsOfRound(steps, 7, number)).flat())
    const named = drawn.slice(0, steps.length).filter((step) => step !== undefined)
    assert.equal(new Set(named).size, named.length)
  })

  it('surround every change of every state in the store; deeds enter every state of a run and of a promotion, and come past every step', async () => {
    const ground = await makeGround(seeded(1))
    const spare = new Victim()
    try {
      await ground.rows('create table seen_state (place text, state text, xact xid8)')
      await ground.rows('grant insert on seen_state to public')
      await ground.rows(`create function see_state() returns trigger language plpgsql as
        $$ begin insert into public.seen_state values (tg_table_name, new.state, pg_current_xact_id()); return null; end $$`)
      const tables = await ground.rows(
        `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'state' and table_name not in ('log_head', 'seen_state')`,
      )
      for (const { name } of tables)
        await ground.rows(`create trigger see after insert or update of state on ${String(name)} for each row execute function see_state()`)
      const victim = await nextLife(ground, spare)
      const life = { ground, victim, door: notingDoor(ground, victim) }
      // Of an organization that is destroyed nothing is left to look at, its entries least of all.
      const whole = deeds.filter(({ actions }) => !actions.includes('session:refusals') && !actions.includes('organization:destroy'))
      // A crossing that follows another supersedes it.
      const crosses = deedFor('promotion:cross/recorded')
      assert.ok(crosses)
      for (const deed of [...whole.map((one) => one.deed), crosses, crosses]) await deed(life)
      // Whatever its outcome: a call that comes after its run was cancelled is refused, and goes on the tape as refused.
      const moved = await ground.rows(
        `select distinct s.place, s.state, (select string_agg(distinct e.action, ' ') from entry e where e.xact = s.xact) as actions from seen_state s`,
      )
      assert.ok(moved.length > 20)
      for (const { place, state, actions } of moved) {
        const around = String(actions)
          .split(' ')
          .every((action) => steps.includes(`${action}/recorded` as never) && steps.includes(`${action}/committed` as never))
        assert.ok(around, `${String(place)} becomes ${String(state)} in ${String(actions)}, which is no step`)
      }
      const known = async (table: string) => {
        const [row] = await ground.rows(
          `select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%state%'`,
          [table],
        )
        return [...String(row?.text).matchAll(/'(\w+)'::text/g)].map(([, state]) => state)
      }
      const entered = (table: string) => new Set(moved.filter(({ place }) => place === table).map(({ state }) => String(state)))
      const missing = async (table: string) => (await known(table)).filter((state) => !entered(table).has(String(state)))
      assert.deepEqual(await missing('run'), [])
      // `checked` is a promotion that the gate stops, and `revoked` one whose twin was retired: both are single acts that deeds do to others.
      assert.deepEqual(await missing('promotion'), ['checked', 'revoked'])
      // A deed that says that it passes an act and does not would leave steps at which nothing ever dies. What one does by chance, it does when it is done again.
      const knocks = deedFor('session:refusals/recorded')
      void knocks?.(life) // until the death of the process, in the end
      const unpassed = () => steps.filter((step) => !victim.reached.has(step))
      for (let tries = 0; tries < 4; tries++) for (const deed of new Set(unpassed().map(deedFor))) if (deed !== knocks) await deed?.(life)
      await until('what nobody was refused is recorded', async () => victim.reached.has('session:refusals/committed'))
      assert.deepEqual(unpassed(), [], 'no deed comes past these steps: mend the one that names their action in test/chaos/deeds.ts')
    } finally {
      await spare.kill()
      await ground.close()
    }
  })
})
