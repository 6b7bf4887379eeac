import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { test } from 'node:test'
import { XMLParser } from 'fast-xml-parser'
import { createPicture } from '../sensors/picture.ts'
import { cube, floor, sceneOf } from '../sensors/scene-for-tests.ts'
import { buildVisualWorld } from '../sensors/visual-world.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { bodyColour, ContactSheet, depthColour } from './contact-sheet.ts'
import { buildGltf } from './gltf.ts'
import { type DriveOnMap, drawMap, escapeText } from './svg-map.ts'

const nothing: DriveOnMap = { title: 't', subtitle: '', path: [], believed: [], people: [], goals: [], moments: [] }

interface Gltf {
  readonly asset: { readonly version: string }
  readonly scene: number
  readonly scenes: readonly { readonly nodes: readonly number[] }[]
  readonly nodes: readonly { readonly mesh?: number; readonly children?: readonly number[]; readonly extras?: { readonly class: string } }[]
  readonly meshes: readonly {
    readonly primitives: readonly {
      readonly attributes: { readonly POSITION: number; readonly NORMAL: number }
      readonly indices: number
      readonly material: number
    }[]
  }[]
  readonly materials: readonly object[]
  readonly accessors: readonly {
    readonly bufferView: number
    readonly componentType: number
    readonly count: number
    readonly type: string
    readonly min?: readonly number[]
    readonly max?: readonly number[]
  }[]
  readonly bufferViews: readonly { readonly byteOffset: number; readonly byteLength: number }[]
  readonly buffers: readonly { readonly byteLength: number; readonly uri: string }[]
}

test('a scene as glTF holds together: every reference exists, every index is in range, bounds are those of the data', () => {
  const world = buildVisualWorld(generateWarehouse({ rackRows: 1, baysPerRow: 1 }).scene)
  const gltf: Gltf = JSON.parse(JSON.stringify(buildGltf(world)))
  assert.equal(gltf.asset.version, '2.0')
  const bytes = Buffer.from(gltf.buffers[0]?.uri.split(',')[1] ?? '', 'base64')
  assert.equal(bytes.length, gltf.buffers[0]?.byteLength)
  const read = (
    index: number,
  ): { readonly count: number; readonly values: Float32Array | Uint32Array; readonly max: readonly number[] } => {
    const accessor = gltf.accessors[index]
    const view = gltf.bufferViews[accessor?.bufferView ?? -1]
    assert.ok(accessor && view && view.byteOffset % 4 === 0 && view.byteOffset + view.byteLength <= bytes.length)
    const slice = bytes.buffer.slice(bytes.byteOffset + view.byteOffset, bytes.byteOffset + view.byteOffset + view.byteLength)
    const values = accessor.componentType === 5126 ? new Float32Array(slice) : new Uint32Array(slice)
    assert.equal(values.length, accessor.count * (accessor.type === 'VEC3' ? 3 : 1))
    return { count: accessor.count, values, max: accessor.max ?? [] }
  }
  for (const { primitives } of gltf.meshes) {
    for (const { attributes, indices, material } of primitives) {
      const positions = read(attributes.POSITION)
      assert.equal(read(attributes.NORMAL).count, positions.count)
      assert.ok(read(indices).values.every((index) => index < positions.count))
      assert.ok(gltf.materials[material])
      assert.equal(positions.max[2], Math.max(...Array.from(positions.values).filter((_, at) => at % 3 === 2)))
    }
  }
  const root = gltf.nodes[gltf.scenes[gltf.scene]?.nodes[0] ?? -1]
  assert.equal(root?.children?.length, gltf.nodes.length - 1)
  assert.ok(gltf.nodes.some(({ extras }) => extras?.class === 'rack'))
})

test('an empty scene is a glTF without meshes and a map without marks', () => {
  assert.equal('meshes' in buildGltf(buildVisualWorld(sceneOf([]))), false)
  assert.match(drawMap(sceneOf([]), nothing), /^<svg[\s\S]*<\/svg>\n$/)
})

test('a map is well-formed and shows walls, path, people, goals and moments', () => {
  const { scene } = generateWarehouse({ rackRows: 1, baysPerRow: 2 })
  const svg = drawMap(scene, {
    ...nothing,
    path: [
      [1, 1],
      [2, 3],
      [4, 3],
    ],
    believed: [
      [1, 1],
      [2, 3.1],
    ],
    people: [
      {
        name: 'anna',
        track: [
          [5, 5],
          [6, 6],
        ],
      },
    ],
    goals: [{ name: 'dock', x: 4, y: 3 }],
    moments: [{ at: [2, 3], seconds: 4.25, text: 'touches a box', kind: 'bad' }],
  })
  assert.ok(new XMLParser().parse(svg, true).svg)
  for (const wanted of ['wall south (wall)', 'rack 1 (rack)', '>dock<', 'anna', '4.3 s: touches a box'])
    assert.ok(svg.includes(wanted), wanted)
})

test('names from outside cannot become markup, nor leave the map by way of NaN', () => {
  const evil = '</title><script>alert(1)</script>'
  const svg = drawMap(sceneOf([floor, cube(2, 1, 1, 0, 1)]), {
    ...nothing,
    title: evil,
    goals: [{ name: evil, x: 0, y: 0 }],
    path: [
      [Number.NaN, 0],
      [0, 0],
      [1, 1],
    ],
    moments: [{ at: [0, 0], seconds: 1, text: evil, kind: 'note' }],
  })
  assert.ok(!svg.includes('<script'))
  assert.ok(!svg.includes('NaN'))
  assert.equal(escapeText('a\u0000<b>&"'), 'a &lt;b&gt;&amp;&quot;')
})

test('a contact sheet grows by rows of picture, depth and bodies, and takes one size of picture', () => {
  const sheet = new ContactSheet()
  const picture = createPicture(40, 20)
  picture.rgb.fill(200)
  picture.depth.fill(3)
  picture.instances.fill(9)
  for (let i = 0; i < 3; i++) sheet.offer(picture, 1)
  const { width, height, pixels } = sheet.build(2)
  assert.deepEqual([width, height], [2 * (3 * 20 + 18) + 6, 2 * 16 + 6])
  const at = (x: number, y: number): number[] => [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
  assert.deepEqual(at(10, 10), [200, 200, 200])
  assert.deepEqual(at(6 + 26 + 5, 10), [...depthColour(3, 3)])
  assert.deepEqual(at(6 + 52 + 5, 10), [...bodyColour(9)])
  assert.throws(() => sheet.offer(createPicture(10, 10), 1), { code: 'value/out-of-range' })
})

test('a contact sheet shows the whole drive: full, it keeps of two neighbours the one that shows more', () => {
  const sheet = new ContactSheet(4)
  const picture = createPicture(4, 4)
  const worth = [0, 3, 1, 1, 2, 9, 0, 0, 5, 4]
  for (const [i, value] of worth.entries()) {
    picture.rgb.fill(i)
    sheet.offer(picture, value)
    assert.ok(sheet.count <= 4)
  }
  const { width, pixels } = sheet.build(1)
  const shown = Array.from({ length: sheet.count }, (_, row) => pixels[((6 + row * 8) * width + 6) * 3])
  assert.deepEqual(shown, [1, 5, 8])
})

test('far is darker than near, and nothing is black', () => {
  const light = ([r, g, b]: readonly [number, number, number]): number => r + g + b
  assert.ok(light(depthColour(1, 20)) > light(depthColour(10, 20)) && light(depthColour(10, 20)) > light(depthColour(20, 20)))
  assert.deepEqual(depthColour(0, 20), [0, 0, 0])
})
