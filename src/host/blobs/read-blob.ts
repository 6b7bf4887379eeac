// Reads one blob and believes nothing but its hash: the file may have been cut, changed, or replaced by a link or a folder.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { CodedError, type Digest, fail } from '../../kernel/index.ts'
import { systemErrorCode } from '../postgres/errors.ts'

// Reading and hashing go piece by piece, so that a large blob does not stop everything else.
const pieceBytes = 1024 * 1024

function changed(digest: Digest, cause?: unknown): Error {
  return fail('blob_changed', `What is kept under ${digest} is not what was put there.`, { cause, next: 'Restore it from a backup.' })
}

function unreadable(cause: unknown): Error {
  return fail('internal', 'The blob store cannot be read.', { cause })
}

async function openBlob(path: string, digest: Digest): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT') throw fail('blob_missing', `Nothing is kept under ${digest}.`, { next: 'Restore it from a backup.' })
    if (code === 'ELOOP') throw changed(digest, error)
    throw unreadable(error)
  }
}

async function readHashed(handle: FileHandle, size: number): Promise<{ bytes: Uint8Array; read: number; digest: Digest }> {
  const bytes = new Uint8Array(size)
  const hashing = createHash('sha256')
  let read = 0
  while (read < size) {
    const { bytesRead } = await handle.read(bytes, read, Math.min(pieceBytes, size - read), read)
    if (bytesRead === 0) break
    hashing.update(bytes.subarray(read, read + bytesRead))
    read += bytesRead
  }
  return { bytes, read, digest: `sha256:${hashing.digest('hex')}` }
}

/** The bytes of a blob. Throws `blob_missing`, `blob_changed`, or `internal` where the disk fails. */
export async function readBlob(path: string, digest: Digest, bytesMax: number): Promise<Uint8Array> {
  const handle = await openBlob(path, digest)
  try {
    const { size, isFile } = await handle.stat().then((found) => ({ size: found.size, isFile: found.isFile() }))
    if (!isFile || size > bytesMax) throw changed(digest)
    const found = await readHashed(handle, size)
    if (found.read !== size || found.digest !== digest) throw changed(digest)
    return found.bytes
  } catch (error) {
    throw error instanceof CodedError ? error : unreadable(error)
  } finally {
    await handle.close()
  }
}
