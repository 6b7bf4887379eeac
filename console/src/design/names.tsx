// Names that people chose, in a sentence: each is kept apart from what stands beside it, so that none turns the direction of the rest.
import { Fragment, type ReactElement } from 'react'

/** Names with commas between them. */
export function Names({ of: names }: { readonly of: readonly string[] }): ReactElement {
  return (
    <>
      {[...new Set(names)].map((name, at) => (
        <Fragment key={name}>
          {at === 0 ? null : ', '}
          <bdi>{name}</bdi>
        </Fragment>
      ))}
    </>
  )
}
