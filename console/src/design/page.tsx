// The shape of a view: where it stands, what it is called, what can be done, and sections divided by hairlines.
import { useLocation } from '@tanstack/react-router'
import { type ReactElement, type ReactNode, useEffect, useId } from 'react'
import { rememberVisit } from '../api/visits.ts'
import { Link } from './link.tsx'
import { NeighbourSteps } from './neighbours.tsx'

/** A step on the way to a view. */
export interface Crumb {
  readonly name: string
  readonly to: string
}

interface PageProps {
  /** What the view is called: also the document's title, and what the palette remembers. */
  readonly title: string
  /** What stands before the title: a mark of its kind. */
  readonly mark?: ReactNode
  readonly crumbs?: readonly Crumb[]
  /** What the view says of itself in a line: state, environment, times. */
  readonly line?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A view. Its heading takes the focus when one arrives by navigation. */
export function Page({ title, mark, crumbs = [], line, actions, children }: PageProps): ReactElement {
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: two things may have the same title.
  useEffect(() => {
    document.title = `${title} · Twinlock`
    rememberVisit(title, `${window.location.pathname}${window.location.search}`)
  }, [title, pathname])
  return (
    <article className="mx-auto w-full max-w-[90rem] px-4 pt-4 pb-16 md:px-8 md:pt-6">
      {crumbs.length > 0 ? (
        <div className="mb-1 flex min-h-6 items-center justify-between gap-4">
          <nav aria-label="Breadcrumbs" className="text-small text-faint">
            <ol className="flex flex-wrap gap-x-1.5">
              {crumbs.map(({ name, to }, at) => (
                <li key={to} className="flex gap-x-1.5">
                  <Link to={to} quiet className="hover:text-ink">
                    {name}
                  </Link>
                  {at < crumbs.length - 1 ? <span aria-hidden="true">/</span> : null}
                </li>
              ))}
            </ol>
          </nav>
          <NeighbourSteps />
        </div>
      ) : null}
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <h1
            tabIndex={-1}
            data-page-title=""
            className="flex items-start gap-2 rounded-mark text-title font-semibold tracking-[-0.01em] outline-none"
          >
            {mark === undefined ? null : <span className="flex h-[1lh] items-center">{mark}</span>}
            <bdi className="min-w-0 [overflow-wrap:anywhere]">{title}</bdi>
          </h1>
          {line ? <div className="mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-small text-soft">{line}</div> : null}
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </header>
      <div className="mt-5">{children}</div>
    </article>
  )
}

interface SectionProps {
  readonly title: string
  /** Where a link within the view leads to it. */
  readonly anchor?: string
  /** How many there are, or a word on it. */
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A part of a view, below a hairline. */
export function Section({ title, anchor, note, actions, children }: SectionProps): ReactElement {
  const id = useId()
  return (
    <section aria-labelledby={id} id={anchor} className="mt-7 scroll-mt-16 first:mt-0">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line pb-1.5">
        <h2 id={id} className="flex flex-wrap items-baseline gap-x-2 text-small font-semibold">
          {title}
          {note === undefined ? null : <span className="font-normal text-faint">{note}</span>}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  )
}
