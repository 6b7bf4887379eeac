// What becomes of a domain whose DNS record goes away, with people who sign in through a real provider in this process.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, asPart, at, codeOf, listAt, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { client, type RealProvider, startProvider } from '../../../test/harness/openid-provider.ts'
import { openSigningIn, refusedWith, type SigningIn } from '../../../test/harness/signing-in.ts'
import { fail, newId } from '../../kernel/index.ts'

const name = '_twinlock.starter.example'
let s: SigningIn
let provider: RealProvider
let admin: Act
let sso: string
let isSilent = false

before(async () => {
  const replace = {
    textRecords: async (asked: string) => {
      if (isSilent) throw fail('domain_unproved', 'The DNS of this domain does not answer.')
      return s.records.get(asked) ?? []
    },
  }
  s = await openSigningIn({ replace })
  provider = await startProvider(s.url)
  for (const [who, email] of [
    ['u-admin', 'admin@starter.example'],
    ['u-reviewer', 'reviewer@starter.example'],
    ['u-new', 'new@starter.example'],
  ] as const)
    provider.people.set(who, { email, email_verified: true })
  admin = await s.world.as('admin')
  const how = { slug: 'corp', name: 'Corp', issuer: provider.issuer, clientId: client.id, secret: client.secret, provisions: true }
  sso = await s.connect(how, 'starter.example')
})
after(async () => {
  await s?.close()
  await provider?.close()
})

const recheck = () => asPart(s.world.twinlock.door, s.world.org, 'reaper')('domain:recheck')
/** Looks at everything once more, a day after the last look. */
async function nextDay() {
  await s.world.tamper(`update domain set checked_at = checked_at - interval '1 day' where checked_at is not null`)
  return recheck()
}
const shown = async () => listAt(await admin('domain:list', { sso }), 'items')[0] ?? assert.fail('there is one')
const told = async (act: Act) => listAt(await act('attention:list'), 'items').filter((one) => at(one, 'kind') === 'domain_proof_missing')
const signedIn = async (who: string, query = 'email=somebody@starter.example') => {
  provider.signsIn = who
  return s.signIn(query)
}
const personOf = async ({ browser }: Awaited<ReturnType<typeof signedIn>>) => textAt(await s.actOf(browser)('session:show'), 'id')

describe('a proved domain', () => {
  it('is looked at once a day, and stays as it is while its record is there', async () => {
    assert.deepEqual(await recheck(), { looked: 0, missing: [], lapsed: [], isMore: false }, 'it was looked at when it was proved')
    assert.deepEqual(await nextDay(), { looked: 1, missing: [], lapsed: [], isMore: false })
    assert.deepEqual(await recheck(), { looked: 0, missing: [], lapsed: [], isMore: false })
    assert.deepEqual([at(await shown(), 'state'), at(await shown(), 'missingSince'), await told(admin)], ['verified', null, []])
    assert.equal(await codeOf(admin('domain:recheck', {})), 'denied')
  })

  it('is told to administrators when its record is missing, with the day on which it lapses, and serves until then', async () => {
    const record = s.records.get(name) ?? []
    s.records.set(name, ['v=spf1 -all'])
    assert.equal(listAt(await nextDay(), 'missing').length, 1)
    const [item, ...others] = await told(admin)
    assert.deepEqual(others, [])
    const days = (Date.parse(textAt(item, 'until')) - s.world.clock.now()) / 86_400_000
    assert.ok(days > 12.9 && days <= 13, `${days} days are left`)
    assert.deepEqual([at(item, 'action'), at(item, 'title')], ['domain:verify', 'starter.example'])
    assert.equal(textAt(await shown(), 'lapsesAt'), textAt(item, 'until'))
    assert.deepEqual(await told(await s.world.as('operator')), [], 'whoever cannot mend it is told nothing')
    assert.equal(
      await personOf(await signedIn('u-reviewer')),
      s.world.starter.people.reviewer,
      'somebody is linked by it for the first time',
    )
    // DNS that says nothing at all is no proof either; a look at which the record is there again makes all of it good.
    isSilent = true
    assert.equal(listAt(await nextDay(), 'missing').length, 1)
    isSilent = false
    s.records.set(name, record)
    assert.deepEqual((await nextDay()).missing, [])
    assert.deepEqual([at(await shown(), 'missingSince'), await told(admin)], [null, []])
  })

  it('lapses after a fortnight of looks without it: nobody new comes in by it, and whoever is linked signs in as before', async () => {
    const record = s.records.get(name) ?? []
    s.records.set(name, [])
    for (let day = 1; day < 14; day++) assert.deepEqual((await nextDay()).lapsed, [], `day ${day}`)
    await s.world.tamper(`update domain set checked_at = checked_at - interval '40 days'`)
    assert.equal(at(await shown(), 'state'), 'verified', 'days on which nobody looked are none of them')
    assert.equal(listAt(await recheck(), 'lapsed').length, 1)
    assert.deepEqual([at(await shown(), 'state'), at(await shown(), 'lapsesAt')], ['lapsed', null])
    assert.match(textAt((await told(admin))[0], 'why'), /^This domain has lapsed/)
    assert.deepEqual(at(await admin('sso:show', { sso }), 'domains'), [])
    assert.equal(refusedWith((await signedIn('u-new')).location), 'sign_in_unmatched')
    assert.equal(refusedWith((await signedIn('u-admin')).location), 'sign_in_unmatched', 'who was never linked is no exception')
    assert.equal(await personOf(await signedIn('u-reviewer')), s.world.starter.people.reviewer, 'by his address, and by his subject')
    assert.deepEqual(await nextDay(), { looked: 0, missing: [], lapsed: [], isMore: false }, 'it does not come back by itself')
    s.records.set(name, record)
    assert.equal(at(await admin('domain:verify', { domain: at(await shown(), 'id') }), 'state'), 'verified')
    assert.deepEqual(await told(admin), [])
    assert.equal(await personOf(await signedIn('u-admin')), s.world.starter.people.admin)
  })

  it('can be proved by another organization once it has lapsed, which its addresses then lead to; and is not taken back from there', async () => {
    const { door, outside } = s.world.twinlock
    const org = newId('org', outside)
    const part = asPart(door, org, 'starter')
    await part('organization:create', { slug: 'heirs', name: 'Heirs' })
    const person = textAt(await part('person:create', { slug: 'heir', name: 'Heir', email: 'heir@heirs.example' }), 'id')
    await part('grant:create', { principal: person, role: 'admin', reason: 'A test needs it.' })
    const heir = actWith(door, await sessionOf(door, org, person))
    const how = { slug: 'x', name: 'X', issuer: provider.issuer, clientId: client.id, secret: client.secret, provisions: true }
    const claimed = await heir('domain:claim', { name: 'starter.example', sso: textAt(await heir('sso:create', how), 'id') })
    const before = s.records.get(name) ?? []
    s.records.set(name, [textAt(claimed, 'record', 'value')])
    const verify = () => heir('domain:verify', { domain: textAt(claimed, 'id') })
    assert.equal(await codeOf(verify()), 'domain_taken', 'it is the other one’s until it lapses')
    for (let day = 1; day <= 14; day++) await nextDay()
    assert.equal(at(await verify(), 'state'), 'verified')
    const newcomer = await s.actOf((await signedIn('u-new')).browser)('session:show')
    assert.equal(textAt(newcomer, 'organization'), org)
    assert.equal(await personOf(await signedIn('u-reviewer', 'organization=starter')), s.world.starter.people.reviewer)
    s.records.set(name, [...before, textAt(claimed, 'record', 'value')])
    assert.equal(await codeOf(admin('domain:verify', { domain: at(await shown(), 'id') })), 'domain_taken')
  })
})
