// The button of an act. Before: what it will do, and the reason where one is asked for. After: what it did. Where this person may not, it stays reachable
// and says what is missing and who can grant it.
import { type ReactElement, type ReactNode, useId, useState } from 'react'
import type { ActionName, InputOf, OutputOf } from '../api/call.ts'
import { type May, useMay } from '../api/may.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import { useAct } from '../api/queries.ts'
import { announce } from './announcer.tsx'
import { Because } from './because.tsx'
import { Button, type Weight } from './button.tsx'
import { AskFor, Failed } from './conditions.tsx'
import { Dialog } from './dialog.tsx'
import { TextField } from './field.tsx'
import { Icon } from './icon.tsx'
import { Names } from './names.tsx'
import { showOutcome } from './outcome.tsx'
import { Said } from './said.tsx'

interface ActProps<N extends ActionName> {
  readonly action: N
  /** The verb on the button. */
  readonly label: string
  /** Its input; given the reason where one is asked for. */
  readonly input: (reason: string) => InputOf<N>
  /** What is asked beforehand, where the input is still being written: not anew with each letter. */
  readonly asked?: InputOf<N>
  /** What the question is called; the label unless said. */
  readonly title?: string
  /** What it will do, in facts; read before the button is pressed. */
  readonly before: ReactNode
  /** What it did, from the answer. */
  readonly after: (output: OutputOf<N>) => ReactNode
  readonly weight?: Weight
  /** Whether a reason is asked for, and what the field says of it. */
  readonly reason?: string
  /** What the state of the thing forbids, whoever asks: said instead of the button's own reasons. */
  readonly notNow?: string | undefined
  readonly onDone?: (output: OutputOf<N>) => void
  /** What it was refused with; the dialog shows it as well. For views that mark the place of it. */
  readonly onRefused?: (problem: Problem) => void
}

const reasonCharactersMin = 3

/** A button that says what it will do, does it, and says what it did. */
export function Act<N extends ActionName>(props: ActProps<N>): ReactElement {
  const { action, label, input, asked, weight = 'plain', notNow } = props
  const [isOpen, setOpen] = useState(false)
  const may = useMay(action, notNow === undefined ? (asked ?? input('To see whether it is allowed.')) : undefined)
  // Whoever only has to sign in again is told so where he acts, and does it there.
  const isWithheld = may.state === 'no' && may.code !== 'step_up_required'
  if (notNow !== undefined || isWithheld) return <Withheld label={label} may={may} notNow={notNow} />
  return (
    <>
      <Button weight={weight} onPress={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen ? <ActDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

interface WithheldProps {
  readonly label: string
  readonly may: May
  readonly notNow?: string | undefined
}

/** An act that is withheld: its label, and why. */
export function Withheld({ label, may, notNow }: WithheldProps): ReactElement {
  const id = useId()
  return (
    <span className="inline-flex items-center gap-1">
      <Button isDisabled describedBy={id}>
        <Icon name="lock" />
        {label}
      </Button>
      <span id={id} className="sr-only">
        {notNow ?? (may.state === 'no' ? whyNot(may) : '')}
      </span>
      <Because title={`Why not: ${label}`} label="Why not?">
        {notNow === undefined ? may.state === 'no' ? <WhyNot {...may} /> : null : <p>{notNow}</p>}
      </Because>
    </span>
  )
}

type No = Extract<May, { state: 'no' }>

const whyNot = ({ detail, people }: No): string => `${detail} ${people.length > 0 ? `${people.join(', ')} can grant it.` : ''}`

/** Who can help. Where no role would hold it, a guardrail stands before every grant. */
function WhoCan({ roles, people }: Pick<No, 'roles' | 'people'>): ReactElement {
  if (people.length === 0) return <>{roles.length > 0 ? 'Nobody whom you may see can grant it.' : 'No grant changes that.'}</>
  return (
    <>
      <Names of={people} last="or" /> can grant it.
    </>
  )
}

function WhyNot({ detail, roles, people, code }: No): ReactElement {
  return (
    <div className="space-y-3">
      <p>
        <Said text={detail} />
      </p>
      {roles.length > 0 ? (
        <p>
          Held by {roles.length === 1 ? 'the role' : 'any of the roles'} <strong>{roles.join(', ')}</strong>. <AskFor roles={roles} />
        </p>
      ) : null}
      <p className="text-soft">
        <WhoCan roles={roles} people={people} />
      </p>
      <p className="text-small text-faint">
        code <code className="font-mono text-tiny">{code}</code>
      </p>
    </div>
  )
}

function ActDialog<N extends ActionName>({
  action,
  label,
  title = label,
  input,
  before,
  after,
  weight,
  reason,
  onDone,
  onRefused,
  onClose,
}: ActProps<N> & { readonly onClose: () => void }): ReactElement {
  const [why, setWhy] = useState('')
  const { act, isActing, problem } = useAct(action)
  const isAnswered = reason === undefined || why.trim().length >= reasonCharactersMin
  const press = async (): Promise<void> => {
    try {
      const output = await act(input(why.trim()))
      announce(`Done: ${title}.`)
      onClose()
      showOutcome({ title, said: after(output) })
      onDone?.(output)
    } catch (error) {
      // `problem` has it as well, and the dialog shows it.
      onRefused?.(asProblem(error))
    }
  }
  return (
    <Dialog title={title} isOpen onClose={onClose} isDismissable={!isActing}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isAnswered && !isActing) void press()
        }}
      >
        <div className="space-y-2">{before}</div>
        {reason === undefined ? null : (
          <div className="mt-4">
            <TextField label="Reason" value={why} onChange={setWhy} hint={reason} lines={2} maxLength={500} isRequired autoFocus />
          </div>
        )}
        {problem === undefined ? null : (
          <div className="mt-4">
            <Failed problem={problem} />
          </div>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onPress={onClose} isDisabled={isActing}>
            Do nothing
          </Button>
          <Button type="submit" weight={weight === 'danger' ? 'danger' : 'primary'} isPending={isActing} isDisabled={!isAnswered}>
            {isActing ? 'Under way…' : label}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
