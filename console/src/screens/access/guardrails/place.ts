// Where in a policy something is wrong, as the server says it: a line and a column from one. Pure.
import type { Problem } from '../../../api/problem.ts'

/** A place in a text, and what is wrong there. */
export interface Fault {
  /** From 1; undefined where no place is told. */
  readonly line: number | undefined
  /** From 1. */
  readonly column: number | undefined
  readonly detail: string
  readonly next: string | undefined
}

const countIn = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined

/** What a refusal says about the policy; undefined for one that is about something else. */
export function faultIn(problem: Problem): Fault | undefined {
  const { facts, errors, detail, next } = problem
  const line = countIn(facts.line)
  if (line === undefined && !errors.some(({ pointer }) => pointer.endsWith('/policy'))) return undefined
  const said =
    typeof facts.problem === 'string' ? facts.problem : (errors.find(({ pointer }) => pointer.endsWith('/policy'))?.detail ?? detail)
  return { line, column: countIn(facts.column), detail: said, next }
}

/** The lines of a text, at least one. */
export const linesOf = (text: string): readonly string[] => text.replaceAll('\r\n', '\n').split('\n')

/** The examples that a refusal names as broken. */
export function brokenIn({ facts }: Problem): readonly string[] {
  return Array.isArray(facts.broken) ? facts.broken.filter((one) => typeof one === 'string') : []
}
