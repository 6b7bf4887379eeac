// A room of screens: views that belong together under one place of the navigation, with the way from each to the others. All of them are shown to everybody;
// which of them somebody may read is the server's to say.
import { useLocation } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import { withinConsole } from '../api/came-from.ts'
import { Link } from './link.tsx'
import { Page } from './page.tsx'
import { tabLook, tabRow } from './tab-look.ts'

/** A view of a room. */
export interface RoomView {
  readonly to: string
  readonly name: string
}

/** What a view of a room says of itself. */
export interface RoomPageProps {
  readonly title: string
  /** What the view is for, in one sentence, or the state of the thing. */
  readonly line?: ReactNode
  readonly mark?: ReactNode
  /** The view of which this is one thing; it is in the row of views. */
  readonly below?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

interface RoomProps extends RoomPageProps {
  /** Its views; the first one is the room's own. */
  readonly views: readonly [RoomView, ...RoomView[]]
  /** What the row of views is, for those who hear it. */
  readonly label: string
  /** What the room is called, where that is not the name of its first view. */
  readonly name: string
}

/** A view of a room. */
export function Room({ views, label, name, title, line, mark, below, actions, children }: RoomProps): ReactElement {
  const here = withinConsole(useLocation().pathname)
  const [first] = views
  const parent = views.find(({ to }) => to === below && to !== first.to)
  return (
    <Page
      title={title}
      mark={mark}
      crumbs={below === undefined ? [] : [{ name, to: first.to }, ...(parent === undefined ? [] : [{ name: parent.name, to: parent.to }])]}
      line={line}
      actions={actions}
    >
      <nav aria-label={label} className={`mb-5 print:hidden ${tabRow}`}>
        <ul className="contents">
          {views.map(({ to, name: view }) => {
            const isHere = to === (below ?? here)
            return (
              <li key={to}>
                <Link to={to} quiet current={isHere} className={`hover:no-underline ${tabLook(isHere)}`}>
                  {view}
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
