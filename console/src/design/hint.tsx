// A word that has more to say on focus and hover. The text is also there for those who see no bubble: it describes the element.
import { type ReactElement, type ReactNode, useId, useState } from 'react'

interface HintProps {
  readonly text: string
  readonly children: ReactNode
}

/** Something that says more on hover, focus and touch; Escape puts it away. */
export function Hint({ text, children }: HintProps): ReactElement {
  const id = useId()
  const [open, setOpen] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here, more is shown; the text is its description in any case.
    <span
      // biome-ignore lint/a11y/noNoninteractiveTabindex: by keyboard the exact value is reached in the same way as by the mouse.
      tabIndex={0}
      aria-describedby={id}
      onMouseEnter={() => setOpen(true)}
      onMouseLeave={() => setOpen(false)}
      onFocus={() => setOpen(true)}
      onBlur={() => setOpen(false)}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          event.stopPropagation()
          setOpen(false)
        }
      }}
      className="relative rounded-mark decoration-edge decoration-dotted underline-offset-4 hover:underline"
    >
      {children}
      <span
        id={id}
        role="tooltip"
        className={`absolute bottom-full left-0 z-30 mb-1 rounded-mark bg-ink px-2 py-1 font-sans text-tiny whitespace-nowrap text-paper ${open ? '' : 'hidden'}`}
      >
        {text}
      </span>
    </span>
  )
}
