// Opening a directory, as an administrator.
import type { ReactElement } from 'react'
import { place, useGo } from '../../../design/link.tsx'
import { IdentityPage } from '../identity-page.tsx'
import { DirectoryForm } from './directory-form.tsx'

/** The screen. */
export function NewDirectory(): ReactElement {
  const go = useGo()
  return (
    <IdentityPage
      title="Open a directory"
      below="/identity/directories"
      line="One for each connection of a provider. You answer for it, and for the groups that it makes."
    >
      <DirectoryForm isAdministrator onMade={(id) => go(place('/identity/directories/$id', { id }))} />
    </IdentityPage>
  )
}
