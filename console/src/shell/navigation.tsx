// The navigation: the screens of their folders, in order. Beside the view where there is room; behind a button on a phone.
import { useLocation } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { withinConsole } from '../api/came-from.ts'
import { Icon } from '../design/icon.tsx'
import { Link } from '../design/link.tsx'
import { placeOf } from './place-of.ts'
import { places, screens } from './screen.ts'

interface NavigationProps {
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
}

/** Where one can go. */
export function Navigation({ isOpen, onOpen }: NavigationProps): ReactElement {
  const current = placeOf(withinConsole(useLocation().pathname), screens)
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls="navigation"
        onClick={() => onOpen(!isOpen)}
        onKeyDown={(event) => event.key === 'Escape' && onOpen(false)}
        className="order-first grid size-9 place-items-center rounded-field text-soft hover:bg-hover md:hidden"
      >
        <Icon name={isOpen ? 'cross' : 'menu'} />
        <span className="sr-only">Navigation</span>
      </button>
      <nav
        id="navigation"
        aria-label="Console"
        className={`${isOpen ? 'absolute inset-x-0 top-full block border-b border-line bg-paper px-3 py-2' : 'hidden'} md:static md:mt-4 md:block md:border-0 md:p-0`}
      >
        <ul>
          {places.map(({ path, place: { name, icon } }) => {
            const here = path === current
            return (
              <li key={path}>
                <Link
                  to={path}
                  quiet
                  current={here}
                  className={`flex min-h-8 items-center gap-2.5 px-2 py-1 hover:bg-hover hover:no-underline ${here ? 'bg-hover font-semibold text-ink' : 'text-soft'}`}
                >
                  <Icon name={icon} className={here ? 'text-accent' : ''} />
                  {name}
                </Link>
              </li>
            )
          })}
        </ul>
      </nav>
    </>
  )
}
