// Bytes kept as files under their own digest: aa/bb/<hex>. A blob is whole and durable before its digest is answered: written aside, synced,
// renamed, and the folders synced. Whoever can write here can destroy blobs, not forge them: each reading is hashed again.
// Servers over one external database may share a folder, so of what lies in `new` when it opens only what is old is left over from a crash.
import { hash, randomUUID } from 'node:crypto'
import { constants, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type BlobStore, type Digest, fail, isCoded, isDigest } from '../../kernel/index.ts'
import { readBlob } from './read-blob.ts'

const bytesMaxByDefault = 1024 ** 3
/** Nothing is written for as long as that, whatever the disk. */
const leftOverMs = 3_600_000

/** Where blobs are kept, and how large one may be. */
export interface BlobsOptions {
  readonly folder: string
  /** The most bytes of one blob; 1 GiB when it is not given. */
  readonly bytesMax?: number
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const handle: FileHandle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function keep(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, 'new', randomUUID())
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeNew(temporary, bytes)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw fail('internal', 'The blob store could not keep the bytes.', { cause: error })
  }
  await syncFolders(folder, path)
}

async function syncFolders(folder: string, path: string): Promise<void> {
  for (const one of [dirname(path), dirname(dirname(path)), folder]) await syncPath(one)
}

async function isKept(path: string, digest: Digest, bytesMax: number): Promise<boolean> {
  try {
    await readBlob(path, digest, bytesMax)
    return true
  } catch (error) {
    if (isCoded(error, 'blob_missing') || isCoded(error, 'blob_changed')) return false
    throw error
  }
}

function prepare(folder: string): void {
  const fresh = join(folder, 'new')
  mkdirSync(fresh, { recursive: true, mode: 0o700 })
  const before = Date.now() - leftOverMs
  for (const path of readdirSync(fresh).map((name) => join(fresh, name)))
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before) rmSync(path, { recursive: true, force: true })
}

/** Opens a folder of blobs, making it when it is not there. `put` throws `too_large`; both throw `internal` where the disk fails. */
export function openBlobs(options: BlobsOptions): BlobStore {
  const { folder, bytesMax = bytesMaxByDefault } = options
  const underWay = new Map<Digest, Promise<void>>()
  prepare(folder)
  const pathOf = (digest: Digest) => {
    if (!isDigest(digest)) throw fail('malformed', 'This is not a digest.')
    const name = digest.slice('sha256:'.length)
    return join(folder, name.slice(0, 2), name.slice(2, 4), name)
  }

  async function putOnce(digest: Digest, bytes: Uint8Array): Promise<void> {
    const path = pathOf(digest)
    // A blob that is there may stem from a process that died between the rename and the sync of the folder.
    if (await isKept(path, digest, bytesMax)) return syncFolders(folder, path)
    await keep(folder, path, bytes)
  }

  return {
    async put(bytes) {
      if (bytes.length > bytesMax) throw fail('too_large', `A blob may have ${bytesMax} bytes at most, and this one has ${bytes.length}.`)
      const digest: Digest = `sha256:${hash('sha256', bytes)}`
      const work = underWay.get(digest) ?? putOnce(digest, bytes).finally(() => underWay.delete(digest))
      underWay.set(digest, work)
      await work
      return digest
    },
    get: async (digest) => readBlob(pathOf(digest), digest, bytesMax),
  }
}
