// Who may decide, and what a step will do: told by the same decision as the door's, and compared here with what the door then does.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { at, listAt, textAt } from '../../../test/harness/acting.ts'
import { rowsOf } from '../../../test/harness/database.ts'
import { crossOver, inReview, sealedRun } from '../../../test/harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'

let h: Harness
let promotion: string
let operator: SignedIn
let reviewer: SignedIn
let deployer: SignedIn

before(async () => {
  h = await openStarter({ runsMax: 0 })
  operator = await signIn(h, 'operator')
  reviewer = await signIn(h, 'reviewer')
  deployer = await signIn(h, 'deployer')
  promotion = (await inReview(h, operator, (await sealedRun(h)).artifact)).id
})
after(() => h.close())

const deciders = async (as = reviewer) => as.act('promotion:deciders', { promotion })

/** What is told of one person. */
async function told(person: string): Promise<unknown> {
  return listAt(await deciders(), 'people').find((one) => at(one, 'person', 'id') === person)
}

const foreseen = async (step: string, as = reviewer) => as.act('promotion:foresee', { promotion, step })
const texts = (answer: unknown): string[] => listAt(answer, 'effects').map((one) => textAt(one, 'text'))

describe('promotion:deciders', () => {
  it('names the guardrail that holds somebody back, or the role that is missing', async () => {
    const both = await newPerson(h, 'both', 'reviewer')
    await grant(h, both.id, 'deployer')
    await grant(h, operator.id, 'reviewer')
    const { people } = h.starter
    assert.deepEqual(at(await told(reviewer.id), 'approve'), { may: true, because: 'Holds the role reviewer here.' })
    assert.deepEqual(at(await told(reviewer.id), 'cross'), { may: false, because: 'Does not hold the role deployer.' })
    assert.match(
      textAt(await told(operator.id), 'approve', 'because'),
      /^guardrail\/maker-is-not-reviewer: whoever had a hand in making something/,
    )
    assert.match(textAt(await told(operator.id), 'cross', 'because'), /guardrail\/maker-does-not-cross/)
    assert.equal(at(await told(operator.id), 'isMaker'), true)
    assert.deepEqual(at(await told(deployer.id), 'approve'), { may: false, because: 'Does not hold the role reviewer.' })
    assert.equal(at(await told(both.id), 'cross', 'may'), true, 'nobody reviewed yet')
    assert.equal(at(await told(people.owner), 'isMaker'), true)
    assert.equal(await told(people.auditor), undefined, 'whoever has neither a role nor a hand in it is not named')
  })

  it('says of a role that it does not reach: another scope, another environment, a grant that has ended', async () => {
    const elsewhere = await newPerson(h, 'elsewhere', 'reviewer', { scopeType: 'Twin', scope: h.starter.twins.assembly })
    const staging = await newPerson(h, 'staging-only', 'reviewer', { environments: [h.starter.environments.staging] })
    const ended = await newPerson(h, 'ended')
    const old = await grant(h, ended.id, 'reviewer')
    await (await signIn(h, 'admin')).act('grant:revoke', { grant: old, reason: 'It is over.' })
    for (const one of [elsewhere, staging]) assert.match(textAt(await told(one.id), 'approve', 'because'), /which does not reach this/)
    assert.equal(await told(ended.id), undefined)
  })

  it('says exactly what the door then does, for everybody that it names', async () => {
    const named = listAt(await deciders(), 'people')
    assert.ok(named.length >= 5)
    for (const slug of ['author', 'operator', 'deployer', 'owner', 'admin', 'auditor'] as const) {
      const one = named.find((person) => at(person, 'person', 'slug') === slug)
      if (at(one, 'approve', 'may') !== true) await refused((await signIn(h, slug)).act('promotion:approve', { promotion }), 'denied')
      if (at(one, 'cross', 'may') !== true) await refused((await signIn(h, slug)).act('promotion:cross', { promotion }), 'denied')
      else await refused((await signIn(h, slug)).act('promotion:cross', { promotion }), 'wrong_state')
    }
  })

  it('mints nothing and changes nothing, and says nothing of the ledger or of grants', async () => {
    const version = async () => rowsOf(h.twinlock, 'select version, state from promotion where id = $1', [promotion])
    const before = await version()
    for (const answer of [
      await deciders(),
      await foreseen('cross'),
      await foreseen('approve'),
      await reviewer.act('promotion:show', { promotion }),
    ])
      assert.equal(/ent_|grt_|tws_|ses_|"entry"/.test(JSON.stringify(answer)), false)
    assert.deepEqual(await version(), before)
  })

  it('is refused to roles that may not see the promotion, and to a clearance that does not reach it', async () => {
    for (const slug of ['admin', 'author', 'auditor', 'owner'] as const) {
      const { act } = await signIn(h, slug)
      await refused(act('promotion:deciders', { promotion }), 'denied')
      await refused(act('promotion:foresee', { promotion, step: 'cross' }), 'denied')
    }
    const low = await asSystem(h, 'starter')('person:create', {
      slug: 'low',
      name: 'Low',
      email: 'low@people.example',
      clearance: 'public',
    })
    await grant(h, String(low.id), 'reviewer')
    const approve = at(await told(String(low.id)), 'approve') // nobody approves what he may not see
    assert.equal(at(approve, 'may'), false)
    assert.match(String(at(approve, 'because')), /more sensitive than this clearance reaches/)
    await refused(operator.act('promotion:foresee', { promotion, step: 'destroy' }), 'invalid')
  })

  it('is not found for another organization', async () => {
    const theirs = await signIn(await strangerBeside(h), 'reviewer')
    await refused(theirs.act('promotion:deciders', { promotion }), 'not_found')
    await refused(theirs.act('promotion:foresee', { promotion, step: 'approve' }), 'not_found')
  })
})

describe('promotion:foresee', () => {
  it('tells of an approval how many are missing after it, and that nothing changes in production yet', async () => {
    const answer = await foreseen('approve')
    assert.deepEqual([answer.isOpen, at(answer, 'you', 'may')], [true, true])
    assert.match(texts(answer).join(' '), /becomes approved.*Nothing changes in production/)
    assert.deepEqual(at(await foreseen('cross', deployer), 'isOpen'), false)
    assert.equal(at(await foreseen('approve', deployer), 'you', 'may'), false)
  })

  it('says what rejecting ends and keeps', async () => {
    assert.match(texts(await foreseen('reject')).join(' '), /ends here.*stays where it is/)
  })

  it('says that whoever approved has approved, and then may not cross', async () => {
    await reviewer.act('promotion:approve', { promotion })
    assert.deepEqual(at(await told(reviewer.id), 'decided'), 'approved')
    assert.match(textAt(await told(reviewer.id), 'approve', 'because'), /Has approved this version already/)
    assert.match(textAt(await told(reviewer.id), 'cross', 'because'), /guardrail\/reviewer-is-not-deployer/)
    assert.match(textAt(await deciders(), 'now', 'cross', 'because'), /It is approved/)
  })

  it('tells what crossing will create, narrow, move and end; and crossing then does that', async () => {
    const answer = await foreseen('cross', deployer)
    assert.deepEqual([answer.isOpen, at(answer, 'you', 'may'), answer.stops], [true, true, []])
    const creates = listAt(answer, 'effects').filter((one) => at(one, 'does') === 'creates')
    assert.match(textAt(creates[0], 'text'), /^spiffe:\/\/production\..*\/service\/payments-settler becomes active until /)
    const rules = Number(at(creates[1], 'count'))
    assert.match(texts(answer).join(' '), /The channel payments@production moves from nothing to art_/)
    await crossOver(h, deployer, promotion)
    const rows = await rowsOf(h.twinlock, 'select number from permission where origin_id = $1', [promotion])
    assert.equal(rows.length, rules)
    assert.equal(at(await foreseen('cross', deployer), 'isOpen'), false)
  })

  it('tells what a roll back will end and what it does not undo; and the roll back answers the same', async () => {
    const told = await foreseen('roll-back', deployer)
    assert.match(texts(told).join(' '), /points at nothing/)
    const ends = listAt(told, 'effects').find((one) => at(one, 'does') === 'ends')
    const done = await deployer.act('promotion:roll-back', { promotion, reason: 'To see.' })
    assert.deepEqual([done.tokensEnded, done.channelNow], [at(ends, 'count'), null])
    assert.deepEqual(done.notUndone, told.notUndone)
  })

  it('names what of the gate would stop a crossing now', async () => {
    const other = (await inReview(h, operator, (await sealedRun(h)).artifact)).id
    await (await signIn(h, 'admin')).act('person:offboard', { person: h.starter.people.owner })
    const answer = await deployer.act('promotion:foresee', { promotion: other, step: 'cross' })
    assert.ok(listAt(answer, 'stops').some((one) => at(one, 'name') === 'owner'))
    const left = listAt(await reviewer.act('promotion:deciders', { promotion: other }), 'people').find(
      (one) => at(one, 'person', 'slug') === 'owner',
    )
    assert.deepEqual(at(left, 'approve'), { may: false, because: 'Has left.' })
  })
})
