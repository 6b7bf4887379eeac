// Words and marks that views of providers share.
import type { ReactElement, ReactNode } from 'react'
import { Icon } from '../../../design/icon.tsx'

/** What the protocols are called. */
export const protocolWord = { oidc: 'OpenID Connect', saml: 'SAML 2.0' } as const

/** Something that works now, and will not. */
export function Warning({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-warn">
      <Icon name="warn" />
      {children}
    </span>
  )
}
