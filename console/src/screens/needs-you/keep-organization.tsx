// Keeping an organization that somebody asked to delete: every administrator can, until it is done.
import type { ReactElement } from 'react'
import { Act } from '../../design/act.tsx'

/** The button. */
export function KeepOrganization(): ReactElement {
  return (
    <span className="mt-2 block">
      <Act
        action="organization:keep"
        label="Keep it"
        title="Keep the organization"
        input={(reason) => ({ reason })}
        reason="Why it stays; goes on the record."
        before={<p>Nothing of it is deleted, and what stood still because of that goes on. Whoever wants it gone asks anew.</p>}
        after={() => <p>It stays.</p>}
      />
    </span>
  )
}
