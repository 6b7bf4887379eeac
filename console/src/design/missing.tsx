// It is not here: there never was such a thing, or it belongs to another organization. The server does not tell the two apart, so neither does this view,
// unless this browser is signed in where it is.
import { useLocation } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { idIn, useElsewhere } from '../api/elsewhere.ts'
import type { Problem } from '../api/problem.ts'
import { chooseOrganization, session } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import { Id } from './id.tsx'
import { Link } from './link.tsx'
import { Said } from './said.tsx'

/** Nothing of this id in this organization. */
export function Missing({ problem, again }: { readonly problem: Problem; readonly again: () => void }): ReactElement {
  const { pathname } = useLocation()
  const now = useStore(session)
  const id = idIn(pathname)
  const elsewhere = useElsewhere(id)
  const here = now.state === 'somebody' ? now.here.name : 'this organization'
  return (
    <div role="alert" className="max-w-prose border-l-2 border-edge py-1 pl-4">
      <p className="flex items-center gap-1.5 font-medium">
        <Icon name="question" className="text-soft" />
        It is not in <bdi>{here}</bdi>
      </p>
      {elsewhere === undefined ? (
        <>
          <p className="mt-1 [overflow-wrap:anywhere]">
            <Said text={problem.detail} />
          </p>
          <p className="mt-1 text-soft">
            The address may be that of another organization, or of something that never was. Whoever sent it to you can say which.{' '}
            <Link to="/">Go to what needs you</Link>.
          </p>
        </>
      ) : (
        <p className="mt-1">
          It belongs to <bdi className="font-medium">{elsewhere.name}</bdi> (<code className="font-mono text-tiny">{elsewhere.slug}</code>),
          where you are signed in as <bdi>{elsewhere.person.name}</bdi>.
        </p>
      )}
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-soft">
        {elsewhere === undefined ? null : (
          <Button weight="primary" onPress={() => chooseOrganization(elsewhere.id)}>
            Act in <bdi>{elsewhere.name}</bdi>
          </Button>
        )}
        <span>
          code <code className="font-mono text-tiny">{problem.code}</code>
        </span>
        {problem.requestId === undefined ? null : (
          <span className="inline-flex items-center gap-1">
            request <Id id={problem.requestId} />
          </span>
        )}
        <Button onPress={again}>Try again</Button>
      </p>
    </div>
  )
}
