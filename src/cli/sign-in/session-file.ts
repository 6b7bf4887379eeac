// Where the command line keeps who is signed in: one file of mode 0600 in a folder of mode 0700, beside nothing else. Whoever reads it can act as these
// people until their sessions end; whoever can write it can only make us act as somebody else of theirs.
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { type Io, reasonOf, setting } from '../io.ts'

const sessionSchema = z.object({
  url: z.string(),
  token: z.string(),
  person: z.object({ id: z.string(), slug: z.string() }),
  organization: z.string(),
  expiresAt: z.string(),
})

/** A signed-in person at one server. */
export type StoredSession = z.output<typeof sessionSchema>

const fileSchema = z.object({
  version: z.literal(1),
  current: z.object({ url: z.string(), slug: z.string() }).nullable(),
  sessions: z.array(sessionSchema).max(1000),
})

/** Everything that is kept. */
export type SessionFile = z.output<typeof fileSchema>

const nobody: SessionFile = { version: 1, current: null, sessions: [] }

function folderOf(io: Pick<Io, 'env'>): string {
  return join(setting(io, 'XDG_CONFIG_HOME') ?? join(setting(io, 'HOME') ?? homedir(), '.config'), 'twinlock')
}

/** The path of the session file. */
function sessionPath(io: Pick<Io, 'env'>): string {
  return join(folderOf(io), 'sessions.json')
}

/** Reads who is signed in; nobody when there is no file. */
export function readSessions(io: Pick<Io, 'env'>): SessionFile {
  const path = sessionPath(io)
  if (!existsSync(path)) return nobody
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new CliFailure(exitCodes.failed, `\`${path}\` cannot be read: ${reasonOf(error)}`, { next: 'Remove it, and sign in again.' })
  }
}

/** Writes who is signed in, whole or not at all. */
function writeSessions(io: Pick<Io, 'env'>, file: SessionFile): void {
  const folder = folderOf(io)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const fresh = join(folder, `sessions.${process.pid}.fresh`)
  writeFileSync(fresh, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
  renameSync(fresh, sessionPath(io))
}

const isSame = (a: StoredSession, b: { readonly url: string; readonly person: { readonly slug: string } }): boolean =>
  a.url === b.url && a.person.slug === b.person.slug

/** Keeps a session, and makes its person the current one. */
export function keepSession(io: Pick<Io, 'env'>, session: StoredSession): void {
  const { sessions } = readSessions(io)
  const others = sessions.filter((one) => !isSame(one, session))
  writeSessions(io, { version: 1, current: { url: session.url, slug: session.person.slug }, sessions: [...others, session] })
}

/** Forgets a session. Another one of the same server becomes current where there is one. */
export function forgetSession(io: Pick<Io, 'env'>, session: StoredSession): void {
  const { sessions, current } = readSessions(io)
  const others = sessions.filter((one) => !isSame(one, session))
  const next = others.findLast((one) => one.url === session.url)
  const wasCurrent = current?.url === session.url && current.slug === session.person.slug
  writeSessions(io, {
    version: 1,
    current: wasCurrent ? (next === undefined ? null : { url: next.url, slug: next.person.slug }) : current,
    sessions: others,
  })
}
