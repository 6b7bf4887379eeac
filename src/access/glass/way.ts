// Breaking the glass as a way to hold something: which grants let somebody do it, what he could take by it, and under which terms. It decides nothing: whether
// anything forbids the breaking itself is asked of the decision, as it is for any other action.
import type { Selectable } from 'kysely'
import { givesAction } from '../gives.ts'
import type { GrantableActions } from '../ports.ts'
import type { GrantTable } from '../tables.ts'

/** The action that breaks the glass. */
export const glassAction = 'grant:break-glass'
/** What nobody takes by breaking the glass: the role that gives. */
export const notByGlass = ['admin'] as const
/** What holds for every use, for people. */
export const glassTerms = 'for an hour at most, by breaking the glass: whoever could have approved it is told, and one of them reviews it'

/** Whether a grant lets its holder break the glass where it reaches. What was itself taken by a use hands on nothing; what ends with a run covers nothing that does not. */
export function breaksGlass(
  grant: Pick<Selectable<GrantTable>, 'role' | 'actions' | 'break_glass' | 'until_run' | 'until_batch'>,
  grantable: GrantableActions,
): boolean {
  const isTied = grant.until_run !== null || grant.until_batch !== null
  return !grant.break_glass && !isTied && givesAction(grant, glassAction, grantable)
}

/** The roles that somebody could take by breaking the glass and that hold an action; none where none of those does. */
export function rolesByGlass(action: string, grantable: GrantableActions): readonly string[] {
  const never: readonly string[] = notByGlass
  return (grantable.get(action) ?? []).filter((role) => !never.includes(role))
}
