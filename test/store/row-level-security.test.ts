// One organization never sees or touches another's rows, whatever the code above forgets: tried on every table that PostgreSQL says there is, with every
// privilege that the product's role could ever be given, and with no organization set at all. The owner of the tables, who is an ordinary role, is held to the same.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type pg from 'pg'
import { asSuperuser, connectionOf, ordinaryOwner, rowsOf, sqlStateOf, tablesOf, withConnection } from '../harness/database.ts'
import { fill, provingRecords } from '../harness/filled.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'

/** Belong to the owner of the database and hold nothing of anybody: the roles of the product have no privilege on them. */
const nobodys = ['twinlock_migration', 'organization_tombstone', 'holding_due', 'record_due']

/** Who is held to it: the role that the rooms work under, and the owner of the tables. */
const held = ['twinlock_app', ordinaryOwner]

/** What the functions that look past one organization are told: these columns, and no others. */
const overseen: Readonly<Record<string, readonly string[]>> = {
  access_request: ['expires_at', 'org_id', 'state'],
  archive: ['expires_at', 'org_id'],
  checkpoint: ['org_id', 'size'],
  directory: ['org_id'],
  domain: ['checked_at', 'lapsed_at', 'name', 'org_id', 'verified_at'],
  engagement: ['org_id', 'state', 'until'],
  entry_lot: ['org_id', 'seq'],
  guest: ['org_id', 'state', 'until'],
  log_head: ['org_id', 'size'],
  organization: ['label', 'org_id', 'slug'],
  organization_deletion: ['due_at', 'org_id'],
  organization_tombstone: ['label', 'org_id'],
  promotion: ['org_id', 'state'],
  run: ['org_id', 'state'],
}

let h: Harness
let stranger: Harness
let tables: string[]
let views: string[]

before(async () => {
  h = await openStarter({ runsMax: 0, textRecords: () => provingRecords(h) })
  stranger = await strangerBeside(h)
  await fill(h)
  await fill(stranger)
  const found = await rowsOf(
    h.twinlock,
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v' order by 1`,
  )
  views = found.map(({ relname }) => String(relname))
  tables = (await tablesOf(h.twinlock)).filter((table) => !nobodys.includes(table) && !views.includes(table))
})
after(() => h.close())

/** Somebody at a table, bound to an organization, or to none. */
interface Place {
  readonly table: string
  readonly role: string
  readonly org: string | undefined
}

/** Works under a role with every privilege on a table, for an organization; all of it is rolled back. `theft` puts a row of the stranger into the table once more. */
async function onTable<T>(client: pg.Client, { table, role, org }: Place, use: (theft: pg.QueryConfig) => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const { rows } = await client.query(`select to_jsonb(t) as row from "${table}" t where org_id = $1 limit 1`, [stranger.starter.org])
    await client.query(`grant select, insert, update, delete on "${table}" to ${role}`)
    await client.query(`set local role ${role}`)
    if (org !== undefined) await client.query(`select set_config('twinlock.org', $1, true)`, [org])
    const text = `insert into "${table}" overriding system value select t.* from jsonb_populate_record(null::"${table}", $1::jsonb) t`
    return await use({ text, values: [rows[0]?.row] })
  } finally {
    await client.query('rollback')
  }
}

/** Does something at every table as everybody who is held to row-level security. */
async function atEach(use: (client: pg.Client, place: Omit<Place, 'org'>) => Promise<void>): Promise<void> {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const role of held) for (const table of tables) await use(client, { table, role })
  })
}

test('every table belongs to an ordinary role, and is under row-level security that also holds for its owner', async () => {
  const rows = await rowsOf(
    h.twinlock,
    `select c.relname, c.relrowsecurity and c.relforcerowsecurity as forced, o.rolsuper or o.rolbypassrls as past, pg_get_userbyid(c.relowner) as owner
     from pg_class c join pg_roles o on o.oid = c.relowner where c.relname = any($1) and c.relnamespace = 'public'::regnamespace`,
    [tables],
  )
  assert.equal(rows.length, tables.length)
  assert.ok(tables.length >= 30)
  for (const { relname, ...row } of rows) assert.deepEqual(row, { forced: true, past: false, owner: ordinaryOwner }, String(relname))
})

test('every table has one policy for every command and everybody; beside it, some let the overseer read, and nobody else', async () => {
  const rows = await rowsOf(
    h.twinlock,
    `select c.relname, p.polname, p.polcmd, p.polpermissive, p.polroles::regrole[]::text as roles, pg_get_expr(p.polqual, p.polrelid) as using,
       pg_get_expr(p.polwithcheck, p.polrelid) as check
     from pg_class c left join pg_policy p on p.polrelid = c.oid where c.relname = any($1) and c.relnamespace = 'public'::regnamespace order by 1, 2`,
    [tables],
  )
  const own = {
    polname: 'own_organization',
    polcmd: '*',
    polpermissive: true,
    roles: '{-}',
    using: '(org_id = ( SELECT current_org() AS current_org))',
    check: '(org_id = ( SELECT current_org() AS current_org))',
  }
  const others = { polname: 'overseen', polcmd: 'r', polpermissive: true, roles: '{twinlock_overseer}', using: 'true', check: null }
  for (const table of tables) {
    const policies = rows.filter(({ relname }) => relname === table).map(({ relname: _, ...policy }) => policy)
    assert.deepEqual(policies, table in overseen ? [others, own] : [own], table)
  }
})

test('the overseer may read those columns and nothing else, change nothing, and owns the functions that tell ids and nothing else', async () => {
  const columns = await rowsOf(
    h.twinlock,
    `select c.relname as table, array_agg(a.attname::text order by a.attname) as columns from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.relnamespace = 'public'::regnamespace and has_column_privilege('twinlock_overseer', c.oid, a.attnum, 'select') group by 1 order by 1`,
  )
  assert.deepEqual(Object.fromEntries(columns.map((one) => [one.table, one.columns])), overseen)
  const more = await rowsOf(
    h.twinlock,
    `select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
     and (has_table_privilege('twinlock_overseer', c.oid, 'delete, truncate, trigger, maintain') or has_any_column_privilege('twinlock_overseer', c.oid, 'insert, update, references'))`,
  )
  assert.deepEqual(more, [])
  const functions = await rowsOf(
    h.twinlock,
    `select proname, prosecdef and 'search_path=public, pg_temp' = any(proconfig) and provolatile = 's' as sound from pg_proc
     where pg_get_userbyid(proowner) = 'twinlock_overseer' order by 1`,
  )
  assert.deepEqual(
    functions,
    ['domain_elsewhere', 'organization_is_spent', 'organizations', 'organizations_with', 'sign_in_homes'].map((proname) => ({
      proname,
      sound: true,
    })),
  )
})

test('a view shows each reader what the tables behind it show him, is only read, and shows another organization nothing', async () => {
  const { org: theirs } = stranger.starter
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    for (const view of views) {
      const { rows } = await client.query(
        `select reloptions, has_table_privilege('twinlock_app', oid, 'insert, update, delete, truncate') or has_table_privilege('twinlock_sequencer', oid, 'insert, update, delete, truncate') as written
         from pg_class where relname = $1`,
        [view],
      )
      assert.deepEqual(rows, [{ reloptions: ['security_invoker=true'], written: false }], view)
      assert.ok(Number((await client.query(`select count(*) as count from "${view}" where org_id = $1`, [theirs])).rows[0].count) > 0, view)
      for (const role of held) {
        const seen = `select distinct org_id from "${view}"`
        await onTable(client, { table: view, role, org: h.starter.org }, async () =>
          assert.deepEqual((await client.query(seen)).rows, [{ org_id: h.starter.org }], view),
        )
        await onTable(client, { table: view, role, org: undefined }, async () =>
          assert.equal(await sqlStateOf(client.query(seen)), 'TW001', view),
        )
      }
    }
  })
  assert.deepEqual(views, ['entry_number', 'numbered_entry'])
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
  const { org: theirs } = stranger.starter
  const org = h.starter.org
  await atEach(async (client, place) => {
    const { table } = place
    const count = Number((await client.query(`select count(*) as count from "${table}" where org_id = $1`, [theirs])).rows[0].count)
    assert.ok(count > 0, `${table} holds rows of the stranger, so that there is something to hide`)
    await onTable(client, { ...place, org }, async () => {
      assert.deepEqual((await client.query(`select distinct org_id from "${table}"`)).rows, [{ org_id: org }], table)
      assert.equal((await client.query(`update "${table}" set org_id = org_id where org_id = $1`, [theirs])).rowCount, 0, table)
      assert.equal((await client.query(`delete from "${table}" where org_id = $1`, [theirs])).rowCount, 0, table)
    })
  })
})

test('rows of another organization can neither be inserted, nor made out of one’s own, in any table', async () => {
  const org = h.starter.org
  await atEach(async (client, place) => {
    const { table } = place
    const inserted = await onTable(client, { ...place, org }, (theft) => sqlStateOf(client.query(theft)))
    assert.equal(inserted, '42501', `insert into ${table}`)
    const moved = await onTable(client, { ...place, org }, () =>
      sqlStateOf(client.query(`update "${table}" set org_id = $1`, [stranger.starter.org])),
    )
    // What is numbered is not changed at all, before anybody asks whose it would become.
    assert.equal(moved, table === 'entry_lot' ? 'TW004' : '42501', `update of ${table}`)
  })
})

test('with no organization set, or an empty one, every statement on every table raises instead of meaning all', async () => {
  await atEach(async (client, place) => {
    const { table } = place
    for (const org of [undefined, '']) {
      await onTable(client, { ...place, org }, async (theft) => {
        const statements: pg.QueryConfig[] = [
          { text: `select * from "${table}"` },
          theft,
          { text: `update "${table}" set org_id = org_id` },
          { text: `delete from "${table}"` },
        ]
        await client.query('savepoint whole')
        for (const statement of org === undefined ? statements : statements.slice(0, 1)) {
          assert.equal(await sqlStateOf(client.query(statement)), 'TW001', statement.text)
          await client.query('rollback to whole')
        }
      })
    }
  })
})

test('an organization that does not exist is as empty as one that was never set up', async () => {
  const org = 'org_11111111111111111111111111'
  await atEach(async (client, place) => {
    await onTable(client, { ...place, org }, async () =>
      assert.equal((await client.query(`select * from "${place.table}"`)).rowCount, 0, place.table),
    )
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
  entries: { none: 'delete from entry_lot where seq is null', some: 'update entry_lot set seq = null where org_id = $1' },
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
  logs: {
    none: 'delete from directory',
    some: `insert into directory (org_id, id, slug, name, owner_id, adopts, state, created_at) values ($1, 'dir_x', 'x', 'X', 'per_x', false, 'retired', now())`,
  },
  proofs: {
    none: 'update domain set verified_at = now(), checked_at = now()',
    some: `update domain set checked_at = now() - interval '1 day' where org_id = $1`,
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
    await client.query('delete from entry_lot where seq is null')
    await client.query('delete from checkpoint where org_id = $1 and size = (select size from log_head where org_id = $1)', [org])
    assert.ok((await told('entries')).includes(org), 'a head that nobody has signed')
    await client.query('rollback')
    await assert.rejects(told('gossip'), { code: '20000' })
  })
})
