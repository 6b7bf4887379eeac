import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cell } from '../control/occupancy-grid.ts'
import { EngineError } from '../errors.ts'
import { bundleSource, type FileSource } from './file-source.ts'
import { readMap, readPgm } from './pgm-map.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const binary = (header: string, pixels: readonly number[]): Uint8Array => Uint8Array.from([...encode(header), ...pixels])
const source = (files: Readonly<Record<string, Uint8Array>>): FileSource => bundleSource(new Map(Object.entries(files)))
const picture = binary('P5\n# made by a mapper\n2 2\n255\n', [0, 254, 205, 254])
const yaml = 'image: map.pgm\nresolution: 0.5\norigin: [-1.0, 2.0, 0.0]\nnegate: 0\noccupied_thresh: 0.65\nfree_thresh: 0.196\n'

test('dark is occupied, light is free, grey is unknown, and the first row of the picture is the highest', () => {
  const { grid, warnings } = readMap(source({ 'm/map.yaml': encode(yaml), 'm/map.pgm': picture }), 'm/map.yaml')
  assert.deepEqual([...grid.cells], [cell.unknown, cell.free, cell.occupied, cell.free])
  assert.deepEqual([grid.originX, grid.originY, grid.resolution, warnings.length], [-1, 2, 0.5, 0])
})

test('text pictures, wide samples and negated maps are read', () => {
  assert.deepEqual([...readPgm(encode('P2\n2 1\n15\n0 15\n'), 'a.pgm').pixels], [0, 255])
  assert.deepEqual([...readPgm(binary('P5 1 1 65535\n', [255, 255]), 'a.pgm').pixels], [255])
  const { grid } = readMap(source({ 'map.yaml': encode(yaml.replace('negate: 0', 'negate: 1')), 'map.pgm': picture }), 'map.yaml')
  assert.deepEqual([...grid.cells], [cell.occupied, cell.occupied, cell.free, cell.occupied])
})

test('when the named picture is not there, the only one beside it serves, with a warning', () => {
  const named = encode(yaml.replace('map.pgm', 'map_rotated.png'))
  assert.equal(readMap(source({ 'map.yaml': named, 'map.pgm': picture }), 'map.yaml').warnings[0]?.code, 'ignored-file')
  assert.throws(() => readMap(source({ 'map.yaml': named }), 'map.yaml'), code('map/malformed'))
  assert.throws(() => readMap(source({ 'map.yaml': named, 'a.pgm': picture, 'b.pgm': picture }), 'map.yaml'), code('map/malformed'))
})

test('broken maps are refused: cut off, too large, not a picture, turned, without resolution', () => {
  assert.throws(() => readPgm(binary('P5\n9 9\n255\n', [0]), 'a.pgm'), code('map/malformed'))
  assert.throws(() => readPgm(encode('P5\n100000 100000\n255\n'), 'a.pgm'), code('map/too-large'))
  assert.throws(() => readPgm(encode('P6\n1 1\n255\n000'), 'a.pgm'), code('map/malformed'))
  assert.throws(() => readPgm(encode('P2\n1 1\n15\n99\n'), 'a.pgm'), code('map/malformed'))
  assert.throws(() => readPgm(encode('P5\n0 1\n255\n'), 'a.pgm'), code('map/malformed'))
  const bad = (from: string, to: string) => (): unknown =>
    readMap(source({ 'map.yaml': encode(yaml.replace(from, to)), 'map.pgm': picture }), 'map.yaml')
  assert.throws(bad('0.0]', '0.7]'), code('map/malformed'))
  assert.throws(bad('resolution: 0.5', ''), code('value/missing'))
  assert.throws(bad('-1.0', 'nan'), code('value/not-finite'))
})
