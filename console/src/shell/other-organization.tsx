// An address that is of another organization than any that this browser is signed in to: what is shown is not what was sent, and that is said above it.
import type { ReactElement } from 'react'
import { noteAsked, session } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Button } from '../design/button.tsx'
import { Notice } from '../design/conditions.tsx'

/** The notice; nothing where the address and the organization agree. */
export function OtherOrganization(): ReactElement | null {
  const now = useStore(session)
  if (now.state !== 'somebody' || now.asked === undefined) return null
  return (
    <div className="px-4 pt-4 md:px-8">
      <Notice
        tone="warn"
        title="You are not signed in to the organization that this address is of."
        action={
          <Button onPress={noteAsked}>
            Stay in <bdi>{now.here.name}</bdi>
          </Button>
        }
      >
        It is of <code className="font-mono text-tiny [overflow-wrap:anywhere]">{now.asked}</code>; what you see is of{' '}
        <bdi>{now.here.name}</bdi>. Sign in there with a link of that organization, and open the address again.
      </Notice>
    </div>
  )
}
