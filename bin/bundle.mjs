// The product in a few files, which a start loads in half the time that its sources take. They count while every file that they were made from is what it was then;
// else the sources do, and a start makes the next ones (`scripts/bundle.mjs`). Built-ins only. Trusts the clone: who can write here can write the sources.
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'

const NAME = /^[0-9a-f]{16}$/

/** Where the bundles of a clone are; each in a folder of its own, which nobody writes in when it is named by the stamp. */
export const bundlesFolder = (clone) => join(clone, 'dist', 'server')

/** Names the bundle that was made last, and the files that it was made from. It appears whole, after the bundle. */
export const stampFile = (clone) => join(bundlesFolder(clone), 'stamp.json')

/** Where Node keeps what it compiled of the modules of a clone. */
export const compiledFolder = (clone) => join(clone, 'node_modules', '.cache', 'twinlock')

/**
 * What changes whenever a file does: nobody can set `ctime`, so a file that was written, put back, or replaced by another one has another. Throws where
 * there is none.
 */
export const signatureOf = (path) => {
  const { size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
  return `${size} ${mtimeNs} ${ctimeNs}`
}

const isMadeFrom = (clone, files) => Object.entries(files).every(([name, signature]) => signatureOf(join(clone, name)) === signature)

/** Whether every user of this machine may put something into a folder: a careless umask makes such ones, and the sources beside them are not. */
const isOpenToAll = (folder) => (statSync(folder).mode & 0o002) !== 0

/** The folder of the bundle of a clone, where it was made from what lies there now; else nothing. */
export const fittingBundle = (clone) => {
  try {
    const { name, files } = JSON.parse(readFileSync(stampFile(clone), 'utf8'))
    if (!NAME.test(name)) return undefined
    const folder = join(bundlesFolder(clone), name)
    if ([join(clone, 'dist'), bundlesFolder(clone), folder].some(isOpenToAll)) return undefined
    // Through a link its modules would take another folder for the clone.
    return realpathSync(folder) === folder && isMadeFrom(clone, files) ? folder : undefined
  } catch {
    // Whatever is wrong with it, the sources are there.
    return undefined
  }
}
