// Buttons: one primary act in a view at most; the others are quiet. A button is a verb.
import type { ReactElement, ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components'

/** How a button weighs. */
export type Weight = 'primary' | 'plain' | 'quiet' | 'word' | 'danger'

const looks: Readonly<Record<Weight, string>> = {
  primary: 'border-accent bg-accent text-on-accent hover:brightness-110 pressed:brightness-90',
  plain: 'border-line bg-raised text-ink hover:border-edge hover:bg-hover',
  quiet: 'border-transparent text-ink hover:bg-hover',
  word: 'border-transparent text-accent hover:bg-hover',
  danger: 'border-bad/50 bg-raised text-bad hover:bg-bad-ground',
}

interface ButtonProps {
  readonly children: ReactNode
  readonly onPress?: () => void
  readonly weight?: Weight
  readonly type?: 'button' | 'submit'
  readonly isDisabled?: boolean
  /** Under way: it keeps the focus, and pressing it again does nothing. */
  readonly isPending?: boolean
  /** What it is called where its content does not say it. */
  readonly label?: string
  readonly describedBy?: string | undefined
  readonly className?: string
}

/** The class names of a button, for links that look like one. */
export function buttonLook(weight: Weight): string {
  return `inline-flex min-h-8 print:hidden items-center justify-center gap-1.5 rounded-field border px-3 py-1 text-small font-medium leading-5 select-none ${looks[weight]}`
}

/** A button. */
export function Button({
  children,
  onPress,
  weight = 'plain',
  type = 'button',
  isDisabled = false,
  isPending = false,
  label,
  describedBy,
  className = '',
}: ButtonProps): ReactElement {
  return (
    <AriaButton
      type={type}
      isDisabled={isDisabled}
      // Not React Aria's own pending: its announcer points at an element that is gone when the act is done.
      {...(isPending ? { 'aria-disabled': true } : {})}
      {...(onPress === undefined || isPending ? {} : { onPress })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      className={`${buttonLook(weight)} disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-faint aria-disabled:cursor-progress aria-disabled:opacity-70 ${className}`}
    >
      {children}
    </AriaButton>
  )
}
