// What package-lock.json says is installed: names, versions, licences, digests. The lockfile is npm's own and reviewed like code; what a package says of its
// licence is its author's word.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One package of the lockfile. */
export interface LockedPackage {
  readonly path: string
  readonly name: string
  readonly version: string
  readonly licence: string
  /** Subresource integrity, `sha512-…`. */
  readonly integrity: string
  readonly isDev: boolean
  readonly isOptional: boolean
  readonly hasInstallScript: boolean
  readonly os: readonly string[]
  readonly cpu: readonly string[]
  readonly libc: readonly string[]
  /** Names of the packages that it needs on this or that platform. */
  readonly needs: readonly string[]
}

/** The repository's root folder. */
export const root = join(import.meta.dirname, '..')

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** Every package of the lockfile but our own, by its path. */
export function lockedPackages(): LockedPackage[] {
  const lock = record(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(record(lock.packages))
    .filter(([path]) => path !== '')
    .map(([path, described]) => {
      const it = record(described)
      return {
        path,
        name: String(it.name ?? path.split('node_modules/').at(-1)),
        version: String(it.version),
        licence: String(it.license ?? ''),
        integrity: String(it.integrity ?? ''),
        isDev: it.dev === true || it.devOptional === true,
        isOptional: it.optional === true || it.devOptional === true,
        hasInstallScript: it.hasInstallScript === true,
        os: texts(it.os),
        cpu: texts(it.cpu),
        libc: texts(it.libc),
        needs: [...Object.keys(record(it.dependencies)), ...Object.keys(record(it.optionalDependencies))],
      }
    })
}
