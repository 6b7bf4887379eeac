// STL meshes, binary and text. STL has no unit: whoever refers to the file brings the scale.

import { EngineError } from '../errors.ts'
import { checkedMesh, checkTriangleCount, type TriangleMesh } from './mesh.ts'
import { numberFrom } from './numbers.ts'

const HEADER = 80
const FACET = 50

function readBinary(view: DataView, count: number, file: string): TriangleMesh {
  const positions = new Float32Array(count * 9)
  for (let facet = 0; facet < count; facet++) {
    const start = HEADER + 4 + facet * FACET + 12
    for (let i = 0; i < 9; i++) positions[facet * 9 + i] = view.getFloat32(start + 4 * i, true)
  }
  return checkedMesh(
    positions,
    Uint32Array.from({ length: count * 3 }, (_, i) => i),
    file,
  )
}

function readAscii(text: string, file: string): TriangleMesh {
  const values: number[] = []
  const vertex = /vertex\s+(\S+)\s+(\S+)\s+(\S+)/g
  for (let match = vertex.exec(text); match !== null; match = vertex.exec(text)) {
    for (const word of match.slice(1, 4)) values.push(numberFrom(word, file))
    checkTriangleCount(Math.floor(values.length / 9), file)
  }
  if (values.length % 9 !== 0) throw new EngineError('mesh/malformed', `\`${file}\` ends within a triangle`, { file })
  return checkedMesh(
    Float32Array.from(values),
    Uint32Array.from({ length: values.length / 3 }, (_, i) => i),
    file,
  )
}

/** Reads an STL file in its own unit. Throws `mesh/…` and `value/…` codes. */
export function readStl(bytes: Uint8Array, file: string): TriangleMesh {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stated = bytes.byteLength >= HEADER + 4 ? view.getUint32(HEADER, true) : -1
  const isText = new TextDecoder('latin1').decode(bytes.subarray(0, 5)).toLowerCase() === 'solid'
  if (isText && HEADER + 4 + stated * FACET !== bytes.byteLength) return readAscii(new TextDecoder('utf-8').decode(bytes), file)
  if (stated < 0) throw new EngineError('mesh/malformed', `\`${file}\` is too short for an STL mesh`, { file })
  checkTriangleCount(stated, file)
  if (HEADER + 4 + stated * FACET > bytes.byteLength)
    throw new EngineError('mesh/malformed', `\`${file}\` states ${stated} triangles and is too short for them`, { file })
  return readBinary(view, stated, file)
}
