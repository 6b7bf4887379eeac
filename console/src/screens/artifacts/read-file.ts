// Reading one file of an artifact when a person asks for it, and not before: each reading is content that is recorded. What was read is not kept beyond
// the view.
import { useRef, useState } from 'react'
import { call } from '../../api/call.ts'
import { asProblem, type Problem } from '../../api/problem.ts'
import { bytesOf, type Content, contentOf, savedNameOf } from './content.ts'

/** A file that was read. */
export interface ReadFile {
  readonly content: Content
  /** Whether the bytes have the digest that the artifact's manifest says; undefined where this browser cannot compute it. */
  readonly isSame: boolean | undefined
}

/** How reading a file stands. */
export type FileReading =
  | { readonly state: 'unread' | 'reading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'read'; readonly file: ReadFile }

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  if (!window.isSecureContext) return undefined // over plain HTTP from elsewhere there is no crypto.subtle
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

async function read(artifact: string, name: string, digest: string): Promise<ReadFile> {
  const { content, mediaType } = await call('artifact:read', { artifact, file: name })
  const bytes = bytesOf(content)
  const found = await digestOf(bytes)
  return { content: contentOf(mediaType, content, bytes), isSame: found === undefined ? undefined : found === digest }
}

/** Reads a file on request. */
export function useFile(artifact: string, name: string, digest: string): readonly [FileReading, () => Promise<void>] {
  const [reading, setReading] = useState<FileReading>({ state: 'unread' })
  const under = useRef(false)
  const ask = async (): Promise<void> => {
    if (under.current) return
    under.current = true
    setReading({ state: 'reading' })
    try {
      setReading({ state: 'read', file: await read(artifact, name, digest) })
    } catch (error) {
      setReading({ state: 'failed', problem: asProblem(error) })
    } finally {
      under.current = false
    }
  }
  return [reading, ask]
}

const keptMs = 10_000

/** Saves bytes as a file of this computer: always as bytes without a type, so that no browser shows them as a page of ours. */
export function save(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = savedNameOf(name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), keptMs)
}
