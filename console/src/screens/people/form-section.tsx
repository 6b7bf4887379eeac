// A section of a page in which something is about to be changed, and which closes again without having done anything; and how its fields lie.
import type { ReactElement, ReactNode } from 'react'
import { Button } from '../../design/button.tsx'
import { Section } from '../../design/page.tsx'

/** What a form section is made of; `onDone` closes it. */
export interface FormSectionProps {
  readonly title: string
  readonly onDone: () => void
  readonly children: ReactNode
}

/** A section for a change, with the way out of it. */
export function FormSection({ title, onDone, children }: FormSectionProps): ReactElement {
  return (
    <Section
      title={title}
      actions={
        <Button weight="quiet" onPress={onDone}>
          Never mind
        </Button>
      }
    >
      {children}
    </Section>
  )
}

interface FieldsProps {
  readonly children: ReactNode
}

/** Fields below each other, no wider than they need. */
export function Fields({ children }: FieldsProps): ReactElement {
  return <div className="flex min-w-0 max-w-md flex-col gap-4">{children}</div>
}

interface BesideProps extends FieldsProps {
  readonly beside: ReactNode
}

/** Fields, and beside them what they would come to; below them where the window is narrow. */
export function Beside({ children, beside }: BesideProps): ReactElement {
  return (
    <div className="grid gap-x-12 gap-y-8 md:grid-cols-[20rem_minmax(0,1fr)]">
      <Fields>{children}</Fields>
      <div className="min-w-0 md:sticky md:top-6 md:self-start">{beside}</div>
    </div>
  )
}
