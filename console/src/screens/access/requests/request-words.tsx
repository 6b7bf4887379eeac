// A request in words: what is asked for, on what, for how long; and its state.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Icon, type IconName } from '../../../design/icon.tsx'
import { span } from '../../../design/time.ts'
import { Gives } from '../grant-facts.tsx'
import type { Directory } from '../names.ts'
import { Environments, Scope } from '../who.tsx'

/** A request as it is listed. */
export type ListedRequest = OutputOf<'request:list'>['items'][number]
/** A request as it is shown: with its steps. */
export type ShownRequest = OutputOf<'request:show'>

/** A number of minutes as a length of time. */
export const lasting = (minutes: number): string => span(minutes * 60_000)

/** What is asked for, in one line. */
export function Asked({ request, of }: { readonly request: ListedRequest; readonly of: Directory }): ReactElement {
  return (
    <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-1.5 gap-y-0.5">
      <Gives grant={request} />
      <span className="text-soft">on</span>
      <Scope scope={request.scope} of={of} />
      <Environments ids={request.environments} of={of} none="everywhere" />
      <span className="text-soft">for {lasting(request.minutes)}</span>
    </span>
  )
}

const states: Readonly<Record<ListedRequest['state'], readonly [icon: IconName, tone: string]>> = {
  open: ['clock', 'font-medium text-ink'],
  approved: ['check', 'text-good'],
  denied: ['denied', 'text-bad'],
  withdrawn: ['dash', 'text-soft'],
  expired: ['clock', 'text-soft'],
  ended: ['dash', 'text-soft'],
}

/** Its state; of an open one, how many approvals it has. */
export function RequestState({ of: { state, approvalsGiven, approvalsNeeded } }: { readonly of: ListedRequest }): ReactElement {
  const [icon, tone] = states[state]
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${tone}`}>
      <Icon name={icon} />
      {state}
      {state === 'open' && approvalsNeeded > 1 ? `, ${approvalsGiven} of ${approvalsNeeded} approved` : ''}
    </span>
  )
}
