// Domains on a terminal: what to set in DNS can be copied from there, and what became of it is said.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

let one: FakeTwinlock | undefined
after(() => one?.stop())

const record = (name: string) => ({ name: `_twinlock.${name}`, type: 'TXT', value: `twinlock-domain-verification=${'k'.repeat(32)}` })
const domain = (name: string, more: object) => ({
  id: fakeId('dom', 1),
  name,
  sso: fakeId('sso', 1),
  state: 'verified',
  verifiedAt: '2026-10-01T00:00:00.000Z',
  checkedAt: '2026-10-21T12:00:00.000Z',
  missingSince: null,
  lapsesAt: null,
  record: record(name),
  ...more,
})
const claimed = domain('new.example', { state: 'claimed', verifiedAt: null, checkedAt: null })

test('domains are listed each with the record to publish, whole, and with what became of it', async () => {
  const missing = { missingSince: '2026-11-21T12:00:00.000Z', lapsesAt: '2026-12-04T12:00:00.000Z' }
  const items = [
    claimed,
    domain('well.example', {}),
    domain('gone.example', missing),
    domain('over.example', { state: 'lapsed', missingSince: '2026-10-01T12:00:00.000Z' }),
  ]
  one = await startFake({ 'domain:list': () => ({ items, next: null }), 'domain:claim': () => claimed, 'domain:verify': () => items[1] })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
  const { out, exit } = await one.run('domain', 'list')
  assert.equal(exit, 0)
  for (const { name } of items) {
    assert.match(out, new RegExp(`^ {2}record +_twinlock\\.${name} {2}TXT$`, 'm'))
    assert.ok(out.includes(record(name).value))
  }
  assert.match(out, /^new\.example {2}claimed, not proved yet$/m)
  assert.match(out, /^well\.example {2}proved 2026-10-01 00:00:00Z$/m)
  assert.match(out, /^gone\.example {2}proved 2026-10-01 00:00:00Z, its record is missing$/m)
  assert.match(out, /lapses +2026-12-04 12:00:00Z \(12 days left\)/)
  assert.match(out, /^over\.example {2}lapsed: nobody is linked or added by it$/m)
})

test('a claim says the record and the command that comes next; a proved domain asks for nothing more', async () => {
  const made = await one?.run('domain', 'claim', '--name', 'new.example', '--sso', fakeId('sso', 1))
  assert.match(made?.out ?? '', /value {3}twinlock-domain-verification=k+$/m)
  assert.match(made?.err ?? '', /twinlock domain verify new\.example/)
  const proved = await one?.run('domain', 'verify', fakeId('dom', 1))
  assert.match(proved?.out ?? '', /^well\.example {2}proved/)
  assert.doesNotMatch(proved?.err ?? '', /domain verify/)
})
