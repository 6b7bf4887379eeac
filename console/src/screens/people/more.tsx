// Below a list: how many there are, and the way to more of them.
import type { ReactElement } from 'react'
import type { Listed } from '../../api/queries.ts'
import { Button } from '../../design/button.tsx'
import { counted } from '../../design/time.ts'

interface MoreProps {
  readonly of: Listed<unknown>
  /** What one of them is called. */
  readonly one: string
  readonly many?: string
  /** How many there are in all, where that is known. */
  readonly all?: number | undefined
}

/** The line. */
export function More({ of: { items, more, isReadingMore }, one, many = `${one}s`, all }: MoreProps): ReactElement {
  const said = counted(items.length, one, many)
  return (
    <p className="mt-3 flex flex-wrap items-center gap-3 text-small text-faint">
      {more === undefined
        ? said
        : all === undefined
          ? `The first ${said}`
          : `The first ${items.length.toLocaleString('en-US')} of ${counted(all, one, many)}`}
      {more === undefined ? null : (
        <Button onPress={more} isPending={isReadingMore}>
          Read more
        </Button>
      )}
    </p>
  )
}
