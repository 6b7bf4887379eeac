import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf, RefusalLimit } from './refusal-limit.ts'

function limit() {
  let now = 0
  const clock = { now: () => now, monotonic: () => now }
  const refusals = new RefusalLimit({ refusalsBurst: 3, refusalsPerMinute: 60 }, clock)
  return { refusals, pass: (milliseconds: number) => (now += milliseconds) }
}

test('an address is slowed down after its burst, and let in again as time passes', () => {
  const { refusals, pass } = limit()
  for (let count = 0; count < 3; count++) {
    assert.equal(refusals.waitSeconds('192.0.2.1', undefined), 0)
    refusals.refused('192.0.2.1')
  }
  assert.equal(refusals.waitSeconds('192.0.2.1', undefined), 1)
  assert.equal(refusals.waitSeconds('192.0.2.2', undefined), 0)
  pass(1_000)
  assert.equal(refusals.waitSeconds('192.0.2.1', undefined), 0)
})

test('a credential that was accepted lately goes through, and one that was not does not', () => {
  const { refusals, pass } = limit()
  refusals.accepted('Bearer good')
  for (let count = 0; count < 5; count++) refusals.refused('192.0.2.1')
  assert.equal(refusals.waitSeconds('192.0.2.1', 'Bearer good'), 0)
  assert.equal(refusals.waitSeconds('192.0.2.1', 'Bearer guessed'), 1)
  pass(600_000)
  for (let count = 0; count < 5; count++) refusals.refused('192.0.2.1')
  assert.equal(refusals.waitSeconds('192.0.2.1', 'Bearer good'), 1)
})

test('whoever has many addresses of one IPv6 network is one, and whoever fills the memory is forgotten first', () => {
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2::9'))
  assert.notEqual(networkOf('2001:db8:1:3::9'), networkOf('2001:db8:1:2::9'))
  assert.equal(networkOf('::1'), '0:0:0:0::/64')
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1')
  const { refusals } = limit()
  for (let count = 0; count < 5; count++) refusals.refused('192.0.2.1')
  for (let count = 0; count < 10_000; count++) refusals.refused(`10.${count >> 16}.${(count >> 8) & 255}.${count & 255}`)
  assert.equal(refusals.waitSeconds('192.0.2.1', undefined), 0)
})
