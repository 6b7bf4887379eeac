// Failures as problems (RFC 9457). A coded failure may be shown as it is; anything else is a bug of ours, of which only the request id is told.
import { z } from 'zod'
import { CodedError, fail } from '../kernel/index.ts'
import { explanationOf } from './explanations.ts'
import { statusOf } from './status.ts'

/** A field at fault: an RFC 6901 pointer into the input, and what is wrong with it. */
export interface FieldProblem {
  readonly pointer: string
  readonly detail: string
}

/** A problem details object (RFC 9457 section 3), with our own members and the facts of the failure beside them. */
export interface Problem {
  readonly [fact: string]: unknown
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  readonly requestId: string
  readonly errors?: readonly FieldProblem[]
  readonly next?: string
}

/** What is known of the request that failed. */
export interface Occasion {
  readonly baseUrl: string
  readonly requestId: string
  /** The path that was asked for, without its query. */
  readonly path: string
}

const issuesMax = 20

function escapePointer(part: PropertyKey): string {
  return `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function fromIssue(issue: z.core.$ZodIssue): FieldProblem {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  return { pointer: path.map(escapePointer).join(''), detail: issue.message }
}

function fromZod(error: z.core.$ZodError): { failure: CodedError; errors: readonly FieldProblem[] } {
  const errors = error.issues.slice(0, issuesMax).map(fromIssue)
  const first = errors[0]
  return { failure: fail('invalid', first === undefined ? 'The input is not acceptable.' : `${first.pointer}: ${first.detail}`), errors }
}

const told = /^(\/[^\s:]*|): (.+)$/s

/** The fields at fault that a coded failure names: in its facts as `pointer: detail`, or by its one pointer. */
function fieldsOf({ message, notes }: CodedError): readonly FieldProblem[] {
  const listed = notes.facts?.errors
  if (Array.isArray(listed)) {
    return listed.flatMap((line) => {
      const [, pointer, detail] = told.exec(String(line)) ?? []
      return detail === undefined ? [] : [{ pointer: pointer ?? '', detail }]
    })
  }
  return notes.pointer === undefined ? [] : [{ pointer: notes.pointer, detail: message }]
}

/** A thrown value as a coded failure with the fields at fault. What is no failure of ours becomes `internal`. */
export function toFailure(error: unknown): { readonly failure: CodedError; readonly errors: readonly FieldProblem[] } {
  if (error instanceof CodedError) return { failure: error, errors: fieldsOf(error) }
  if (error instanceof z.core.$ZodError) return fromZod(error)
  return {
    failure: fail('internal', 'Something went wrong on our side; the log has it under the request id.', { cause: error }),
    errors: [],
  }
}

/** The problem of a failure. */
export function toProblem(error: unknown, occasion: Occasion): Problem {
  const { failure, errors } = toFailure(error)
  const { status, title } = statusOf[failure.code]
  const { errors: _, ...facts } = failure.notes.facts ?? {}
  const own = {
    type: `${occasion.baseUrl}/problems/${failure.code}`,
    title,
    status,
    detail: failure.message,
    instance: occasion.path,
    code: failure.code,
    requestId: occasion.requestId,
    ...(errors.length === 0 ? {} : { errors }),
    next: failure.notes.next ?? explanationOf[failure.code].next,
  }
  // Facts stand beside the standard members and never in their place.
  return { ...own, ...Object.fromEntries(Object.entries(facts).filter(([name]) => !(name in own))) }
}
