// One organization never sees or touches another's rows, whatever the code above forgets: tried on every table that PostgreSQL says there is, with every
// privilege that the product's role could ever be given, and with no organization set at all.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { asSuperuser, connectionOf, rowsOf, sqlStateOf, tablesOf, withConnection } from '../harness/database.ts'
import { fill, provingRecords } from '../harness/filled.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'

/** Belong to the owner of the database and hold nothing of anybody: the roles of the product have no privilege on them. */
const nobodys = ['twinlock_migration', 'organization_tombstone']

let h: Harness
let stranger: Harness
let tables: string[]

before(async () => {
  h = await openStarter({ runsMax: 0, textRecords: () => provingRecords(h) })
  stranger = await strangerBeside(h)
  await fill(h)
  await fill(stranger)
  tables = (await tablesOf(h.twinlock)).filter((table) => !nobodys.includes(table))
})
after(() => h.close())

/** Works under the product's role with every privilege on a table, for an organization; all of it is rolled back. */
async function onTable<T>(client: pg.Client, table: string, org: string | undefined, use: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    await client.query(`create temp table stash on commit drop as select * from "${table}" where org_id = '${stranger.starter.org}'`)
    await client.query('grant select on stash to twinlock_app')
    await client.query(`grant select, insert, update, delete on "${table}" to twinlock_app`)
    await client.query('set local role twinlock_app')
    if (org !== undefined) await client.query(`select set_config('twinlock.org', $1, true)`, [org])
    return await use()
  } finally {
    await client.query('rollback')
  }
}

test('every table is under row-level security that also holds for its owner, by one policy for every command', async () => {
  const rows = await rowsOf(
    h.twinlock,
    `select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced, count(p.*) as policies, bool_and(p.polcmd = '*' and p.polpermissive and p.polroles = '{0}') as for_all
     from pg_class c left join pg_policy p on p.polrelid = c.oid where c.relname = any($1) and c.relnamespace = 'public'::regnamespace group by 1, 2`,
    [tables],
  )
  assert.equal(rows.length, tables.length)
  assert.ok(tables.length >= 30)
  for (const row of rows)
    assert.deepEqual(
      { forced: row.forced, policies: Number(row.policies), all: row.for_all },
      { forced: true, policies: 1, all: true },
      String(row.relname),
    )
})

test('every primary key begins with the organization, so that no id of one is in the way of another', async () => {
  const rows = await rowsOf(
    h.twinlock,
    `select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
     where i.indisprimary and c.relname = any($1)`,
    [tables],
  )
  assert.equal(rows.length, tables.length)
  for (const row of rows) assert.equal(row.attname, 'org_id', String(row.relname))
})

test('with another organization set, nothing of the first is visible in any table, and nothing of it can be changed or removed', async () => {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const table of tables) {
      const theirs = Number(
        (await client.query(`select count(*) as count from "${table}" where org_id = $1`, [stranger.starter.org])).rows[0].count,
      )
      assert.ok(theirs > 0, `${table} holds rows of the stranger, so that there is something to hide`)
      await onTable(client, table, h.starter.org, async () => {
        assert.deepEqual((await client.query(`select distinct org_id from "${table}"`)).rows, [{ org_id: h.starter.org }], table)
        assert.equal(
          (await client.query(`update "${table}" set org_id = org_id where org_id = $1`, [stranger.starter.org])).rowCount,
          0,
          table,
        )
        assert.equal((await client.query(`delete from "${table}" where org_id = $1`, [stranger.starter.org])).rowCount, 0, table)
      })
    }
  })
})

test('rows of another organization can neither be inserted, nor made out of one’s own, in any table', async () => {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const table of tables) {
      const inserted = await onTable(client, table, h.starter.org, () =>
        sqlStateOf(client.query(`insert into "${table}" select * from stash`)),
      )
      assert.equal(inserted, '42501', `insert into ${table}`)
      const moved = await onTable(client, table, h.starter.org, () =>
        sqlStateOf(client.query(`update "${table}" set org_id = $1`, [stranger.starter.org])),
      )
      // A numbered entry is not changed at all, before anybody asks whose it would become.
      assert.equal(moved, table === 'entry' ? 'TW004' : '42501', `update of ${table}`)
    }
  })
})

test('with no organization set, or an empty one, every statement on every table raises instead of meaning all', async () => {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const table of tables) {
      for (const org of [undefined, '']) {
        await onTable(client, table, org, async () => {
          const statements = [
            `select * from "${table}"`,
            `insert into "${table}" select * from stash`,
            `update "${table}" set org_id = org_id`,
            `delete from "${table}"`,
          ]
          await client.query('savepoint whole')
          for (const sql of org === undefined ? statements : statements.slice(0, 1)) {
            assert.equal(await sqlStateOf(client.query(sql)), 'TW001', sql)
            await client.query('rollback to whole')
          }
        })
      }
    }
  })
})

test('an organization that does not exist is as empty as one that was never set up', async () => {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const table of tables) {
      await onTable(client, table, 'org_11111111111111111111111111', async () =>
        assert.equal((await client.query(`select * from "${table}"`)).rowCount, 0, table),
      )
    }
  })
})

test('the setting ends with its transaction: a pooled connection carries no organization over', async () => {
  const { store } = h.twinlock.outside
  const seen = await store.transact(h.starter.org, async (tx) => tx.selectFrom('organization').select('org_id').execute())
  assert.deepEqual(seen, [{ org_id: h.starter.org }])
  const orgs = await Promise.all(
    Array.from({ length: 24 }, (_, at) => {
      const org = at % 2 === 0 ? h.starter.org : stranger.starter.org
      return store.transact(org, async (tx) => ({ org, found: await tx.selectFrom('organization').select('org_id').execute() }))
    }),
  )
  for (const { org, found } of orgs) assert.deepEqual(found, [{ org_id: org }])
})

/** Makes that there is none of a chore anywhere, and then some in one organization alone. */
const chores: Readonly<Record<string, { readonly none: string; readonly some: string }>> = {
  entries: { none: 'delete from entry where seq is null', some: 'update entry set seq = null where org_id = $1' },
  runs: { none: `update run set state = 'ended'`, some: `update run set state = 'ending' where org_id = $1` },
  crossings: { none: `update promotion set state = 'crossed'`, some: `update promotion set state = 'crossing' where org_id = $1` },
  lapses: { none: `update guest set until = now() + interval '1 hour'`, some: `update guest set until = now() where org_id = $1` },
  requests: {
    none: `update access_request set expires_at = now() + interval '1 hour'`,
    some: 'update access_request set expires_at = now() where org_id = $1',
  },
  archives: {
    none: `update archive set expires_at = now() + interval '1 hour'`,
    some: 'update archive set expires_at = now() where org_id = $1',
  },
  deletions: {
    none: 'update organization_deletion set due_at = null, confirmed_by = null, confirmed_at = null',
    some: `update organization_deletion set due_at = now(), confirmed_by = 'per_x', confirmed_at = now() where org_id = $1`,
  },
}

test('where something waits for a part of the product is told of every organization at once: those that have it, and no other', async () => {
  const { org } = stranger.starter
  await asSuperuser(h.twinlock, async (client) => {
    const told = async (chore: string): Promise<unknown[]> =>
      (await client.query('select organizations_with($1, now()) as id', [chore])).rows.map(({ id }) => id)
    for (const [chore, { none, some }] of Object.entries(chores)) {
      // In a transaction that nobody sees, so that no part does it meanwhile.
      await client.query('begin')
      await client.query(none)
      // After the entries, in the order of the sequencer, which may be at it.
      if (chore === 'entries') await client.query('delete from log_head')
      assert.deepEqual(await told(chore), [], chore)
      assert.ok((await client.query(some, [org])).rowCount, chore)
      assert.deepEqual(await told(chore), [org], chore)
      await client.query('rollback')
    }
    await client.query('begin')
    await client.query('delete from entry where seq is null')
    await client.query('delete from checkpoint where org_id = $1 and size = (select size from log_head where org_id = $1)', [org])
    assert.ok((await told('entries')).includes(org), 'a head that nobody has signed')
    await client.query('rollback')
    await assert.rejects(told('gossip'), { code: '20000' })
  })
})
