// Connecting a provider: which protocol it speaks, and what it says of itself. What is to be registered with it comes after, on the connection's own view.
import type { ReactElement } from 'react'
import { place, useGo } from '../../../design/link.tsx'
import { useView } from '../../../shell/view.ts'
import { IdentityPage } from '../identity-page.tsx'
import { ProviderForm } from './provider-form.tsx'

/** The screen. */
export function NewConnection(): ReactElement {
  const go = useGo()
  const [search, change] = useView()
  return (
    <IdentityPage
      title="Connect a provider"
      below="/identity"
      line="First what the provider says of itself; then what it has to know of us, a test, and the domains that it speaks for."
    >
      <ProviderForm
        protocol={search.protocol === 'saml' ? 'saml' : 'oidc'}
        onProtocol={(protocol) => change({ protocol })}
        onMade={(id) => go(place('/identity/$id', { id }))}
        isAdministrator
      />
    </IdentityPage>
  )
}
