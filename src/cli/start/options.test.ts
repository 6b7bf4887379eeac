// What a start is asked for: by the line, else by the environment. Whatever is not understood stops the start before anything else begins.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStartOptions } from './options.ts'

const usual = {
  empty: false,
  port: 8484,
  baseUrl: 'http://127.0.0.1:8484',
  isByName: false,
  verbose: false,
  rotate: [],
  organizations: [],
}

test('a start without words is the usual one; the line goes before the environment', () => {
  assert.deepEqual(readStartOptions([], {}), usual)
  assert.deepEqual(readStartOptions(['--empty', '--verbose'], {}), { ...usual, empty: true, verbose: true })
  const elsewhere = { TWINLOCK_PORT: '9000', TWINLOCK_BASE_URL: 'https://twinlock.example' }
  assert.deepEqual(readStartOptions([], elsewhere), { ...usual, port: 9000, baseUrl: 'https://twinlock.example' })
  const said = readStartOptions(['--port', '9001', '--base-url', 'http://localhost:9001'], elsewhere)
  assert.deepEqual(said, { ...usual, port: 9001, baseUrl: 'http://localhost:9001', isByName: true })
  for (const word of ['--help', '-h']) assert.equal(readStartOptions([word], {}), 'help')
})

test('sides and further organizations may be named several times', () => {
  const read = readStartOptions(['--rotate', 'ledger', '--rotate', 'production', '--organization', 'one', '--organization', 'two-2'], {})
  assert.deepEqual(read, { ...usual, rotate: ['ledger', 'production'], organizations: ['one', 'two-2'] })
})

test('what is not understood is told, and starts nothing', () => {
  const told: readonly (readonly [readonly string[], RegExp])[] = [
    [['--port', '0'], /^A port is/],
    [['--port', '65536'], /^A port is/],
    [['--port', '84.5'], /^A port is/],
    [['--port', ''], /^A port is/],
    [['--rotate', 'production', '--rotate', 'both'], /^A side is one of simulation, production, ledger\.$/],
    [['--organization', 'Upper'], /^An organization’s short name/],
    [['--organization', 'ends-'], /^An organization’s short name/],
    [['--organization', 'a'.repeat(41)], /^An organization’s short name/],
    [['--base-url', 'http://twinlock.example'], /^Without TLS/],
    [['--fast'], /--fast/],
    [['now'], /now/],
  ]
  for (const [args, sentence] of told) {
    const read = readStartOptions(args, {})
    assert.match(typeof read === 'object' && 'wrong' in read ? read.wrong : 'it is understood', sentence, args.join(' '))
  }
  assert.deepEqual(readStartOptions([], { TWINLOCK_PORT: 'none' }), { wrong: 'A port is a whole number from 1 to 65535.' })
})
