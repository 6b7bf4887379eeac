// What a running server says on stderr: lines for a person, or one JSON object a line for whatever collects logs. Requests show their route's pattern and
// ids; failures show what was thrown, which may quote a statement or a path of the file system and never a value of a request.
import type { AccessLine, FailureLine } from '../../server/index.ts'
import { whatWasThrown } from './thrown.ts'

/** The log of a server. */
export interface ServerLog {
  /** A sentence about the server itself. */
  note(message: string): void
  request(line: AccessLine | FailureLine): void
}

/** How a log is written. */
export interface LogOptions {
  /** JSON lines instead of sentences; they hold every request. */
  readonly json: boolean
  /** A sentence for every request. */
  readonly verbose: boolean
  write(text: string): void
  now(): number
}

/** Reads `TWINLOCK_LOG`: `json`, or sentences where it says nothing. */
export function isJsonLog(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { TWINLOCK_LOG: form = '' } = environment
  if (form !== '' && form !== 'json' && form !== 'text') throw new Error(`TWINLOCK_LOG is \`json\` or \`text\`, not \`${form}\`.`)
  return form === 'json'
}

/** Opens the log of a server. */
export function openLog({ json, verbose, write, now }: LogOptions): ServerLog {
  const line = (fields: object): void => write(`${JSON.stringify(fields)}\n`)
  const at = (): string => new Date(now()).toISOString()
  if (json) {
    return {
      note: (message) => line({ at: at(), level: 'info', kind: 'note', message }),
      request(it) {
        if (it.kind === 'failure')
          line({ at: at(), level: 'error', kind: 'failure', requestId: it.requestId, error: whatWasThrown(it.error) })
        else line({ ...it, level: it.status >= 500 ? 'error' : 'info' })
      },
    }
  }
  return {
    note: (message) => write(`${message}\n`),
    request(it) {
      if (it.kind === 'failure') write(`request ${it.requestId} failed: ${whatWasThrown(it.error)}\n`)
      else if (verbose) write(`${it.at} ${it.method} ${it.path} ${it.status} ${it.durationMs} ms ${it.requestId}\n`)
    },
  }
}
