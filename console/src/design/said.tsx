// A sentence of the server's: what stands in backticks is a name or a value that somebody chose, and looks like one. It is text either way.
import type { ReactElement } from 'react'
import { withMoments } from './time.ts'

/** A sentence, with what it quotes set apart. */
export function Said({ text }: { readonly text: string }): ReactElement {
  const parts = withMoments(text).split('`')
  // An odd number of backticks quotes nothing that could be told from the rest.
  if (parts.length < 3 || parts.length % 2 === 0) return <>{parts.join('`')}</>
  return (
    <>
      {parts.map((part, at) =>
        at % 2 === 0 ? (
          part
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence have no other identity than their order.
          <bdi key={at} className="font-mono text-[0.9em]">
            {part}
          </bdi>
        ),
      )}
    </>
  )
}
