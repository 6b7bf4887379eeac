// A link that looks like a button: where a view begins something that has a view of its own.
import type { ReactElement } from 'react'
import { buttonLook, type Weight } from '../../design/button.tsx'
import { Link } from '../../design/link.tsx'

interface LinkButtonProps {
  readonly to: string
  readonly children: string
  readonly weight?: Weight
}

/** The link. */
export function LinkButton({ to, children, weight = 'plain' }: LinkButtonProps): ReactElement {
  return (
    <Link to={to} quiet className={`${buttonLook(weight)} hover:no-underline`}>
      {children}
    </Link>
  )
}
