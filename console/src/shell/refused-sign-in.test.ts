// What the server led a browser back with is read for what it says, and nothing else is believed: anybody can have written the address.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalIn } from './refused-sign-in.ts'

test('a refusal is read as the server writes it: its code, the request, and how long there is to wait', () => {
  const request = 'hrq_00000000000000000000000000'
  assert.deepEqual(refusalIn(`?refused=rate_limited&request=${request}&wait=15`), { code: 'rate_limited', request, waitSeconds: 15 })
  assert.deepEqual(refusalIn('?refused=not_found'), { code: 'not_found', request: undefined, waitSeconds: undefined })
  for (const none of ['', '?refused=', '?refused=No+code', '?wait=15']) assert.equal(refusalIn(none), undefined, none)
  assert.equal(refusalIn('?refused=internal&request=call+me')?.request, undefined)
})

test('the sign-in page believes no wait but a number of seconds within an hour', () => {
  const waitOf = (wait: string) => refusalIn(`?${new URLSearchParams({ refused: 'rate_limited', wait })}`)?.waitSeconds
  assert.deepEqual(['1', '59', '3600'].map(waitOf), [1, 59, 3_600])
  assert.deepEqual(['0', '-1', '3601', '99999', '1e3', 'call me', ''].map(waitOf), Array(7).fill(undefined))
})
