// What went wrong with a call, in the words of the server (RFC 9457) or of the network. Texts of a problem come from the server and may hold names that
// somebody chose: they are shown as text and never as markup.

/** A field at fault: an RFC 6901 pointer into the input, and what is wrong with it. */
export interface FieldProblem {
  readonly pointer: string
  readonly detail: string
}

/** Codes of our own, beside the server's: no answer came, or one that is no problem and no JSON. */
type OwnCode = 'network' | 'unreadable'

/** What was asked for: an action and its input. */
export interface Asked {
  readonly action: string
  readonly input: unknown
}

interface ProblemParts {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly next: string | undefined
  readonly requestId: string | undefined
  readonly errors: readonly FieldProblem[]
  readonly facts: Readonly<Record<string, unknown>>
  readonly asked?: Asked | undefined
}

/** A failed call. `status` is 0 when no answer came. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly next: string | undefined
  readonly requestId: string | undefined
  readonly errors: readonly FieldProblem[]
  /** Whatever else the problem says, by name. */
  readonly facts: Readonly<Record<string, unknown>>
  /** What it is the answer to, where that is known: so that it can be asked who could help. */
  readonly asked: Asked | undefined

  constructor(parts: ProblemParts) {
    super(`${parts.title}: ${parts.detail}`)
    this.name = 'Problem'
    this.code = parts.code
    this.status = parts.status
    this.title = parts.title
    this.detail = parts.detail
    this.next = parts.next
    this.requestId = parts.requestId
    this.errors = parts.errors
    this.facts = parts.facts
    this.asked = parts.asked
  }

  /** Whether the caller may not do this. */
  get isForbidden(): boolean {
    return this.status === 403
  }

  /** Whether nobody is signed in any more. */
  get isSignedOut(): boolean {
    return this.status === 401
  }

  /** Whether asking again may help: no answer, a busy or a failing server. */
  get mayPass(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldsIn(value: unknown): readonly FieldProblem[] {
  if (!Array.isArray(value)) return []
  return value
    .filter(isRecord)
    .map((one) => ({ pointer: textOf(one.pointer) ?? '', detail: textOf(one.detail) ?? 'It is not acceptable.' }))
}

/** The problem that an answer of the server describes. */
export function problemOf(status: number, body: unknown, requestId: string | null, asked?: Asked): Problem {
  const said = isRecord(body) ? body : {}
  const { type: _type, instance: _instance, status: _status, code, title, detail, next, requestId: named, errors, ...facts } = said
  return new Problem({
    code: textOf(code) ?? `http_${status}`,
    status,
    title: textOf(title) ?? 'The server refused',
    detail: textOf(detail) ?? `It answered ${status} without a reason.`,
    next: textOf(next),
    requestId: textOf(named) ?? requestId ?? undefined,
    errors: fieldsIn(errors),
    facts,
    asked,
  })
}

/** A problem of our own. */
export function ownProblem(code: OwnCode, detail: string, next: string): Problem {
  const title = code === 'network' ? 'No answer from the server' : 'An answer that cannot be read'
  return new Problem({ code, status: 0, title, detail, next, requestId: undefined, errors: [], facts: {} })
}

/** Anything thrown, as a problem. What is none is a fault of the console. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem({
    code: 'console',
    status: 0,
    title: 'The console failed',
    detail: error instanceof Error ? error.message : String(error),
    next: 'Load the page again; nothing was changed by this.',
    requestId: undefined,
    errors: [],
    facts: {},
  })
}
