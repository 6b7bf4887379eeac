// Pictures that belong together: files whose paths differ in their numbers alone, as frames of a camera and maps over time do. Only what a browser can draw
// without running anything is a picture; a run chooses media types and paths itself.
import type { RunFile } from './story.ts'

/** Pictures in the order of the numbers in their paths. */
export interface Series {
  /** The path with `#` in the place of its numbers. */
  readonly id: string
  readonly files: readonly RunFile[]
}

const drawn = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/svg+xml'])

/** The media type without its parameters, in small letters. */
export function plainType(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase()
}

/** Whether it is drawn as a picture: in an `img`, in which nothing runs and nothing is loaded. */
export function isPicture({ mediaType }: Pick<RunFile, 'mediaType'>): boolean {
  return drawn.has(plainType(mediaType))
}

/** Whether it is shown as text. */
export function isText({ mediaType }: Pick<RunFile, 'mediaType'>): boolean {
  const type = plainType(mediaType)
  return type.startsWith('text/') || /^application\/((.+\+)?json|x-ndjson|xml|yaml)$/.test(type)
}

/** The series of some files: the longest first, and drawings before photographs. */
export function seriesOf(files: readonly RunFile[]): readonly Series[] {
  const found = new Map<string, RunFile[]>()
  for (const file of files) {
    if (!isPicture(file)) continue
    const id = file.path.replace(/\d+/g, '#')
    const list = found.get(id)
    if (list === undefined) found.set(id, [file])
    else list.push(file)
  }
  const weight = ({ id, files: of }: Series): number =>
    (id.endsWith('.svg') ? 0 : 1_000_000) - Math.min(of.length, 100_000) + id.length / 1000
  const inOrder = (of: RunFile[]): RunFile[] => of.sort((one, other) => one.path.localeCompare(other.path, 'en', { numeric: true }))
  return [...found].map(([id, of]) => ({ id, files: inOrder(of) })).sort((one, other) => weight(one) - weight(other))
}

/** A name under which a file can be saved: its last part, without what a file system or a reader could be misled by. */
export function safeName(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '_')
  return plain === '' ? 'file' : plain.slice(-120)
}
