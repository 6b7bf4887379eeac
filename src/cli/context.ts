// What a command works with: who it acts as, at which server, how it prints. Made once per command from the line and the environment.
import type { Capability } from '../kernel/index.ts'
import { type Api, createApi } from './api.ts'
import { type Io, setting } from './io.ts'
import type { Globals } from './line/globals.ts'
import { createPaint, type Paint, safe } from './print/paint.ts'
import { chooseSession, originOf, serverUrl } from './sign-in/choose-session.ts'
import { readSessions } from './sign-in/session-file.ts'
import { getToken, readWorkloadKey, type WorkloadKey } from './sign-in/workload-key.ts'

/** What a command works with. */
export interface Context {
  readonly io: Io
  readonly globals: Globals
  readonly catalogue: readonly Capability[]
  /** Acts as whoever the line or the environment says. */
  readonly api: Api
  readonly paint: Paint
  /** Says something that is not data, unless `--quiet`. */
  say(line: string): void
  /** An id with the slug of its person, where that person signed in here. */
  named(id: unknown): string
  /** Acts as a workload. */
  apiOf(key: WorkloadKey): Api
  /** The data folder of the clone that this command belongs to. */
  dataFolder(): Promise<string>
}

interface Caller {
  readonly url: string
  credential(): Promise<string>
}

function callerOf(io: Io, globals: Globals): Caller {
  if (globals.key !== undefined) return workloadCaller(io, globals, readWorkloadKey(io, globals.key))
  const token = setting(io, 'TWINLOCK_TOKEN')
  if (token !== undefined && globals.as === undefined) return { url: serverUrl(io, globals), credential: async () => token }
  return { url: serverUrl(io, globals), credential: async () => chooseSession(io, globals).token }
}

function workloadCaller(io: Io, globals: Globals, key: WorkloadKey): Caller {
  return { url: originOf(globals.url ?? key.tokenEndpoint), credential: () => getToken(io, key) }
}

function wantsColor(io: Io, globals: Globals): boolean {
  return globals.color && io.outIsTerminal && setting(io, 'NO_COLOR') === undefined
}

/** The clone's data folder, as `twinlock start` chooses it. */
async function dataFolderOf(io: Io): Promise<string> {
  const { chosenDataFolder } = await import('./start/chosen-data-folder.ts')
  return chosenDataFolder(io.env)
}

/** Makes the context of one command. */
export function createContext(io: Io, globals: Globals, catalogue: readonly Capability[]): Context {
  const api = (caller: () => Caller): Api => {
    let made: Api | undefined
    const get = (): Api => {
      made ??= createApi({ io, catalogue, ...caller() })
      return made
    }
    return {
      get url() {
        return get().url
      },
      call: (action, input) => get().call(action, input),
    }
  }
  return {
    io,
    globals,
    catalogue,
    api: api(() => callerOf(io, globals)),
    paint: createPaint(wantsColor(io, globals)),
    say: (line) => {
      if (!globals.quiet) io.err(`${line}\n`)
    },
    named: (id) => {
      const text = safe(String(id))
      const known = readSessions(io).sessions.find((one) => one.person.id === text)
      return known === undefined ? text : `${text} (${safe(known.person.slug)})`
    },
    apiOf: (key) => api(() => workloadCaller(io, globals, key)),
    dataFolder: () => dataFolderOf(io),
  }
}
