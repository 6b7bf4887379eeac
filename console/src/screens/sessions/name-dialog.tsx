// A question for a name, for what is done with it: a device may be asked meanwhile, and what it is refused with shows here.
import { useQueryClient } from '@tanstack/react-query'
import { type ReactElement, useState } from 'react'
import { asProblem, type Problem } from '../../api/problem.ts'
import { announce } from '../../design/announcer.tsx'
import { Button } from '../../design/button.tsx'
import { Failed } from '../../design/conditions.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { TextField } from '../../design/field.tsx'

interface NameDialogProps {
  readonly title: string
  /** The verb on the button, what it says while it is under way, and what is announced when it is done. */
  readonly label: string
  readonly busy: string
  readonly done: string
  readonly hint: string
  /** What it is called until now: the same name is no new one. */
  readonly former?: string
  /** Does it. Throws what it is refused with. */
  readonly onName: (name: string) => Promise<void>
  readonly onClose: () => void
}

/** The dialog. */
export function NameDialog({ title, label, busy, done, hint, former = '', onName, onClose }: NameDialogProps): ReactElement {
  const client = useQueryClient()
  const [typed, setTyped] = useState(former)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const name = typed.trim()
  const press = async (): Promise<void> => {
    setBusy(true)
    setProblem(undefined)
    try {
      await onName(name)
      announce(done)
      onClose()
    } catch (error) {
      setProblem(asProblem(error))
    }
    setBusy(false)
    await client.invalidateQueries()
  }
  const isReady = name !== '' && name !== former && !isBusy
  return (
    <Dialog title={title} isOpen onClose={onClose} isDismissable={!isBusy}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) void press()
        }}
      >
        <TextField label="Name" value={typed} onChange={setTyped} maxLength={80} isRequired autoFocus hint={hint} />
        {problem === undefined ? null : (
          <div className="mt-4">
            <Failed problem={problem} />
          </div>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onPress={onClose} isDisabled={isBusy}>
            Do nothing
          </Button>
          <Button type="submit" weight="primary" isPending={isBusy} isDisabled={!isReady}>
            {isBusy ? busy : label}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
