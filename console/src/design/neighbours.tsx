// Where this item stands in the list that one came from, with a way to the former and the next one; `[` and `]` do the same.
import { useLocation } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { neighboursOf } from '../api/came-from.ts'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'

function Step({ to, name }: { readonly to: string | undefined; readonly name: 'Former' | 'Next' }): ReactElement {
  const icon = <Icon name={name === 'Former' ? 'left' : 'right'} className="size-3.5" />
  const box = 'grid size-6 place-items-center'
  if (to === undefined) return <span className={`${box} text-line`}>{icon}</span>
  return (
    <Link to={to} quiet className={`${box} text-soft hover:bg-hover hover:text-ink`}>
      {icon}
      <span className="sr-only">{name} item</span>
    </Link>
  )
}

/** The place in the list; nothing for whoever came another way. */
export function NeighbourSteps(): ReactElement | null {
  const { pathname } = useLocation()
  const here = neighboursOf(pathname)
  if (here === undefined) return null
  return (
    <nav aria-label="The list you came from" className="flex items-center gap-1 text-small text-faint">
      <Step to={here.former} name="Former" />
      <Link to={here.list} quiet className="whitespace-nowrap hover:text-ink">
        {here.at} of {here.count} <span className="sr-only">in {here.title}</span>
      </Link>
      <Step to={here.next} name="Next" />
    </nav>
  )
}
