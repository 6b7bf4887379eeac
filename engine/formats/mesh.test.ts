import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { readCollada } from './collada.ts'
import { bundleSource } from './file-source.ts'
import { scaledMesh } from './mesh.ts'
import { MeshLibrary } from './mesh-library.ts'
import { readStl } from './stl.ts'

const code =
  (wanted: string) =>
  (error: unknown): boolean =>
    error instanceof EngineError && error.code === wanted
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

interface ColladaParts {
  readonly unit?: string
  readonly up?: string
  readonly node?: string
  readonly primitive?: string
  readonly positions?: string
}

const collada = ({
  unit = '1',
  up = 'Z_UP',
  node = '',
  primitive = '<triangles count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>',
  positions = '0 0 0 1 0 0 0 1 0',
}: ColladaParts): string =>
  `<COLLADA><asset><unit meter="${unit}"/><up_axis>${up}</up_axis></asset>
  <library_geometries><geometry id="g"><mesh>
    <source id="s"><float_array id="a">${positions}</float_array><technique_common><accessor stride="3"/></technique_common></source>
    <vertices id="v"><input semantic="POSITION" source="#s"/></vertices>${primitive}</mesh></geometry></library_geometries>
  <library_visual_scenes><visual_scene id="vs"><node>${node}<instance_geometry url="#g"/></node></visual_scene></library_visual_scenes>
  <scene><instance_visual_scene url="#vs"/></scene></COLLADA>`

const near = (mesh: { positions: Float32Array }, want: readonly number[]): void => {
  assert.equal(mesh.positions.length, want.length)
  for (const [i, value] of want.entries())
    assert.ok(Math.abs((mesh.positions[i] ?? 9) - value) < 1e-6, `${[...mesh.positions]} is not ${want}`)
}

test('COLLADA units and node matrices are applied, inner nodes after outer ones', () => {
  const matrix = '<matrix>1 0 0 100 0 1 0 0 0 0 1 50 0 0 0 1</matrix>'
  near(readCollada(collada({ unit: '0.01', node: matrix }), 'a.dae'), [1, 0, 0.5, 1.01, 0, 0.5, 1, 0.01, 0.5])
  const steps = '<translate>1 0 0</translate><rotate>0 0 1 90</rotate><scale>2 2 2</scale>'
  near(readCollada(collada({ node: steps }), 'a.dae'), [1, 0, 0, 1, 2, 0, -1, 0, 0])
})

test('Y up and X up files are turned to Z up', () => {
  near(readCollada(collada({ up: 'Y_UP', positions: '0 0 0 1 2 3 0 1 0' }), 'a.dae'), [0, 0, 0, 1, -3, 2, 0, 0, 1])
  near(readCollada(collada({ up: 'X_UP', positions: '0 0 0 1 2 3 0 1 0' }), 'a.dae'), [0, 0, 0, -2, -3, 1, -1, 0, 0])
})

test('polygons become fans, also with further inputs between the indices', () => {
  const primitive =
    '<polylist count="1"><input semantic="VERTEX" source="#v" offset="0"/><input semantic="NORMAL" offset="1"/><vcount>4</vcount><p>0 9 1 9 2 9 3 9</p></polylist>'
  const mesh = readCollada(collada({ primitive, positions: '0 0 0 1 0 0 1 1 0 0 1 0' }), 'a.dae')
  assert.deepEqual([...mesh.indices], [0, 1, 2, 0, 2, 3])
})

test('a mesh that states ten million triangles is refused before they are read', () => {
  const primitive = '<triangles count="10000000"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 2</p></triangles>'
  assert.throws(() => readCollada(collada({ primitive }), 'huge.dae'), code('mesh/too-many-triangles'))
  const unread = '<triangles material="m" count="10000000"><p>not read'
  assert.throws(() => readCollada(`<COLLADA>${unread}`, 'cut-off.dae'), code('mesh/too-many-triangles'))
  const header = new Uint8Array(84)
  new DataView(header.buffer).setUint32(80, 10_000_000, true)
  assert.throws(() => readStl(header, 'huge.stl'), code('mesh/too-many-triangles'))
})

test('a mesh that states fewer triangles than it holds is refused by what it holds, before its numbers are read', () => {
  const corners = 'NaN '.repeat(3 * 1_000_001)
  const primitive = `<triangles count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>${corners}</p></triangles>`
  assert.throws(() => readCollada(collada({ primitive }), 'liar.dae'), code('mesh/too-many-triangles'))
})

test('broken meshes are refused: missing vertices, NaN, no triangles, another format', () => {
  const primitive = '<triangles count="1"><input semantic="VERTEX" source="#v" offset="0"/><p>0 1 7</p></triangles>'
  assert.throws(() => readCollada(collada({ primitive }), 'a.dae'), code('mesh/malformed'))
  assert.throws(() => readCollada(collada({ positions: '0 0 0 NaN 0 0 0 1 0' }), 'a.dae'), code('value/not-finite'))
  assert.throws(() => readCollada(collada({ primitive: '' }), 'a.dae'), code('mesh/malformed'))
  assert.throws(() => readCollada(collada({ unit: '0' }), 'a.dae'), code('value/out-of-range'))
  assert.throws(() => readCollada('<svg/>', 'a.dae'), code('mesh/unsupported-format'))
})

test('STL is read as binary and as text, and refused when it is cut off', () => {
  const text = 'solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid'
  near(readStl(bytes(text), 'a.stl'), [0, 0, 0, 1, 0, 0, 0, 1, 0])
  const binary = new Uint8Array(84 + 50)
  const view = new DataView(binary.buffer)
  view.setUint32(80, 1, true)
  view.setFloat32(84 + 12 + 12, 2, true)
  near(readStl(binary, 'b.stl'), [0, 0, 0, 2, 0, 0, 0, 0, 0])
  assert.throws(() => readStl(binary.subarray(0, 100), 'c.stl'), code('mesh/malformed'))
  assert.throws(() => readStl(bytes('solid a vertex 1 2 3'), 'd.stl'), code('mesh/malformed'))
  assert.throws(() => readStl(bytes('solid a vertex 1 2 inf'), 'e.stl'), code('value/not-finite'))
  view.setFloat32(84 + 12, Number.NaN, true)
  assert.throws(() => readStl(binary, 'f.stl'), code('value/not-finite'))
})

test('the library scales, reads each file once, and refuses what is missing or of another kind', () => {
  const files = bundleSource(
    new Map([
      ['m/a.dae', bytes(collada({}))],
      ['m/a.obj', bytes('')],
    ]),
  )
  const library = new MeshLibrary(files)
  near(library.load('m/a.dae', [2, 1, 1]), [0, 0, 0, 2, 0, 0, 0, 1, 0])
  assert.equal(library.load('m/a.dae', [1, 1, 1]), library.load('m/a.dae', [1, 1, 1]))
  assert.throws(() => library.load('m/b.dae', [1, 1, 1]), code('mesh/missing'))
  assert.throws(() => library.load('m/a.obj', [1, 1, 1]), code('mesh/unsupported-format'))
  assert.throws(() => library.load('m/a.dae', [0, 1, 1]), code('value/out-of-range'))
})

test('a mirroring scale turns triangles around, so that they still face outwards', () => {
  const mesh = { positions: Float32Array.from([0, 0, 0, 1, 0, 0, 0, 1, 0]), indices: Uint32Array.from([0, 1, 2]) }
  assert.deepEqual([...scaledMesh(mesh, [-1, 1, 1]).indices], [0, 2, 1])
})
