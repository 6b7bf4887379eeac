// Who owns a table, and who may name it.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { tablesHaveOwners as check } from './tables.ts'

const declares = (name: string) => `declare module '../kernel/action.ts' { interface Tables { ${name}: { org_id: string } } }`
const rooms = { 'src/ledger/tables.ts': declares('entry'), 'src/runs/tables.ts': declares("run; 'run_claim'") }
const house = (path: string, text: string) => ({ ...rooms, [path]: text })

test('a room names its own tables and earlier ones', () => {
  accepts(
    check,
    house(
      'src/runs/a.ts',
      "db.selectFrom('run as r').innerJoin('entry', 'entry.id', 'r.entry_id')\ndb.deleteFrom('run_claim').using('run')",
    ),
  )
  accepts(check, house('src/runs/a.ts', "db.with('recent', (q) => q.selectFrom('run')).selectFrom(['recent', 'entry as e'])"))
  accepts(check, house('src/app/a.ts', "db.insertInto('run')"))
  accepts(check, house('src/host/a.ts', "db.updateTable('run')"))
})
test('a table of a later room is refused, in any clause and in raw SQL', () => {
  for (const text of [
    "db.selectFrom('run')",
    "db.insertInto('run_claim')",
    "db.selectFrom('entry').leftJoin('run as r', 'a', 'b')",
    "db.selectFrom(['entry', 'run'])",
    'sql`select 1 from run where true`',
  ])
    refuses(check, house('src/ledger/a.ts', text), /belongs to src\/runs, which comes after src\/ledger/)
})
test('a table that nobody declares is refused', () =>
  refuses(check, house('src/runs/a.ts', "db.selectFrom('runs')"), /No room declares the table `runs`/))
test('a table has one owner, and its declaration one place', () => {
  refuses(check, house('src/posture/tables.ts', declares('entry')), /declared already in src\/ledger\/tables\.ts/)
  refuses(check, house('src/posture/findings.ts', declares('finding')), /Declare `finding` in src\/posture\/tables\.ts/)
})
