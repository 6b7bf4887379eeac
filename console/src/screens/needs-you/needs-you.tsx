// What waits for the person who looks.
import type { ReactElement } from 'react'
import { Empty } from '../../design/conditions.tsx'
import { Page } from '../../design/page.tsx'

/** The first screen. */
export function NeedsYou(): ReactElement {
  return (
    <Page title="Needs you">
      <Empty title="Nothing waits for you." command="npx twinlock run launch --help">
        Launch a run, or look at what others did.
      </Empty>
    </Page>
  )
}
