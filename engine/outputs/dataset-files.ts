// The files of a dataset on their way out: counted and digested as they pass. Where they go is the host's business (`DatasetSink`); this code
// touches no file system.

import { createHash } from 'node:crypto'
import { EngineError } from '../errors.ts'
import type { CardFile } from './dataset-card.ts'
import type { ByteSink } from './mcap-writer.ts'

/** One file being written. */
export interface OpenFile {
  readonly write: ByteSink
  close(): void
}

/** Opens files by a relative path with forward slashes, made of letters, digits, dots and dashes. Paths are ours, never a scenario's. */
export interface DatasetSink {
  open(path: string): OpenFile
}

/** Most files of one dataset, and most bytes. */
const datasetLimits = { filesMax: 100_000, bytesMax: 64 * 1024 * 1024 * 1024 } as const

/** Writes files and remembers what each was. */
export class DatasetFiles {
  readonly #sink: DatasetSink
  readonly #files: CardFile[] = []
  #bytes = 0
  #opened = 0

  constructor(sink: DatasetSink) {
    this.#sink = sink
  }

  /** The closed files, in the order in which they were closed. */
  get files(): readonly CardFile[] {
    return this.#files
  }

  /** Opens a file that grows. */
  open(path: string): OpenFile {
    this.#opened++
    if (this.#opened > datasetLimits.filesMax) {
      throw new EngineError('value/out-of-range', `A dataset has at most ${datasetLimits.filesMax} files; record fewer frames.`, {
        filesMax: datasetLimits.filesMax,
      })
    }
    const hash = createHash('sha256')
    const file = this.#sink.open(path)
    let bytes = 0
    return {
      write: (chunk) => {
        bytes += chunk.length
        this.#bytes += chunk.length
        if (this.#bytes > datasetLimits.bytesMax) {
          throw new EngineError('value/out-of-range', `A dataset has at most ${datasetLimits.bytesMax} bytes; record less.`, {
            bytesMax: datasetLimits.bytesMax,
          })
        }
        hash.update(chunk)
        file.write(chunk)
      },
      close: () => {
        file.close()
        this.#files.push({ path, bytes, digest: `sha256:${hash.digest('hex')}` })
      },
    }
  }

  /** Writes a whole file. */
  put(path: string, bytes: Uint8Array): void {
    const file = this.open(path)
    file.write(bytes)
    file.close()
  }
}

/** A sink that keeps everything in memory, for tests and for small datasets. */
export class MemorySink implements DatasetSink {
  readonly files = new Map<string, Uint8Array[]>()

  /** Opens a file in memory. */
  open(path: string): OpenFile {
    const chunks: Uint8Array[] = []
    this.files.set(path, chunks)
    return { write: (chunk) => void chunks.push(chunk), close: () => undefined }
  }

  /** The bytes of a file; `value/missing` if there is none. */
  bytes(path: string): Uint8Array {
    const chunks = this.files.get(path)
    if (chunks === undefined) throw new EngineError('value/missing', `There is no file \`${path}\` in the dataset.`, { path })
    return new Uint8Array(Buffer.concat(chunks))
  }
}
