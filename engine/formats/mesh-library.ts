// Finds, reads and keeps the meshes that worlds and robots refer to: each file is read once however often it is used.

import { EngineError } from '../errors.ts'
import { readCollada } from './collada.ts'
import type { FileSource } from './file-source.ts'
import { scaledMesh, type TriangleMesh } from './mesh.ts'
import { readStl } from './stl.ts'

const bytesMax = 128 * 1024 * 1024

/** The meshes of one import. */
export class MeshLibrary {
  readonly #files: FileSource
  readonly #meshes = new Map<string, TriangleMesh>()

  constructor(files: FileSource) {
    this.#files = files
  }

  /** Whether a file is there. */
  has(path: string): boolean {
    return this.#meshes.has(path) || this.#files.list().includes(path)
  }

  /** The mesh in a file, in metres with the given scale. Throws `mesh/missing` when there is no such file. */
  load(path: string, scale: readonly [number, number, number]): TriangleMesh {
    const mesh = this.#meshes.get(path) ?? this.#read(path)
    this.#meshes.set(path, mesh)
    if (scale.includes(0)) throw new EngineError('value/out-of-range', `\`${path}\` is scaled to nothing`, { file: path })
    return scale.every((s) => s === 1) ? mesh : scaledMesh(mesh, scale)
  }

  #read(path: string): TriangleMesh {
    const bytes = this.#files.read(path)
    if (bytes === null) throw new EngineError('mesh/missing', `The mesh \`${path}\` is not there`, { file: path })
    if (bytes.byteLength > bytesMax)
      throw new EngineError('mesh/too-large', `\`${path}\` is ${bytes.byteLength} bytes; the limit is ${bytesMax}`, { file: path })
    const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
    if (extension === 'dae') return readCollada(new TextDecoder('utf-8').decode(bytes), path)
    if (extension === 'stl') return readStl(bytes, path)
    throw new EngineError('mesh/unsupported-format', `\`${path}\` is neither COLLADA (.dae) nor STL (.stl)`, { file: path })
  }
}
