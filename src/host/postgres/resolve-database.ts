// Chooses the database: the one that TWINLOCK_DATABASE_URL names, else the embedded one. Both have the same shape, so nothing after this knows
// which it is. The URL comes from whoever starts the server; its password never appears in a message.
import { readFileSync } from 'node:fs'
import { askServer, type ConnectionTls, connectFailure, type DatabaseConnection, describeConnection } from './connection.ts'
import { HostError, reasonOf } from './errors.ts'
import { type RunningPostgres, type StartOptions, startPostgres } from './start-postgres.ts'

// transaction_timeout, which bounds how long a frozen replica holds its locks, came with PostgreSQL 17.
const VERSION_MIN = 170_000
const DEFAULT_PORT = 5432
// The URL standard knows no user without a host, as in postgres://user:password@/database?host=/run/postgresql; a reserved name (RFC 2606) stands in.
const NO_HOST = 'none.invalid'
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])

/** What choosing needs: what starting needs, and the environment that may name a database of one's own. */
export interface ResolveOptions extends StartOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
}

const invalid = (why: string): HostError =>
  new HostError(
    'database_url_invalid',
    `TWINLOCK_DATABASE_URL cannot be used: ${why}. It looks like postgres://user:password@host:5432/database?sslmode=verify-full, ` +
      'with special characters in the password percent-encoded.',
  )

const parse = (text: string): URL => {
  const url = URL.parse(text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=\/)/i, `$1${NO_HOST}`))
  if (url === null) throw invalid('it is not a URL')
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw invalid(`its scheme is \`${url.protocol}\`, not postgres:`)
  return url
}

const decode = (text: string, what: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(`its ${what} has a broken percent-encoding`)
  }
}

const readRootCertificate = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw invalid(`its sslrootcert cannot be read: ${reasonOf(error)}`)
  }
}

// Stricter than libpq: a server that is not on this machine is verified unless the URL says otherwise, and nothing falls back to plain text.
const tlsOf = (url: URL, host: string): ConnectionTls | false => {
  const local = host.startsWith('/') || LOOPBACK.has(host)
  const mode = url.searchParams.get('sslmode') ?? (local ? 'disable' : 'verify-full')
  const root = url.searchParams.get('sslrootcert')
  const ca = root === null ? {} : { ca: readRootCertificate(root) }
  if (mode === 'disable') return false
  if (mode === 'require') return { rejectUnauthorized: root !== null, ...ca }
  if (mode === 'verify-full') return { rejectUnauthorized: true, ...ca }
  throw invalid(`sslmode \`${mode}\` is not supported: use verify-full, require or disable`)
}

const checkParameters = (url: URL): void => {
  for (const name of url.searchParams.keys()) {
    if (!['host', 'sslmode', 'sslrootcert'].includes(name))
      throw invalid(`its parameter \`${name}\` is not known (known: host, sslmode, sslrootcert)`)
  }
}

/** Reads a PostgreSQL URL. `?host=/folder` names a Unix socket. Throws `database_url_invalid`, without the password in the message. */
export const parseDatabaseUrl = (text: string): DatabaseConnection => {
  const url = parse(text)
  checkParameters(url)
  const host = url.searchParams.get('host') ?? decode(url.hostname, 'host').replace(/^\[|\]$/g, '')
  const user = decode(url.username, 'user')
  const database = decode(url.pathname.slice(1), 'database')
  if (host === '' || host === NO_HOST) throw invalid('it names no host')
  if (user === '') throw invalid('it names no user')
  if (database === '') throw invalid('it names no database')
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port)
  return { host, port, user, password: decode(url.password, 'password'), database, ssl: tlsOf(url, host) }
}

const connectExternal = async (connection: DatabaseConnection): Promise<number> => {
  try {
    return (await askServer(connection)).version
  } catch (error) {
    throw new HostError(
      'database_unreachable',
      `The database ${describeConnection(connection)} of TWINLOCK_DATABASE_URL does not answer: ${connectFailure(error)}. ` +
        'Check host, port, user, password and sslmode, and that the server accepts connections from here.',
      { cause: error },
    )
  }
}

/** Refuses a server that lacks what Twinlock relies on. `version` is `server_version_num`. Throws `database_too_old`. */
export const requireVersion = (connection: DatabaseConnection, version: number): void => {
  if (version >= VERSION_MIN) return
  throw new HostError(
    'database_too_old',
    `The database ${describeConnection(connection)} is PostgreSQL ${Math.floor(version / 10_000)}; Twinlock needs ${VERSION_MIN / 10_000} or later. Upgrade it, or unset TWINLOCK_DATABASE_URL.`,
  )
}

const openExternal = async (text: string): Promise<RunningPostgres> => {
  const connection = parseDatabaseUrl(text)
  requireVersion(connection, await connectExternal(connection))
  return { connection, adopted: true, pid: undefined, stop: () => Promise.resolve() }
}

/** The database of this server: an external one when `TWINLOCK_DATABASE_URL` is set (stopping leaves it alone), else the embedded one. */
export const resolveDatabase = (options: ResolveOptions): Promise<RunningPostgres> => {
  const url = options.environment.TWINLOCK_DATABASE_URL?.trim()
  return url === undefined || url === '' ? startPostgres(options) : openExternal(url)
}
