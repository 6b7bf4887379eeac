// Why something is as it is: a drawer beside the view, opened by the word "Why?". Escape and a press outside close it, and focus returns.
import type { ReactElement, ReactNode } from 'react'
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button, type Weight } from './button.tsx'
import { Icon } from './icon.tsx'

interface BecauseProps {
  readonly title: string
  /** The word that opens it. */
  readonly label?: string
  readonly weight?: Weight
  readonly children: ReactNode
}

/** A word that opens the drawer with the reason. */
export function Because({ title, label = 'Why?', weight = 'word', children }: BecauseProps): ReactElement {
  return (
    <DialogTrigger>
      <Button weight={weight} className="-my-1 px-1.5">
        {label}
      </Button>
      <Drawer title={title}>{children}</Drawer>
    </DialogTrigger>
  )
}

interface DrawerProps {
  readonly title: string
  readonly children: ReactNode
  readonly isOpen?: boolean
  readonly onClose?: () => void
}

/** The drawer by itself, for views whose selection opens it. */
export function Drawer({ title, children, isOpen, onClose }: DrawerProps): ReactElement {
  return (
    <ModalOverlay
      isDismissable
      {...(isOpen === undefined ? {} : { isOpen })}
      onOpenChange={(open) => open || onClose?.()}
      className="fade-in fixed inset-0 z-40 bg-veil"
    >
      <Modal className="absolute inset-y-0 right-0 w-full max-w-xl overflow-y-auto border-l border-line bg-raised">
        <Dialog className="p-5 outline-none">
          {({ close }) => (
            <>
              <div className="mb-4 flex items-start justify-between gap-4">
                <Heading slot="title" className="text-lead font-semibold">
                  {title}
                </Heading>
                <Button weight="quiet" onPress={close} label="Close" className="px-1.5">
                  <Icon name="cross" />
                </Button>
              </div>
              {children}
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
