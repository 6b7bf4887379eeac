// Who may make something: the way to its form, or what is missing and who can grant it; and the form itself for nobody else, so that nobody fills in fields, or
// writes a secret, for nothing.
import type { ReactElement } from 'react'
import type { ActionName, InputOf } from '../../api/call.ts'
import { type May, refusalOf, useMay } from '../../api/may.ts'
import { session } from '../../api/session.ts'
import { useStore } from '../../api/store.ts'
import { Withheld } from '../../design/act.tsx'
import { Forbidden, Loading } from '../../design/conditions.tsx'
import { LinkButton } from '../access/link-button.tsx'

/** The id of whoever is signed in: who answers for what he makes, unless another is chosen. */
export function useMe(): { readonly id: string; readonly name: string } | undefined {
  const now = useStore(session)
  return now.state === 'somebody' ? now.here.person : undefined
}

/** Whether an act is withheld. Whoever only has to sign in again is told so where he acts, and does it there. */
export const isWithheld = (may: May): boolean => may.state === 'no' && may.code !== 'step_up_required'

interface NewLinkProps<N extends ActionName> {
  readonly action: N
  /** Some input, to learn whether he may at all; undefined while there is nothing to ask about. */
  readonly asked: InputOf<N> | undefined
  readonly to: string
  readonly children: string
}

/** The way to the form that makes one. */
export function NewLink<N extends ActionName>({ action, asked, to, children }: NewLinkProps<N>): ReactElement | null {
  const may = useMay(action, asked)
  if (asked === undefined || may.state === 'asking') return null
  return isWithheld(may) ? <Withheld label={children} may={may} /> : <LinkButton to={to}>{children}</LinkButton>
}

interface OnlyForProps<N extends ActionName> {
  readonly action: N
  readonly asked: InputOf<N> | undefined
  readonly children: ReactElement
}

/** The form, for whoever may. */
export function OnlyFor<N extends ActionName>({ action, asked, children }: OnlyForProps<N>): ReactElement {
  const may = useMay(action, asked)
  if (asked !== undefined && may.state === 'asking') return <Loading what="the form" rows={3} />
  return isWithheld(may) ? <Forbidden problem={refusalOf(may)} asked={{ action, input: asked }} /> : children
}
