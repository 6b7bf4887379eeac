// Names that people chose, in a sentence: each is kept apart from what stands beside it, so that none turns the direction of the rest.
import { Fragment, type ReactElement } from 'react'

interface NamesProps {
  readonly of: readonly string[]
  /** What stands before the last of them, where any one will do: `or`. */
  readonly last?: string
}

/** Names with commas between them. */
export function Names({ of: names, last }: NamesProps): ReactElement {
  const all = [...new Set(names)]
  return (
    <>
      {all.map((name, at) => (
        <Fragment key={name}>
          {at === 0 ? null : last !== undefined && at === all.length - 1 ? ` ${last} ` : ', '}
          <bdi>{name}</bdi>
        </Fragment>
      ))}
    </>
  )
}
