// What is carried by hand from here to somewhere else, or shown this once: its name, the whole of it, and a copy.
import type { ReactElement, ReactNode } from 'react'
import { Code } from '../../design/code.tsx'
import { Copy } from '../../design/copy.tsx'
import { Fact } from '../../design/facts.tsx'

interface CopiedProps {
  /** What the other side calls it. */
  readonly name: string
  readonly text: string
  readonly hint?: ReactNode
}

/** A fact to copy, never cut. */
export function Copied({ name, text, hint }: CopiedProps): ReactElement {
  return (
    <Fact name={name}>
      <span className="flex items-start gap-1">
        <code className="min-w-0 py-0.5 font-mono text-tiny [overflow-wrap:anywhere]">{text}</code>
        <Copy text={text} what={name} />
      </span>
      {hint === undefined ? null : <span className="block text-small text-soft">{hint}</span>}
    </Fact>
  )
}

interface ShownOnceProps {
  readonly children: ReactNode
  /** What is shown: the name that the other side knows it by, and the whole of it. */
  readonly shown: readonly { readonly name: string; readonly text: string; readonly hint?: string }[]
}

/** What is shown this once: it says so above it. */
export function ShownOnce({ children, shown }: ShownOnceProps): ReactElement {
  return (
    <>
      <p className="font-medium text-warn">{children}</p>
      {shown.map(({ name, text, hint }) => (
        <div key={name} className="mt-3">
          <p className="mb-1 text-small">
            <span className="font-medium">{name}</span> {hint === undefined ? null : <span className="text-soft">{hint}</span>}
          </p>
          <Code text={text} label={name} />
        </div>
      ))}
    </>
  )
}
