// A section of a page in which something is about to be changed, and which closes again without having done anything.
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
