// Whose session a command uses, and which server it speaks to: `--as` and `--url` first, then the environment, then the last login.

import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { type Io, setting } from '../io.ts'
import type { Globals } from '../line/globals.ts'
import { readSessions, type SessionFile, type StoredSession } from './session-file.ts'

const fallbackUrl = 'http://127.0.0.1:8484'

/** The origin of a server, as sessions are kept by it. Throws a usage failure for what is no http(s) URL. */
export function originOf(text: string): string {
  try {
    const url = new URL(text)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url.origin
  } catch {
    // Said below, for both reasons.
  }
  throw usage(`\`${text}\` is not the URL of a server.`, 'Give it like `http://127.0.0.1:8484`.')
}

/** The server that a command speaks to. */
export function serverUrl(io: Pick<Io, 'env'>, globals: Pick<Globals, 'url' | 'as'>): string {
  const asked = globals.url ?? setting(io, 'TWINLOCK_URL')
  if (asked !== undefined) return originOf(asked)
  const file = readSessions(io)
  const named = globals.as === undefined ? undefined : file.sessions.findLast((one) => one.person.slug === globals.as)
  return named?.url ?? file.current?.url ?? fallbackUrl
}

function find(file: SessionFile, url: string, slug: string | undefined): StoredSession | undefined {
  const here = file.sessions.filter((one) => one.url === url)
  if (slug !== undefined) return here.find((one) => one.person.slug === slug)
  const { current } = file
  return here.find((one) => current?.url === url && one.person.slug === current.slug) ?? here.at(-1)
}

/** The session to act with. Throws `sign in first` when there is none, or it is over. */
export function chooseSession(io: Pick<Io, 'env' | 'now'>, globals: Pick<Globals, 'url' | 'as'>): StoredSession {
  const url = serverUrl(io, globals)
  const found = find(readSessions(io), url, globals.as)
  const next = 'Sign in with `twinlock login <link>`; an administrator makes a link with `twinlock person link <person>`.'
  if (found === undefined) {
    throw new CliFailure(
      exitCodes.signInFirst,
      globals.as === undefined ? `Nobody is signed in at ${url}.` : `\`${globals.as}\` is not signed in at ${url}.`,
      { next },
    )
  }
  if (Date.parse(found.expiresAt) <= io.now()) {
    throw new CliFailure(exitCodes.signInFirst, `The session of \`${found.person.slug}\` at ${url} ended at ${found.expiresAt}.`, { next })
  }
  return found
}
