// A preview of a run, compared with what the launch and the broker then decide.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt, textAt } from '../../../test/harness/acting.ts'
import { rowsOf } from '../../../test/harness/database.ts'
import { launch, takeUp } from '../../../test/harness/live-run.ts'
import { refused, type SignedIn, signIn } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'

let h: Harness
let operator: SignedIn
let author: SignedIn
let asked: string

const manifest = {
  connections: [
    { connection: 'accounts-data', allow: [{ methods: ['GET', 'DELETE'], path: '/accounts' }] },
    { connection: 'nowhere', allow: [{ methods: ['GET'], path: '/*' }] },
  ],
}

before(async () => {
  h = await openStarter({ runsMax: 0 })
  operator = await signIn(h, 'operator')
  author = await signIn(h, 'author')
  asked = String((await author.act('scenario:publish', { twin: h.starter.twins.payments, slug: 'asks-too-much', manifest })).id)
})
after(() => h.close())

const preview = (scenario: string, as = operator, environment: string = h.starter.environments.staging) =>
  as.act('scenario:preview', { scenario, environment })
const verdicts = (answer: unknown) =>
  listAt(answer, 'items').map((one) => `${at(one, 'method')} ${at(one, 'connection')}${at(one, 'path')} ${at(one, 'verdict')}`)

describe('scenario:preview', () => {
  it('says of each call whether it would be allowed, and why not', async () => {
    const answer = await preview(asked)
    assert.deepEqual(verdicts(answer), [
      'GET accounts-data/accounts allowed',
      'DELETE accounts-data/accounts denied',
      'GET nowhere/* not_available',
    ])
    assert.match(textAt(answer, 'items', 1, 'because'), /guardrail\/read-connection-is-only-read: a connection for reading is only read/)
    assert.match(textAt(answer, 'items', 2, 'because'), /has no connection of this name/)
  })

  it('says whether the launch is allowed, and the launch then agrees', async () => {
    const stopped = await preview(asked)
    assert.deepEqual([at(stopped, 'launch', 'isAllowed'), at(stopped, 'launch', 'you', 'may')], [false, true])
    const { code } = await refused(operator.act('run:launch', { scenario: asked, environment: h.starter.environments.staging }), /./)
    assert.equal(at(stopped, 'launch', 'stops', 0, 'code'), code)
    const free = await preview(h.starter.scenario)
    assert.deepEqual([at(free, 'launch', 'isAllowed'), at(free, 'launch', 'stops')], [true, []])
    assert.ok(verdicts(free).length > 0 && verdicts(free).every((one) => one.endsWith(' allowed')))
    const run = await takeUp(h, await launch(h))
    assert.equal((await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })).status, 200)
  })

  it('says who may not launch, and names the guardrail of production', async () => {
    const seen = await preview(h.starter.scenario, author)
    assert.deepEqual(
      [at(seen, 'launch', 'isAllowed'), at(seen, 'launch', 'you')],
      [false, { may: false, because: 'Does not hold the role operator.' }],
    )
    const there = await preview(h.starter.scenario, await signIn(h, 'reviewer'), h.starter.environments.production)
    assert.match(textAt(there, 'launch', 'you', 'because'), /guardrail\/no-simulation-in-production/)
    await refused(preview(h.starter.scenario, operator, h.starter.environments.production), 'denied')
    assert.ok(verdicts(there).every((one) => one.endsWith(' not_available')))
  })

  it('makes no run and mints nothing', async () => {
    const counts = () =>
      rowsOf(
        h.twinlock,
        `select (select count(*) from run) as runs, (select count(*) from permission) as rules, (select count(*) from credential) as tokens`,
      )
    const before = await counts()
    await preview(h.starter.scenario)
    assert.deepEqual(await counts(), before)
  })

  it('is refused to roles and clearances that may not read the scenario, and not found elsewhere', async () => {
    for (const slug of ['admin', 'deployer', 'auditor', 'owner'] as const) await refused(preview(asked, await signIn(h, slug)), 'denied')
    const theirs = await signIn(await strangerBeside(h), 'operator')
    await refused(theirs.act('scenario:preview', { scenario: asked, environment: h.starter.environments.staging }), 'not_found')
    await refused(operator.act('scenario:preview', { scenario: asked, environment: `env_${'0'.repeat(26)}` }), 'not_found')
  })

  it('says that nothing runs any more of a twin that is retired', async () => {
    await author.act('twin:retire', { twin: h.starter.twins.payments })
    assert.equal(at(await preview(h.starter.scenario), 'launch', 'stops', 0, 'code'), 'twin_retired')
  })
})
