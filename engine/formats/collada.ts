// COLLADA 1.4 meshes: geometry with triangles or polygons, placed by the nodes of the visual scene, in the file's unit and up
// axis, which are turned into metres and Z up. Materials, animations, cameras and skins are not shapes and are left out.

import { EngineError } from '../errors.ts'
import { cos, PI, sin } from '../math/trig.ts'
import { checkedMesh, checkTriangleCount, type TriangleMesh } from './mesh.ts'
import { numberFrom, numbersFrom } from './numbers.ts'
import { childOf, childrenOf, descend, parseXml, type XmlElement } from './xml.ts'

/** A 4 × 4 matrix, row by row, as COLLADA writes it. */
type Matrix = readonly number[]

const unit: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
const nodesMax = 10_000

const times = (a: Matrix, b: Matrix): Matrix =>
  unit.map((_, i) => {
    const [row, column] = [4 * Math.floor(i / 4), i % 4]
    return [0, 1, 2, 3].reduce((sum, k) => sum + (a[row + k] ?? 0) * (b[4 * k + column] ?? 0), 0)
  })

interface Geometry {
  readonly positions: readonly number[]
  readonly indices: readonly number[]
}

const toNumbers = (text: string, file: string): number[] =>
  text.trim() === ''
    ? []
    : text
        .trim()
        .split(/\s+/)
        .map((word) => numberFrom(word, file))
const local = (reference: string | undefined): string => (reference ?? '').replace(/^#/, '')

function positionsOf(mesh: XmlElement, file: string): number[] {
  const vertices = childOf(mesh, 'vertices')
  const input = childrenOf(vertices, 'input').find(({ attributes }) => attributes.semantic === 'POSITION')
  const source = childrenOf(mesh, 'source').find(({ attributes }) => attributes.id === local(input?.attributes.source))
  const accessor = descend(source, 'technique_common', 'accessor')
  const stride = accessor?.attributes.stride === undefined ? 3 : numberFrom(accessor.attributes.stride, file)
  const values = toNumbers(childOf(source, 'float_array')?.text ?? '', file)
  if (values.length === 0 || stride < 3) throw new EngineError('mesh/malformed', `\`${file}\` has a mesh without positions`, { file })
  return stride === 3 ? values : values.filter((_, i) => i % stride < 3)
}

/** How many words a text holds, without taking it apart. */
function wordCount(text: string): number {
  let count = 0
  let isInside = false
  for (let at = 0; at < text.length; at++) {
    const isWord = text.charCodeAt(at) > 32
    if (isWord && !isInside) count += 1
    isInside = isWord
  }
  return count
}

/** Vertex indices of one primitive, as triangles; polygons become fans. */
function trianglesOf(primitive: XmlElement, file: string): number[] {
  const inputs = childrenOf(primitive, 'input')
  const offsets = inputs.map(({ attributes }) => numberFrom(attributes.offset ?? '0', file))
  const stride = 1 + Math.max(0, ...offsets)
  const offset = offsets[inputs.findIndex(({ attributes }) => attributes.semantic === 'VERTEX')] ?? 0
  const corners = (list: XmlElement): number[] => toNumbers(list.text, file).filter((_, i) => i % stride === offset)
  const lists = childrenOf(primitive, 'p')
  // A file may state fewer than it holds. A triangle takes three corners at most, whatever the polygon that it comes from.
  checkTriangleCount(Math.floor(lists.reduce((sum, { text }) => sum + wordCount(text), 0) / stride / 3), file)
  if (primitive.name === 'triangles') return lists.flatMap(corners)
  const sizes =
    primitive.name === 'polylist' ? toNumbers(childOf(primitive, 'vcount')?.text ?? '', file) : lists.map((list) => corners(list).length)
  return fans(lists.flatMap(corners), sizes)
}

function fans(corners: readonly number[], sizes: readonly number[]): number[] {
  const triangles: number[] = []
  let start = 0
  for (const size of sizes) {
    for (let i = 1; i + 1 < size; i++) triangles.push(corners[start] ?? -1, corners[start + i] ?? -1, corners[start + i + 1] ?? -1)
    start += size
  }
  return triangles
}

function geometryOf(element: XmlElement, file: string): Geometry | null {
  const mesh = childOf(element, 'mesh')
  if (mesh === undefined) return null
  const primitives = mesh.children.filter(({ name }) => name === 'triangles' || name === 'polylist' || name === 'polygons')
  checkTriangleCount(
    primitives.reduce((sum, { attributes }) => sum + numberFrom(attributes.count ?? '0', file), 0),
    file,
  )
  const positions = positionsOf(mesh, file)
  const indices = primitives.flatMap((primitive) => trianglesOf(primitive, file))
  const vertices = positions.length / 3
  for (const index of indices)
    if (!(Number.isInteger(index) && index >= 0 && index < vertices))
      throw new EngineError('mesh/malformed', `\`${file}\` names vertex ${index} of ${vertices}`, { file })
  return { positions, indices }
}

function stepMatrix(step: XmlElement, file: string): Matrix | null {
  switch (step.name) {
    case 'matrix':
      return numbersFrom(step.text, 16, file)
    case 'translate': {
      const [x = 0, y = 0, z = 0] = numbersFrom(step.text, 3, file)
      return [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1]
    }
    case 'scale': {
      const [x = 1, y = 1, z = 1] = numbersFrom(step.text, 3, file)
      return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1]
    }
    case 'rotate':
      return rotation(numbersFrom(step.text, 4, file))
    default:
      return null
  }
}

function rotation([x = 0, y = 0, z = 1, degrees = 0]: readonly number[]): Matrix {
  const size = Math.sqrt(x * x + y * y + z * z) || 1
  const [a, b, c] = [x / size, y / size, z / size]
  const [co, si] = [cos((degrees * PI) / 180), sin((degrees * PI) / 180)]
  const k = 1 - co
  const [r0, r1] = [co + a * a * k, a * b * k - c * si]
  return [
    r0,
    r1,
    a * c * k + b * si,
    0,
    b * a * k + c * si,
    co + b * b * k,
    b * c * k - a * si,
    0,
    c * a * k - b * si,
    c * b * k + a * si,
    co + c * c * k,
    0,
    0,
    0,
    0,
    1,
  ]
}

/** The matrix that turns the file's unit and up axis into metres and Z up. */
function worldMatrix(root: XmlElement, file: string): Matrix {
  const metre = descend(root, 'asset', 'unit')?.attributes.meter
  const m = metre === undefined ? 1 : numberFrom(metre, file)
  if (!(m > 1e-9 && m < 1e6)) throw new EngineError('value/out-of-range', `\`${file}\` has a unit of ${m} m`, { file })
  const up = descend(root, 'asset', 'up_axis')?.text.trim() ?? 'Y_UP'
  if (up === 'Z_UP') return [m, 0, 0, 0, 0, m, 0, 0, 0, 0, m, 0, 0, 0, 0, 1]
  if (up === 'X_UP') return [0, -m, 0, 0, 0, 0, -m, 0, m, 0, 0, 0, 0, 0, 0, 1].map((v) => v + 0)
  return [m, 0, 0, 0, 0, 0, -m, 0, 0, m, 0, 0, 0, 0, 0, 1]
}

class Collector {
  readonly #file: string
  readonly #geometries: ReadonlyMap<string, Geometry | null>
  readonly #positions: number[] = []
  readonly #indices: number[] = []
  #nodes = 0

  constructor(file: string, geometries: ReadonlyMap<string, Geometry | null>) {
    this.#file = file
    this.#geometries = geometries
  }

  /** Adds a node and all below it. */
  walk(node: XmlElement, parent: Matrix): void {
    this.#nodes += 1
    if (this.#nodes > nodesMax)
      throw new EngineError('mesh/malformed', `\`${this.#file}\` has more than ${nodesMax} nodes`, { file: this.#file })
    const matrix = node.children.reduce((sum, step) => {
      const own = stepMatrix(step, this.#file)
      return own === null ? sum : times(sum, own)
    }, parent)
    for (const instance of childrenOf(node, 'instance_geometry'))
      this.#place(this.#geometries.get(local(instance.attributes.url)) ?? null, matrix)
    for (const child of childrenOf(node, 'node')) this.walk(child, matrix)
  }

  #place(geometry: Geometry | null, m: Matrix): void {
    if (geometry === null) return
    checkTriangleCount((this.#indices.length + geometry.indices.length) / 3, this.#file)
    const base = this.#positions.length / 3
    for (let i = 0; i + 2 < geometry.positions.length; i += 3) {
      const [x, y, z] = [geometry.positions[i] ?? 0, geometry.positions[i + 1] ?? 0, geometry.positions[i + 2] ?? 0]
      for (const r of [0, 4, 8]) this.#positions.push((m[r] ?? 0) * x + (m[r + 1] ?? 0) * y + (m[r + 2] ?? 0) * z + (m[r + 3] ?? 0))
    }
    for (const index of geometry.indices) this.#indices.push(base + index)
  }

  mesh(): TriangleMesh {
    return checkedMesh(Float32Array.from(this.#positions), Uint32Array.from(this.#indices), this.#file)
  }
}

/** What each primitive states, straight from the text: a mesh that is too large is refused before a parser takes it apart. */
function checkStatedCounts(text: string, file: string): void {
  let sum = 0
  for (const [, before, after] of text.matchAll(/<(?:triangles|polylist|polygons)\s(?:[^<>]*?\s)?count\s*=\s*(?:"(\d+)"|'(\d+)')/g))
    sum += Number(before ?? after)
  checkTriangleCount(sum, file)
}

/** Reads a COLLADA file as one mesh in metres, Z up. Throws `xml/…`, `mesh/…` and `value/…` codes. */
export function readCollada(text: string, file: string): TriangleMesh {
  checkStatedCounts(text, file)
  const root = parseXml(text, file)
  if (root.name !== 'COLLADA')
    throw new EngineError('mesh/unsupported-format', `\`${file}\` is not COLLADA: its root is <${root.name}>`, { file })
  const geometries = new Map<string, Geometry | null>()
  for (const library of childrenOf(root, 'library_geometries'))
    for (const element of childrenOf(library, 'geometry')) geometries.set(element.attributes.id ?? '', geometryOf(element, file))
  const collector = new Collector(file, geometries)
  const wanted = local(descend(root, 'scene', 'instance_visual_scene')?.attributes.url)
  const scenes = childrenOf(root, 'library_visual_scenes').flatMap((library) => childrenOf(library, 'visual_scene'))
  const scene = scenes.find(({ attributes }) => attributes.id === wanted) ?? scenes[0]
  const matrix = worldMatrix(root, file)
  for (const node of childrenOf(scene, 'node')) collector.walk(node, matrix)
  return collector.mesh()
}
