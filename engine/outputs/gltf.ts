// A scene as glTF 2.0 (Khronos specification 2.0.1) with its buffers inside: what the camera draws, one node per body, colours as materials.
// glTF has Y up and our worlds Z up, so one root node turns everything.

import { Buffer } from 'node:buffer'
import { classLabels } from '../scene/scene.ts'
import type { Geometry, PartRange } from '../sensors/geometry.ts'
import type { VisualWorld } from '../sensors/visual-world.ts'
import { joinBytes } from './png.ts'

const floatType = 5126
const uint32Type = 5125
const vertexTarget = 34_962
const indexTarget = 34_963
const generator = 'twin engine'

interface Buffers {
  readonly chunks: Uint8Array[]
  readonly bufferViews: object[]
  readonly accessors: object[]
  bytes: number
}

/** The glTF document, as an object for JSON. */
export function buildGltf(world: VisualWorld): object {
  const { drawn, scene, surfaces } = world
  const buffers: Buffers = { chunks: [], bufferViews: [], accessors: [], bytes: 0 }
  const meshes: object[] = []
  const nodes: object[] = []
  for (const part of drawn.parts) {
    if (part.triangleFrom === part.triangleTo) continue
    const body = scene.bodies[part.bodyIndex]
    if (body === undefined) continue
    nodes.push({
      name: body.name,
      mesh: meshes.length,
      translation: [body.pose.position.x, body.pose.position.y, body.pose.position.z],
      rotation: [body.pose.rotation.x, body.pose.rotation.y, body.pose.rotation.z, body.pose.rotation.w],
      extras: { class: classLabels[part.classId - 1] ?? 'other', instance: part.instanceId },
    })
    meshes.push({ name: body.name, primitives: primitives(drawn, part, buffers) })
  }
  // A quarter turn about X takes Z to Y.
  const root = { name: 'z up', rotation: [-Math.SQRT1_2, 0, 0, Math.SQRT1_2], children: nodes.map((_, index) => index) }
  const bytes = joinBytes(buffers.chunks)
  return {
    asset: { version: '2.0', generator },
    scene: 0,
    scenes: [{ name: scene.name, nodes: [nodes.length] }],
    nodes: [...nodes, nodes.length === 0 ? { name: 'z up' } : root],
    ...(nodes.length === 0 ? {} : { meshes, accessors: buffers.accessors, bufferViews: buffers.bufferViews }),
    ...(nodes.length === 0 ? {} : { materials: surfaces.map(material) }),
    ...(nodes.length === 0
      ? {}
      : { buffers: [{ byteLength: bytes.length, uri: `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}` }] }),
  }
}

function material(surface: VisualWorld['surfaces'][number], index: number): object {
  const { red, green, blue, glow, gloss } = surface
  return {
    name: `${surface.texture.name} ${index}`,
    pbrMetallicRoughness: {
      baseColorFactor: [Math.min(1, red), Math.min(1, green), Math.min(1, blue), 1],
      metallicFactor: 0,
      roughnessFactor: gloss > 0 ? 0.5 : 0.85,
    },
    ...(glow > 0 ? { emissiveFactor: [1, 1, 1] } : {}),
  }
}

/** One primitive per material; all share the part's vertices. */
function primitives(geometry: Geometry, part: PartRange, buffers: Buffers): object[] {
  const slice = (source: Float64Array): Float32Array => Float32Array.from(source.subarray(part.vertexFrom * 3, part.vertexTo * 3))
  const positions = slice(geometry.positions)
  const position = accessor(buffers, positions, { count: part.vertexTo - part.vertexFrom, type: 'VEC3', ...extremes(positions) })
  const normal = accessor(buffers, slice(geometry.normals), { count: part.vertexTo - part.vertexFrom, type: 'VEC3' })
  const byMaterial = new Map<number, number[]>()
  for (let t = part.triangleFrom; t < part.triangleTo; t++) {
    const list = byMaterial.get(geometry.materials[t] ?? 0) ?? []
    for (let k = 0; k < 3; k++) list.push((geometry.indices[t * 3 + k] ?? 0) - part.vertexFrom)
    byMaterial.set(geometry.materials[t] ?? 0, list)
  }
  return [...byMaterial].map(([number, indices]) => ({
    attributes: { POSITION: position, NORMAL: normal },
    indices: accessor(buffers, Uint32Array.from(indices), { count: indices.length, type: 'SCALAR' }),
    material: number,
    mode: 4,
  }))
}

function extremes(positions: Float32Array): { readonly min: readonly number[]; readonly max: readonly number[] } {
  const min = [Infinity, Infinity, Infinity]
  const max = [-Infinity, -Infinity, -Infinity]
  for (const [at, value] of positions.entries()) {
    min[at % 3] = Math.min(min[at % 3] ?? value, value)
    max[at % 3] = Math.max(max[at % 3] ?? value, value)
  }
  return { min, max }
}

/** Adds an array to the buffer; answers the accessor's number. Every element is four bytes, so everything stays aligned. */
function accessor(buffers: Buffers, data: Float32Array | Uint32Array, facts: object): number {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const isIndex = data instanceof Uint32Array
  buffers.bufferViews.push({ buffer: 0, byteOffset: buffers.bytes, byteLength: bytes.length, target: isIndex ? indexTarget : vertexTarget })
  buffers.chunks.push(bytes)
  buffers.bytes += bytes.length
  buffers.accessors.push({ bufferView: buffers.bufferViews.length - 1, componentType: isIndex ? uint32Type : floatType, ...facts })
  return buffers.accessors.length - 1
}
