// Links within the console. A link is a link: it can be opened in another tab, copied, and reached by the keyboard.
import { createLink, useRouter } from '@tanstack/react-router'
import type { ComponentPropsWithRef, ReactElement, ReactNode } from 'react'
import { rememberList, withinConsole } from '../api/came-from.ts'

/** A path of the console with its parameters filled in: `place('/runs/$run', { run })`. Parameters cannot leave their place. */
export function place(
  pattern: string,
  params: Readonly<Record<string, string>> = {},
  search: Readonly<Record<string, string | undefined>> = {},
): string {
  const path = pattern.replace(/\$(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const query = new URLSearchParams(Object.entries(search).filter((pair): pair is [string, string] => pair[1] !== undefined))
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

interface LinkProps {
  /** A path within the console, as `place` makes it. */
  readonly to: string
  readonly children: ReactNode
  readonly className?: string
  /** Without the colour of a link, where the whole row reads as one. */
  readonly quiet?: boolean
  /** Whether `j` and `k` stop at it. */
  readonly item?: boolean
  /** Whether it stands, among links beside it, for where one is. */
  readonly current?: boolean
}

interface AnchorProps extends ComponentPropsWithRef<'a'> {
  readonly current: boolean
}

/** An anchor that knows itself what is current: the router says so of each link whose path the shown one begins with, and every path begins with the first page's. */
function Anchor({ current, 'aria-current': _, ...rest }: AnchorProps): ReactElement {
  return <a {...rest} aria-current={current ? 'page' : undefined} />
}

const RouterLink = createLink(Anchor)

/** Remembers the items that `j` and `k` stop at, in their order, as the list that one comes from. */
function rememberItems(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>('main a[data-item]')]
  rememberList(links.map(({ pathname }) => withinConsole(pathname)))
}

/** A link to another view. */
export function Link({ to, children, className = '', quiet = false, item = false, current = false }: LinkProps): ReactElement {
  const at = to.indexOf('?')
  const search = at === -1 ? {} : Object.fromEntries(new URLSearchParams(to.slice(at + 1)))
  // The router's types know no search of ours: the paths are data.
  const look = quiet ? 'hover:underline' : 'text-accent underline decoration-accent/40 hover:decoration-accent'
  return (
    <RouterLink
      to={at === -1 ? to : to.slice(0, at)}
      search={search as never}
      current={current}
      {...(item ? { 'data-item': '', onClick: rememberItems } : {})}
      className={`rounded-mark underline-offset-2 ${look} ${className}`}
    >
      {children}
    </RouterLink>
  )
}

/** Goes to a path of the console. */
export function useGo(): (to: string) => void {
  const router = useRouter()
  return (to) => void router.navigate({ href: `${router.basepath.replace(/\/$/, '')}${to}` })
}
