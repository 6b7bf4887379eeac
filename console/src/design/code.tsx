// Text as a program wrote it: a command to copy, a log, JSON. It is shown as text, with its own scroll and never wider than the view.
import type { ReactElement } from 'react'
import { Copy } from './copy.tsx'

interface CodeProps {
  readonly text: string
  /** What it is, for those who hear it. */
  readonly label?: string
  /** How many lines show before it scrolls. */
  readonly tall?: boolean
}

/** A block of text with its copy. */
export function Code({ text, label = 'the command', tall = false }: CodeProps): ReactElement {
  return (
    <div className="flex max-w-full items-start gap-1 rounded-field border border-line bg-sunken py-1 pr-1 pl-3">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard.
        tabIndex={0}
        aria-label={label}
        className={`min-w-0 flex-1 overflow-auto rounded-mark ${tall ? 'max-h-[32rem]' : 'max-h-72'}`}
      >
        <pre className="py-1 font-mono text-tiny leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</pre>
      </section>
      <Copy text={text} what={label} />
    </div>
  )
}
