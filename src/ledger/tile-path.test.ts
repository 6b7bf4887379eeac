// One spelling for each tile, as the specification writes it, and no other.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTilePath, parseTilePath, type TileAddress } from './tile-path.ts'

const spellings: readonly [string, TileAddress][] = [
  ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
  ['tile/0/000', { level: 0, index: 0, width: 256 }],
  ['tile/1/999.p/255', { level: 1, index: 999, width: 255 }],
  ['tile/63/x001/000.p/1', { level: 63, index: 1000, width: 1 }],
  ['tile/entries/x273/000.p/112', { level: 'entries', index: 273_000, width: 112 }],
  ['tile/0/x009/x007/x199/x254/x740/991', { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }],
]

test('tile paths are written and read as the specification spells them', () => {
  for (const [path, address] of spellings) {
    assert.equal(formatTilePath(address), path)
    assert.deepEqual(parseTilePath(path), address)
  }
})

test('every other spelling of a tile is refused', () => {
  const wrong = [
    '',
    '/tile/0/000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000/',
    'tile/0/000\n',
    'tile/0/../000',
    'tile/data/000',
    'tile/entries/00a',
    'tile/0/x009/x007/x199/x254/x740/992',
    `tile/0/${'x001/'.repeat(20)}000`,
  ]
  for (const path of wrong) assert.throws(() => parseTilePath(path), { code: 'tile-path-malformed' }, path)
})

test('an address that no tile can have is not written', () => {
  const impossible: readonly TileAddress[] = [
    { level: 64, index: 0, width: 256 },
    { level: -1, index: 0, width: 256 },
    { level: 0, index: -1, width: 256 },
    { level: 0, index: 0.5, width: 256 },
    { level: 0, index: 0, width: 0 },
    { level: 0, index: 0, width: 257 },
  ]
  for (const address of impossible) assert.throws(() => formatTilePath(address), { code: 'tile-path-malformed' })
})
