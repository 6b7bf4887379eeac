// The content of a file that a run wrote, made fit to be looked at. Every byte and every name is controlled by whatever ran: text is shown as text, with
// what would hide or turn it made visible; a picture is a data URL for an `img`, where nothing of it runs, and which no page of ours has the origin of.

import { visibleLines } from '../../design/visible.ts'

/** The largest file that is read here, in bytes; larger ones are for the command line. */
export const readBytesMax = 8_000_000
const textCharactersMax = 200_000
const hexBytesMax = 256

/** What can be shown of a file. */
export interface Content {
  /** Its text, with what is invisible made visible; missing when its bytes are no UTF-8. */
  readonly text?: string
  /** Whether only the beginning of the text is here. */
  readonly isCut: boolean
  /** A data URL, for an `img` and nothing else. */
  readonly image?: string
  /** The first bytes of what is neither. */
  readonly hex?: string
}

const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'])

/** The bytes of a base64 text. Throws when it is none. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const raw = atob(base64)
  const bytes = new Uint8Array(raw.length)
  for (let at = 0; at < raw.length; at += 1) bytes[at] = raw.charCodeAt(at)
  return bytes
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined // it is no UTF-8, and is shown as bytes
  }
}

const hexOf = (bytes: Uint8Array): string =>
  (
    Array.from(bytes.subarray(0, hexBytesMax), (byte) => byte.toString(16).padStart(2, '0'))
      .join(' ')
      .match(/.{1,48}/g) ?? []
  ).join('\n')

/** What can be shown of a file's bytes. The media type is what the run said: it chooses between looks that are all harmless. */
export function contentOf(mediaType: string, base64: string, bytes: Uint8Array): Content {
  const type = mediaType.toLowerCase().split(';')[0]?.trim() ?? ''
  const image = pictures.has(type) ? { image: `data:${type};base64,${base64}` } : {}
  const text = !pictures.has(type) || type === 'image/svg+xml' ? textOf(bytes) : undefined
  if (text !== undefined) return { ...image, text: visibleLines(text.slice(0, textCharactersMax)), isCut: text.length > textCharactersMax }
  return pictures.has(type) ? { ...image, isCut: false } : { isCut: bytes.length > hexBytesMax, hex: hexOf(bytes) }
}

/** The name under which a file is saved: its last part, in plain characters, and never one that begins with a dot. */
export function savedNameOf(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  return (
    last
      .replace(/[^A-Za-z0-9._-]/g, '_')
      .replace(/^\.+/, '_')
      .slice(-120) || 'file'
  )
}
