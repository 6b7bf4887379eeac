// What the shell shows when a path leads nowhere, or a view breaks. The rest of the console goes on.
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { asProblem } from '../api/problem.ts'
import { Empty, Failed } from '../design/conditions.tsx'
import { Link } from '../design/link.tsx'
import { Page } from '../design/page.tsx'

/** There is no such view. */
export function NothingHere(): ReactElement {
  return (
    <Page title="Nothing is here">
      <Empty title="No view has this address.">
        It may have been typed wrong, or come from another version. <Link to="/">Go to what needs you</Link>, or press <kbd>Ctrl</kbd>{' '}
        <kbd>K</kbd> to look for it.
      </Empty>
    </Page>
  )
}

/** A view broke. */
export function ScreenFailed({ error, reset }: ErrorComponentProps): ReactElement {
  const router = useRouter()
  const again = (): void => {
    reset()
    void router.invalidate()
  }
  return (
    <Page title="This view failed">
      <Failed problem={asProblem(error)} again={again} />
    </Page>
  )
}
