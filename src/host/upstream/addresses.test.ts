import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOfAddress, mayConnect } from './addresses.ts'

const refused = [
  ...[
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '168.63.129.16',
    '169.254.169.254',
    '169.254.170.2',
  ],
  ...[
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
  ],
  ...['203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::2', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '100::1', '5f00::1'],
  ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '0:0:0:0:0:ffff:a9fe:a9fe', '::127.0.0.1', '::ffff:0:127.0.0.1'],
  ...[
    '64:ff9b::8.8.8.8',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2001:0:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '3fff::1',
  ],
  ...['fe80::1%eth0', '::1%lo', '2606:4700::1111%1'],
  ...['', 'localhost', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '127.1', '127.0.0.1 ', '[::1]', '1.1.1.1.'],
]
const open = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00:1450::1',
]
const local = ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1']

test('addresses inside of networks, in other protocols’ clothes, or that are none are refused on every connection', () => {
  for (const address of refused) {
    assert.equal(kindOfAddress(address), 'refused', address)
    assert.equal(mayConnect(address, false) || mayConnect(address, true), false, address)
  }
})

test('public addresses are reached by connections to elsewhere alone', () => {
  for (const address of open)
    assert.deepEqual([kindOfAddress(address), mayConnect(address, false), mayConnect(address, true)], ['public', true, false], address)
})

test('loopback addresses are reached by connections to this machine alone', () => {
  for (const address of local)
    assert.deepEqual([kindOfAddress(address), mayConnect(address, false), mayConnect(address, true)], ['loopback', false, true], address)
})
