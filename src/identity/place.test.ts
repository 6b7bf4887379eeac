// What an address and a device's own word tell of where a session is used.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { familyOf, placeOf } from './place.ts'

it('tells this machine, private networks and the internet apart, and names no more than a neighbourhood', () => {
  const told: Record<string, [string, string | null]> = {
    '127.0.0.1': ['this_machine', null],
    '::1': ['this_machine', null],
    '::ffff:127.0.0.1': ['this_machine', null],
    '10.1.2.3': ['private_network', '10.1.2.0/24'],
    '172.31.9.9': ['private_network', '172.31.9.0/24'],
    '172.32.9.9': ['internet', '172.32.9.0/24'],
    '203.0.113.77': ['internet', '203.0.113.0/24'],
    'fd12:3456:789a:1::5': ['private_network', 'fd12:3456:789a::/48'],
    '2001:DB8:1:2::3': ['internet', '2001:db8:1::/48'],
  }
  for (const [address, [network, place]] of Object.entries(told)) assert.deepEqual(placeOf(address), { network, place }, address)
})

it('knows nothing of what is no address', () => {
  for (const address of [null, '', 'somewhere', '1.2.3', '300.1.1.1', '::', 'zz::1']) {
    assert.deepEqual(placeOf(address), { network: 'unknown', place: null }, String(address))
  }
})

it('names the family of a device by its own word', () => {
  assert.deepEqual(['Firefox on Linux', 'Chrome on macOS', 'Edge on Windows', 'twinlock 1.0', '', 'a toaster'].map(familyOf), [
    'Firefox',
    'Chrome',
    'Edge',
    'Command line',
    'Unknown',
    'Other',
  ])
})
