// Kinds of principals and things: each has one shape and one colour, everywhere. The shape alone tells them apart.
import type { ReactElement } from 'react'

/** A kind that has a shape. */
export type Kind = 'person' | 'pipeline' | 'run' | 'twin' | 'service' | 'agent'

const shapes: Readonly<Record<Kind, { readonly path: string; readonly tone: string; readonly word: string }>> = {
  person: { path: 'M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13Z', tone: 'text-person', word: 'person' },
  pipeline: { path: 'M8 1.2 14 4.6v6.8L8 14.8l-6-3.4V4.6Z', tone: 'text-pipeline', word: 'pipeline' },
  run: { path: 'M8 1 15 8 8 15 1 8Z', tone: 'text-run', word: 'run' },
  twin: { path: 'M8 1 15 8 8 15 1 8Z', tone: 'text-run', word: 'twin' },
  service: { path: 'M2.2 2.2h11.6v11.6H2.2Z', tone: 'text-service', word: 'service' },
  agent: { path: 'M8 1.5 15 14H1Z', tone: 'text-agent', word: 'agent' },
}

/** The kind that an id or a SPIFFE id speaks of; undefined when it has no shape. */
export function kindOf(text: string): Kind | undefined {
  const prefix: Readonly<Record<string, Kind>> = {
    per: 'person',
    gst: 'person',
    pip: 'pipeline',
    run: 'run',
    twn: 'twin',
    svc: 'service',
    agt: 'agent',
  }
  const known = prefix[/^([a-z]{3})_/.exec(text)?.[1] ?? '']
  if (known !== undefined) return known
  const path = /^spiffe:\/\/[^/]+\/(twin|pipeline|agent|service)\//.exec(text)?.[1]
  return path === 'twin' ? 'run' : (path as Kind | undefined) // the expression lets nothing else through
}

interface KindMarkProps {
  readonly kind: Kind
  /** Whether the word is said as well, to those who hear the page; left out where it stands beside the mark. */
  readonly named?: boolean
}

/** The shape of a kind. */
export function KindMark({ kind, named = true }: KindMarkProps): ReactElement {
  const { path, tone, word } = shapes[kind]
  const isHollow = kind === 'twin'
  return (
    <span className={`inline-flex shrink-0 ${tone}`}>
      <svg
        viewBox="0 0 16 16"
        width="12"
        height="12"
        aria-hidden="true"
        fill={isHollow ? 'none' : 'currentColor'}
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <path d={path} />
      </svg>
      {named ? <span className="sr-only">{word} </span> : null}
    </span>
  )
}

/** The word of a kind. */
export const kindWord = (kind: Kind): string => shapes[kind].word
