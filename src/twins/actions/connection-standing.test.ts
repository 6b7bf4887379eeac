// A connection that stands: stopped and gone on, and its credential followed by the next one. What was replaced is carried by no call that is decided later, and
// is nowhere any more.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { type Act, at, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'

describe('a connection that stands', () => {
  let world: World
  let admin: Act
  let connection: string
  /** What a run of two calls was answered; something is done between them. */
  async function aroundOf(between: () => Promise<unknown>): Promise<unknown[]> {
    const answers: unknown[] = []
    world.cells.next(async (cell) => {
      const call = async () => {
        const reply = await cell.ask({ type: 'call', connection: 'accounts-data', method: 'GET', path: '/accounts?limit=1' })
        answers.push(at(reply, 'value', 'status') ?? at(reply, 'problem', 'code'))
      }
      await call()
      await between()
      await call()
      cell.say({ type: 'finish', verdict: 'passed', summary: null })
    })
    await world.ended(await world.launch())
    return answers
  }
  const carried = () => world.upstream.asked.map(({ headers }) => Object.entries(headers).find(([name]) => /key|token|x-of/.test(name)))
  const kept = () => world.rows('select version from secret where id = (select secret_id from connection where id = $1)', [connection])

  before(async () => {
    world = await openWorld()
    admin = await world.as('admin')
    const [row] = await world.rows('select id from connection where slug = $1 and environment_id = $2', [
      'accounts-data',
      world.starter.environments.staging,
    ])
    connection = textAt(row ?? {}, 'id')
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.asked.length = 0
  })

  it('carries the next version of its credential from the call after, in the header that is named, and the one before is gone', async () => {
    const value = 'the-next-key-0123456789'
    const answers = await aroundOf(async () => {
      assert.deepEqual(await admin('connection:rotate', { connection, value: `${value}\n` }), {
        id: connection,
        header: 'x-api-key',
        version: 2,
      })
    })
    assert.deepEqual(answers, [200, 200])
    assert.deepEqual(carried(), [
      ['x-api-key', 'staging-accounts-key-0123456789'],
      ['x-api-key', value],
    ])
    assert.deepEqual(await kept(), [{ version: 2 }])
    world.upstream.asked.length = 0
    await aroundOf(() => admin('connection:rotate', { connection, value: 'a-third-key-0123456789', header: 'x-token' }))
    assert.deepEqual(carried(), [
      ['x-api-key', value],
      ['x-token', 'a-third-key-0123456789'],
    ])
    assert.deepEqual(await kept(), [{ version: 3 }])
  })

  it('has its credential in no answer and no entry, only that there is a next version', async () => {
    const value = 'never-to-be-read-0123456789'
    await admin('connection:rotate', { connection, value })
    const rows = await world.rows(`select body from entry where action = 'connection:rotate' and outcome = 'done'`)
    assert.match(String(rows.at(-1)?.body), /"version":4/)
    assert.ok(rows.every(({ body }) => !String(body).includes('never-to-be-read')))
    assert.ok(!JSON.stringify(await admin('connection:list', {})).includes('never-to-be-read'))
  })

  it('refuses a credential that it has, that no header holds, or that would frame a request; one without a credential gets none', async () => {
    await admin('connection:rotate', { connection, value: 'again-and-again-0123456789' })
    const at = { environment: world.starter.environments.sandbox, slug: 'bare', access: 'read', baseUrl: 'http://127.0.0.1:9' }
    const bare = await admin('connection:create', { ...at, sensitivity: 'public', owner: world.starter.people.owner })
    const rotated = (input: object) => refusalOf(admin('connection:rotate', { connection, value: 'good-enough-0123456789', ...input }))
    const pointers = async (input: object) => {
      const { code, notes } = await rotated(input)
      return [code, notes.pointer]
    }
    assert.deepEqual(await pointers({ value: 'again-and-again-0123456789' }), ['conflict', '/value'])
    assert.deepEqual(await pointers({ value: 'two\r\nlines-0123456789' }), ['invalid', '/value'])
    assert.deepEqual(await pointers({ header: 'host' }), ['invalid', '/header'])
    assert.deepEqual(await pointers({ connection: bare.id }), ['conflict', '/connection'])
    assert.equal((await rotated({ connection: 'con_00000000000000000000000000' })).code, 'not_found')
    assert.deepEqual(await kept(), [{ version: 5 }])
  })

  it('goes through two rotations at once one after the other', async () => {
    const all = ['first-of-two-0123456789', 'second-of-two-0123456789'].map((value) => admin('connection:rotate', { connection, value }))
    const versions = (await Promise.all(all)).map(({ version }) => version)
    assert.deepEqual(new Set(versions), new Set([6, 7]))
    assert.deepEqual(await kept(), [{ version: 7 }])
  })

  it('keeps the header that one of two rotations at once gave it', async () => {
    const named = (number: number) =>
      admin('connection:rotate', { connection, value: `named-${number}-0123456789`, header: `x-of-${number}` })
    const plain = (number: number) => admin('connection:rotate', { connection, value: `plain-${number}-0123456789` })
    for (let number = 1; number <= 8; number++) {
      await Promise.all([plain(number), named(number)])
      const [row] = await world.rows('select secret_header from connection where id = $1', [connection])
      assert.equal(row?.secret_header, `x-of-${number}`)
    }
  })

  it('goes on where it was stopped, with the credential that it was given meanwhile', async () => {
    const stopped = async () => {
      await admin('connection:suspend', { connection })
      await admin('connection:rotate', { connection, value: 'after-the-leak-0123456789' })
    }
    assert.deepEqual(await aroundOf(stopped), [200, 'conflict'])
    assert.deepEqual(await admin('connection:resume', { connection }), { id: connection, state: 'active' })
    world.upstream.asked.length = 0
    assert.deepEqual(await aroundOf(async () => undefined), [200, 200])
    assert.deepEqual(new Set(carried().map((pair) => pair?.[1])), new Set(['after-the-leak-0123456789']))
    const refused = await refusalOf(admin('connection:resume', { connection }))
    assert.deepEqual([refused.code, refused.notes.pointer], ['conflict', '/connection'])
  })

  it('is an administrator’s to rotate and to let go on', async () => {
    for (const person of ['operator', 'owner', 'author', 'auditor'] as const) {
      const act = await world.as(person)
      assert.equal((await refusalOf(act('connection:rotate', { connection, value: 'not-for-them-0123456789' }))).code, 'denied', person)
      assert.equal((await refusalOf(act('connection:resume', { connection }))).code, 'denied', person)
    }
  })
})
