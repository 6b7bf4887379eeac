// The frame of every view on access: its name, and the way to the others. Which of them somebody may read is the server's to say; all of them are shown.
import { useLocation } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import { withinConsole } from '../../api/came-from.ts'
import { Link } from '../../design/link.tsx'
import { Page } from '../../design/page.tsx'

const views = [
  { to: '/access', name: 'Yours' },
  { to: '/access/paths', name: 'Paths' },
  { to: '/access/blast', name: 'Blast radius' },
  { to: '/access/what-if', name: 'What if' },
  { to: '/access/grants', name: 'Grants' },
  { to: '/access/requests', name: 'Requests' },
  { to: '/access/guardrails', name: 'Guardrails' },
  { to: '/access/roles', name: 'Roles' },
] as const

interface AccessPageProps {
  readonly title: string
  /** What the view is for, in one sentence, or the state of the thing. */
  readonly line?: ReactNode
  readonly mark?: ReactNode
  /** The view of which this is one thing; it is in the row of views. */
  readonly below?: (typeof views)[number]['to']
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A view on access. */
export function AccessPage({ title, line, mark, below, actions, children }: AccessPageProps): ReactElement {
  const here = withinConsole(useLocation().pathname)
  const parent = views.find(({ to }) => to === below)
  return (
    <Page
      title={title}
      mark={mark}
      crumbs={[{ name: 'Access', to: '/access' }, ...(parent === undefined ? [] : [{ name: parent.name, to: parent.to }])]}
      line={line}
      actions={actions}
    >
      <nav aria-label="Views on access" className="mb-5 border-b border-line">
        <ul className="flex flex-wrap gap-x-5">
          {views.map(({ to, name }) => {
            const isHere = to === (below ?? here)
            return (
              <li key={to} aria-current={isHere ? 'page' : undefined} className="-mb-px">
                <Link
                  to={to}
                  quiet
                  className={`block border-b-2 py-1.5 text-small font-medium hover:text-ink hover:no-underline ${isHere ? 'border-accent text-ink' : 'border-transparent text-soft'}`}
                >
                  {name}
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
      {children}
    </Page>
  )
}
