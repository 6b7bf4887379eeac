// The blobs of a backup: files under their own digests, as the store keeps them. What is being written while they are copied has another place, and is left out.
// Whoever can write into a backup can spoil a blob and not forge one: each is hashed before it is restored.
import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, createReadStream, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

const half = /^[0-9a-f]{2}$/
const whole = /^[0-9a-f]{64}$/

/** The paths of the blobs below a folder, relative to it. */
function* blobsIn(folder: string): Generator<string> {
  if (!existsSync(folder)) return
  for (const first of readdirSync(folder).filter((name) => half.test(name)))
    for (const second of readdirSync(join(folder, first)).filter((name) => half.test(name)))
      for (const name of readdirSync(join(folder, first, second)).filter((one) => whole.test(one))) yield join(first, second, name)
}

/** Makes a file or a folder durable. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function copyOne(from: string, to: string, path: string): void {
  const target = join(to, path)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  copyFileSync(join(from, path), target)
  for (const one of [target, dirname(target), dirname(dirname(target))]) syncPath(one)
}

async function isWhole(path: string, name: string): Promise<boolean> {
  const digest = createHash('sha256')
  for await (const piece of createReadStream(path)) digest.update(piece)
  return digest.digest('hex') === name
}

/** Copies the blobs of a store into a backup, durably. Returns how many there are. */
export function keepBlobs(from: string, to: string): number {
  let count = 0
  for (const path of blobsIn(from)) {
    copyOne(from, to, path)
    count++
  }
  return count
}

/** Brings the blobs of a backup back, durably, but for those that are not what their names say; returns the digests of these. */
export async function bringBackBlobs(from: string, to: string): Promise<readonly string[]> {
  const spoiled: string[] = []
  for (const path of blobsIn(from)) {
    const name = path.slice(-64)
    if (await isWhole(join(from, path), name)) copyOne(from, to, path)
    else spoiled.push(`sha256:${name}`)
  }
  return spoiled
}
