// A question that must be answered before something happens. It holds the focus, and Escape is always no.
import type { ReactElement, ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'

interface DialogProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  /** Whether a press outside closes it; false while something is under way. */
  readonly isDismissable?: boolean
  readonly wide?: boolean
  readonly children: ReactNode
}

/** A dialog in the middle of the page; on a phone, at its foot. */
export function Dialog({ title, isOpen, onClose, isDismissable = true, wide = false, children }: DialogProps): ReactElement {
  return (
    <ModalOverlay
      isOpen={isOpen}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      onOpenChange={(open) => open || onClose()}
      className="fade-in fixed inset-0 z-40 flex items-end justify-center bg-veil md:items-start md:pt-[12vh]"
    >
      <Modal
        className={`max-h-[88vh] w-full overflow-y-auto rounded-t-sheet border border-line bg-raised md:rounded-sheet ${wide ? 'md:max-w-3xl' : 'md:max-w-lg'}`}
      >
        <AriaDialog className="p-5 outline-none">
          <Heading slot="title" className="mb-3 text-lead font-semibold">
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
