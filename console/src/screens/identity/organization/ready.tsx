// What a form of numbers shows in the place of its button, until what is typed is a change.
import type { ReactElement, ReactNode } from 'react'
import { Lacks } from '../../people/fresh.tsx'
import type { Typed } from './settings.ts'

interface ReadyProps<C, F extends string> {
  readonly typed: Typed<C, F>
  /** The button, for the change that is typed. */
  readonly children: (change: C) => ReactNode
}

/** The button of a form, or what is lacking: a change, or a number within its bounds. */
export function Ready<C, F extends string>({ typed, children }: ReadyProps<C, F>): ReactElement {
  if (typed === undefined) return <Lacks>Nothing is changed yet.</Lacks>
  if ('wrong' in typed) return <Lacks>A number is out of its bounds.</Lacks>
  return <>{children(typed.change)}</>
}

/** What is wrong with each field, where something is. */
export function wrongIn<F extends string>(typed: Typed<unknown, F>): Partial<Record<F, string>> {
  return typed !== undefined && 'wrong' in typed ? typed.wrong : {}
}
