// What an act did, said after it. It outlives the button that was pressed: what is done often takes that button away.
import type { ReactElement, ReactNode } from 'react'
import { store, useStore } from '../api/store.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'

interface Done {
  readonly title: string
  readonly said: ReactNode
}

const done = store<Done | undefined>(undefined)

/** Shows what an act did. */
export function showOutcome(outcome: Done): void {
  done.set(outcome)
}

/** The place where it is shown; the frame has one. */
export function Outcome(): ReactElement | null {
  const now = useStore(done)
  if (now === undefined) return null
  const close = (): void => done.set(undefined)
  return (
    <Dialog title={`Done: ${now.title}`} isOpen onClose={close}>
      <div className="flex items-start gap-2">
        <Icon name="check" className="mt-0.5 text-good" />
        <div className="min-w-0">{now.said}</div>
      </div>
      <div className="mt-5 flex justify-end">
        <Button onPress={close} weight="primary">
          Close
        </Button>
      </div>
    </Dialog>
  )
}
