// Law 1: every change of state is an action at the door. Tried on the code (nobody else can reach the store), on the schema (no table lies outside of the
// rule), on the running product (every row was last written beside an entry), and on whoever goes around the door (the database refuses the commit).
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { catalogue } from '../../src/app/catalogue.ts'
import { createDoor } from '../../src/app/door/govern.ts'
import { action, organizationEntity, organizationType, type Ports } from '../../src/kernel/index.ts'
import { asSuperuser, governedTablesOf, sqlStateOf, tablesOf } from '../harness/database.ts'
import { inReview, sealedRun } from '../harness/live-run.ts'
import { asSystem, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { transactionsAreOpenedAtTheDoor } from '../tidy/checks/transactions.ts'
import { isTest } from '../tidy/place.ts'
import { type Code, type Project, pretend, project } from '../tidy/project.ts'
import { readRepository } from '../tidy/read-repository.ts'

/** Tables that change without an entry, each with the reason why nothing is lost by that. */
const ungoverned: Readonly<Record<string, string>> = {
  entry: 'is the record itself: nobody but a superuser can change or remove a row',
  entry_lot:
    'says which entries were written together, and their numbers; a trigger and the sequencer write it, and nobody changes a number',
  entry_number: 'shows what `entry_lot` says',
  numbered_entry: 'shows `entry` and what `entry_lot` says of it',
  entry_ref: 'repeats what an entry says, so that it can be found; the entry is the truth',
  record_due: 'says that a transaction changed something before it recorded anything, until it commits; the database alone writes it',
  sidecar: 'erasable by law; the entry keeps a salted commitment to it',
  takeaway: 'a counter that orders revocations; it can only refuse more',
  holding_due: 'says that a transaction changes what is held, until it commits; the database alone writes it',
  holding: 'names what everybody holds; the database alone writes it, beside the rows that moved it',
  tile: 'hashes of entries, signed over; written by the sequencer alone',
  log_head: 'the head of the tree; written by the sequencer alone, signed over',
  checkpoint: 'signed heads; written by the sequencer alone, never changed',
  assertion_used: 'remembers assertions so that none is used twice; it can only refuse more',
  run_claim: 'a worker’s hold on a run; the run’s own row is the authority',
  session_seen: 'when a session was last used; it can only shorten what the session is good for',
  sso_used: 'remembers sign-ins and logout tokens so that none is used twice; it can only refuse more',
  organization_tombstone:
    'belongs to the owner of the database; a row is made by the function that destroys an organization, and by nothing else',
  twinlock_migration: 'belongs to the owner of the database; no role of the product can touch it',
}

let h: Harness
before(async () => {
  // Watched, so that the starter is set up anew: the connections of one that is copied are moved by hand, without an entry.
  h = await openStarter({ runsMax: 0, watch: () => undefined })
})
after(() => h.close())

/** Where the store's own tools may be imported: everything else is given a transaction. */
const reachesTheStore = (house: Project): string[] =>
  [...house.code.values()]
    .filter(({ path }) => path.startsWith('src/') && !isTest(path) && !/^src\/(app|host)\//.test(path))
    .flatMap((file: Code) =>
      file.imports
        .filter(({ target, typeOnly, spec }) => !typeOnly && (spec === 'pg' || target.startsWith('src/host/store/')))
        .map(({ target }) => `${file.path} imports ${target}`),
    )

test('law 1, one door: outside of src/app and src/host nobody opens a transaction or a connection', () => {
  const sources = readRepository().filter(({ path }) => path.startsWith('src/'))
  assert.ok(sources.length > 200, 'the sources were found')
  // Only files whose text names a way in are worth parsing.
  const house = project(sources.filter(({ text }) => /transact|controlledTransaction|host\/store|['"]pg['"]/.test(text)))
  assert.ok(house.code.size > 5, 'those that open transactions rightly are among them')
  assert.deepEqual(transactionsAreOpenedAtTheDoor(house), [])
  // The command line starts the server, and with it the database; it opens no store.
  assert.deepEqual(
    reachesTheStore(house).filter((found) => !found.startsWith('src/cli/start')),
    [],
  )
})

test('law 1, one door: the rule fails for a room that writes around the door', () => {
  for (const text of ['await store.transact(org, f)', 'db.transaction().execute(f)']) {
    assert.equal(transactionsAreOpenedAtTheDoor(pretend({ 'src/runs/sly.ts': text })).length, 1, text)
    assert.equal(transactionsAreOpenedAtTheDoor(pretend({ 'src/server/sly.ts': text })).length, 1, text)
  }
  assert.equal(reachesTheStore(pretend({ 'src/server/sly.ts': `import pg from 'pg'` })).length, 1)
})

test('law 1, one door: within src/app only the door and the sequencer are handed a transaction', () => {
  const house = project(readRepository().filter(({ path, text }) => path.startsWith('src/app/') && text.includes('transact')))
  const opening = [...house.code.values()]
    .filter(({ path }) => !isTest(path))
    .filter((file) =>
      file.nodes
        .all('CallExpression')
        .some(
          ({ callee }) =>
            callee.type === 'MemberExpression' && callee.property.type === 'Identifier' && callee.property.name === 'transact',
        ),
    )
    .map(({ path }) => path)
  const reasons: Record<string, string> = {
    'src/app/door/govern.ts': 'is the door',
    'src/app/door/together.ts': 'is the door, for several at once',
    'src/app/compose.ts': 'reads whether a promotion is committed as crossed',
    'src/app/store-load.ts': 'counts what is still to be done, for whoever operates the server',
    'src/app/starter/set-up.ts': 'reads how far an interrupted first start came; what is missing is done through the door',
    'src/app/starter/readings.ts':
      'the demonstration’s historian: an upstream that happens to run beside the product reads its own data once',
    'src/app/ledger/sequencer.ts': 'numbers entries, under a role that can do nothing else',
    'src/app/ledger/sequencer-loop.ts': 'reads whether an entry is in a checkpoint',
  }
  assert.deepEqual(
    opening.filter((path) => reasons[path] === undefined),
    [],
  )
})

test('law 1, one door: every table of the schema is governed, or on a short list with its reason', async () => {
  const all = await tablesOf(h.twinlock)
  const governed = await governedTablesOf(h.twinlock)
  assert.ok(governed.length >= 20)
  assert.deepEqual(
    all.filter((table) => !governed.includes(table) && ungoverned[table] === undefined),
    [],
  )
  assert.deepEqual(
    Object.keys(ungoverned).filter((table) => !all.includes(table) || governed.includes(table)),
    [],
  )
})

test('law 1, one door: after the main job every row of a governed table was last written beside a ledger entry', async () => {
  const { artifact } = await sealedRun(h)
  await inReview(h, await signIn(h, 'operator'), artifact)
  const governed = await governedTablesOf(h.twinlock)
  let rows = 0
  await asSuperuser(h.twinlock, async (client) => {
    for (const table of governed) {
      const stray = await client.query(
        `select count(*) as stray from "${table}" t where not exists (select from entry e where e.org_id = t.org_id and (e.xact::text::numeric % 4294967296) = t.xmin::text::numeric)`,
      )
      assert.equal(Number(stray.rows[0].stray), 0, `rows of ${table} were written without an entry`)
      rows += Number((await client.query(`select count(*) as count from "${table}"`)).rows[0].count)
    }
  })
  assert.ok(rows > 50, 'the main job left rows behind')
})

test('law 1, one door: an action that passes for a read and writes cannot commit', async () => {
  const sly = action({
    name: 'person:peek',
    summary: 'Says that it reads, and writes.',
    effect: 'read',
    roles: [],
    system: ['starter'],
    resource: organizationType,
    input: z.strictObject({}),
    output: z.object({}),
    locate: async ({ principal }) => ({ resource: organizationEntity(principal.org), found: undefined }),
    async perform({ tx }) {
      await tx.updateTable('person').set({ clearance: 3 }).execute()
      return { result: {} }
    },
  })
  const { outside, decider } = h.twinlock
  const { createDecider } = await import('../../src/app/deciding.ts')
  const door = createDoor({
    catalogue: [...catalogue, sly],
    // The engine knows the shipped catalogue; this stand-in lets the sly action through, as a wrong policy would.
    decider: { ...createDecider(), engine: { ...decider.engine, ask: () => ({ allowed: true, policies: [], erred: [] }) } },
    ports: { ...outside } as unknown as Ports, // the sly action uses nothing of what is left out
    transact: outside.store.transact,
    committed: () => undefined,
    included: async () => undefined,
    unauthenticated: () => undefined,
  })
  const before = await outside.store.transact(h.starter.org, (tx) =>
    tx.selectFrom('person').select(['id', 'clearance']).orderBy('id').execute(),
  )
  await assert.rejects(
    door.govern({
      action: 'person:peek',
      credential: { kind: 'system', org: h.starter.org, part: 'starter' },
      input: {},
      requestId: 'test',
    }),
    (error: { code?: string; cause?: { code?: string } }) => error.code === 'internal' && error.cause?.code === 'TW003',
  )
  const afterwards = await outside.store.transact(h.starter.org, (tx) =>
    tx.selectFrom('person').select(['id', 'clearance']).orderBy('id').execute(),
  )
  assert.deepEqual(afterwards, before)
})

test('law 1, one door: whoever holds the store and writes around the door is refused at commit', async () => {
  const { store } = h.twinlock.outside
  const state = await sqlStateOf(store.transact(h.starter.org, (tx) => tx.updateTable('grant').set({ role: 'admin' }).execute()))
  assert.equal(state, 'TW003')
  const glanced = store.glance(h.starter.org, (tx) =>
    tx
      .updateTable('session_seen')
      .set({ at: new Date(0) })
      .execute(),
  )
  const isReadOnly = ({ cause }: { cause?: { code?: string } }) => cause?.code === '25006'
  await assert.rejects(glanced, isReadOnly, 'and a glance changes nothing at all, not even what needs no entry')
  const roles = await store.transact(h.starter.org, (tx) => tx.selectFrom('grant').select('role').distinct().execute())
  assert.ok(roles.length > 3, 'the grants are as they were')
})

test('law 1, one door: what parts of the product do comes through it as a system principal, and by no request from outside', async () => {
  const { run } = await sealedRun(h)
  const entries = await asSuperuser(
    h.twinlock,
    async (client) =>
      (await client.query(`select action, body::jsonb->'actor'->>'type' as type from entry where resource_id = $1`, [run.id])).rows,
  )
  for (const name of ['run:claim', 'run:begin', 'run:end', 'artifact:seal', 'run:close']) {
    assert.ok(
      entries.some((entry) => entry.action === name && entry.type === 'System'),
      `${name} is recorded as the product’s own`,
    )
  }
  const { readBearer } = await import('../../src/app/door/credential.ts')
  for (const text of [
    'Bearer system',
    `Bearer ${JSON.stringify({ kind: 'system', org: h.starter.org, part: 'starter' })}`,
    'Bearer channel.run',
  ]) {
    const credential = readBearer(text)
    assert.ok(credential === undefined || !['system', 'channel'].includes(credential.kind))
  }
  await assert.rejects(asSystem(h, 'broker')('person:create', { slug: 'x', name: 'x', email: 'x@x.example' }), { code: 'denied' })
})
