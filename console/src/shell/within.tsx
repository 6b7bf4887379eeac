// Above a list that is not of the whole organization: the places out of which it is.
import type { ReactElement, ReactNode } from 'react'
import type { Place } from '../api/places.ts'
import { visible } from '../design/visible.ts'
import { placesMax } from './placed-list.ts'

/** The line; nothing for whoever is shown the list of the whole organization. */
export function Within({ of: places }: { readonly of: readonly Place[] | undefined }): ReactElement | null {
  if (places === undefined) return null
  const named = places.slice(0, placesMax).map(
    ({ kind, id, name }, at): ReactNode => (
      <span key={id}>
        {at === 0 ? '' : ', '}
        {kind} <bdi className="font-medium text-ink">{visible(name)}</bdi>
      </span>
    ),
  )
  return (
    <p className="mb-3 text-small text-soft [overflow-wrap:anywhere]">
      What lies in {named}, where you hold a role.
      {places.length > placesMax
        ? ` You hold one in ${places.length - placesMax} more places: choose a project, beside the organization’s name, to see what lies there.`
        : ''}
    </p>
  )
}
