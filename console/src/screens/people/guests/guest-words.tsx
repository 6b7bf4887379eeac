// How a guest stands, in a sentence; and when his sponsor is reminded of the end.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useNow, When } from '../../../design/when.tsx'

/** A guest as he is listed. */
export type Guest = OutputOf<'guest:list'>['items'][number]

/** How long before the end the sponsor is reminded, in days. */
const reminderDays = [14, 3] as const
const dayMs = 86_400_000

const sentences: Readonly<Record<Guest['state'], string>> = {
  invited: 'Nobody yet: the sponsor has not accepted to answer for this guest.',
  active: 'Let in, until the end.',
  paused: 'Nothing is admitted: the sponsor has left, and nobody else has accepted to answer for this guest yet.',
  ended: 'Over.',
}

/** The sentence. */
export const standing = (state: Guest['state']): string => sentences[state]

/** When the sponsor is reminded, those that are over and those that come. */
export function Reminders({ until }: { readonly until: string }): ReactElement {
  const now = useNow()
  const end = Date.parse(until)
  return (
    <span className="inline-flex flex-wrap gap-x-4">
      {reminderDays.map((days) => {
        const at = end - days * dayMs
        return (
          <span key={days}>
            <span className="text-soft">
              {days} days before{at <= now ? ', since' : ':'}
            </span>{' '}
            <When at={new Date(at).toISOString()} />
          </span>
        )
      })}
    </span>
  )
}
