// Copying a text: the one button for it. It says what it copied, and that it did.
import { type ReactElement, useState } from 'react'
import { announce } from './announcer.tsx'
import { Icon } from './icon.tsx'

const shownMs = 1_500

interface CopyProps {
  readonly text: string
  /** What the text is, for those who hear it: `the digest`. */
  readonly what: string
  readonly className?: string
}

/** A button that copies. */
export function Copy({ text, what, className = '' }: CopyProps): ReactElement {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      announce(`Copied ${what}.`)
      setCopied(true)
      setTimeout(() => setCopied(false), shownMs)
    } catch {
      announce(`${what} could not be copied: the browser does not allow it here.`)
    }
  }
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={`Copy ${what}`}
      className={`inline-grid size-6 shrink-0 place-items-center rounded-mark align-middle text-faint hover:bg-hover hover:text-ink ${className}`}
    >
      <Icon name={copied ? 'check' : 'copy'} className={copied ? 'text-good' : ''} />
    </button>
  )
}
