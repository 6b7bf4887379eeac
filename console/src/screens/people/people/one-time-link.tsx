// A link that signs a person in once: what it will do before, and the link itself afterwards, shown this once. Whoever holds it is the person, for ten minutes.
import type { ReactElement } from 'react'
import { Act } from '../../../design/act.tsx'
import { Code } from '../../../design/code.tsx'
import { Countdown } from '../../../design/when.tsx'

interface OneTimeLinkProps {
  readonly person: string
  readonly name: string
  readonly notNow: string | undefined
}

function Made({ token, expiresAt }: { readonly token: string; readonly expiresAt: string }): ReactElement {
  return (
    <>
      <p className="mb-2">
        It is shown this once. Send it to the person and to nobody else; it is good for <Countdown until={expiresAt} over="no longer" />.
      </p>
      <Code text={`${window.location.origin}/login#${token}`} label="the link" />
    </>
  )
}

/** The act. */
export function OneTimeLink({ person, name, notNow }: OneTimeLinkProps): ReactElement {
  return (
    <Act
      action="person:link"
      label="One-time link"
      title="Make a one-time link"
      input={() => ({ person })}
      notNow={notNow}
      before={
        <p>
          Whoever opens it is signed in as <bdi className="font-medium">{name}</bdi>, once, within ten minutes. Where the organization
          requires its provider, it is refused; a break-glass link is made on the command line, and every administrator sees it.
        </p>
      }
      after={(made) => <Made {...made} />}
    />
  )
}
