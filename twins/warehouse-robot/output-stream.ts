// The dataset on its way out of the cell: every file goes over the run's channel while the drive goes on, so that the cell never holds all of it.
// Names are the recorder's; a few files that people look for get a plain name at the top.
import type { DatasetSink, OpenFile } from '../../engine/outputs/dataset-files.ts'
import type { RunContext } from '../../sdk/run/index.ts'

const pieceBytes = 256 * 1024

const plainNames: Readonly<Record<string, string>> = {
  'camera/annotations.coco.json': 'coco.json',
  'camera/contact-sheet.png': 'contact-sheet.png',
  'README.md': 'dataset-card.md',
}

const mediaTypes: Readonly<Record<string, string>> = {
  gltf: 'model/gltf+json',
  json: 'application/json',
  mcap: 'application/octet-stream',
  md: 'text/markdown',
  png: 'image/png',
  svg: 'image/svg+xml',
}

function mediaTypeOf(name: string): string {
  return mediaTypes[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}

/** The card names files as the recorder does; here they have their plain names. */
function renamed(name: string, bytes: Buffer): Buffer {
  if (name !== 'dataset-card.md') return bytes
  const text = Object.entries(plainNames).reduce((card, [from, to]) => card.replaceAll(`\`${from}\``, `\`${to}\``), bytes.toString())
  return Buffer.from(text)
}

/** Bytes that one side writes whenever it likes and the other side takes when it can. */
class Pipe {
  #held: Uint8Array[] = []
  #bytes = 0
  #closed = false
  #more = Promise.withResolvers<void>()

  write(chunk: Uint8Array): void {
    this.#held.push(Uint8Array.from(chunk)) // the writer may use its buffer again
    this.#bytes += chunk.length
    if (this.#bytes >= pieceBytes) this.#more.resolve()
  }

  close(): void {
    this.#closed = true
    this.#more.resolve()
  }

  /** Pieces of some size, until it is closed and empty. */
  async *pieces(name: string): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      await this.#more.promise
      const piece = Buffer.concat(this.#held)
      this.#held = []
      this.#bytes = 0
      if (!this.#closed) this.#more = Promise.withResolvers<void>()
      if (piece.length > 0) yield renamed(name, piece)
      if (this.#closed && this.#bytes === 0) return
    }
  }
}

/** Takes a recorder's files and sends each as an output of the run. */
export class OutputStream implements DatasetSink {
  readonly #context: Pick<RunContext, 'output'>
  readonly #sent: Promise<void>[] = []

  constructor(context: Pick<RunContext, 'output'>) {
    this.#context = context
  }

  /** Opens a file that is sent while it grows. */
  open(path: string): OpenFile {
    const name = plainNames[path] ?? path
    const pipe = new Pipe()
    const sent = this.#context.output(name, mediaTypeOf(name), pipe.pieces(name))
    sent.catch(() => undefined) // `finish` throws it; nobody listens before
    this.#sent.push(sent)
    return { write: (chunk) => pipe.write(chunk), close: () => pipe.close() }
  }

  /** Resolves when every file is sealed; throws what refused one. */
  async finish(): Promise<void> {
    await Promise.all(this.#sent)
  }
}
