// The way from somebody to what he can do: through which groups, by which grant, ownership, delegation or credential. Read from the left to the right.
import type { ReactElement } from 'react'
import { Icon } from '../../design/icon.tsx'
import { visible } from '../../design/visible.ts'
import type { Directory } from './names.ts'
import { Who } from './who.tsx'

/** One step of a way. */
export interface Step {
  readonly kind: string
  readonly id: string
  readonly name: string
}

/** What stands before the name of a step. */
const words: Readonly<Record<string, string>> = {
  group: 'in the group',
  role: 'role',
  'custom-role': 'own role',
  actions: 'actions',
  ownership: 'owns',
  delegation: 'through its run',
  credential: '',
  promotion: 'promoted by',
  'break-glass': '',
  own: 'its own',
}

const hasThing = new Set(['group', 'ownership', 'delegation'])

function StepPart({ step, of }: { readonly step: Step; readonly of: Directory }): ReactElement {
  const { kind, id, name } = step
  return (
    <span className="inline-flex min-w-0 items-baseline gap-1.5">
      {words[kind] === '' ? null : <span className="text-soft">{words[kind] ?? kind}</span>}
      {hasThing.has(kind) ? (
        <Who id={id} name={name} of={of} />
      ) : (
        <bdi className="font-medium [overflow-wrap:anywhere]">{visible(name)}</bdi>
      )}
    </span>
  )
}

interface WaysProps {
  /** Whose ways they are, where that is not said beside them. */
  readonly from?: { readonly id: string; readonly name: string }
  readonly ways: readonly (readonly Step[])[]
  readonly of: Directory
}

/** Every way, one a line. */
export function Ways({ from, ways, of }: WaysProps): ReactElement {
  return (
    <ul className="space-y-1">
      {ways.map((way) => (
        <li key={way.map(({ kind, id }) => `${kind} ${id}`).join(' ')} className="flex flex-wrap items-baseline gap-x-1.5 gap-y-0.5">
          {from === undefined ? null : <Who id={from.id} name={from.name} of={of} />}
          {way.map((step, at) => (
            <span key={`${step.kind} ${step.id}`} className="inline-flex min-w-0 items-baseline gap-1.5">
              {at === 0 && from === undefined ? null : <Icon name="right" className="size-3 self-center text-faint" />}
              <StepPart step={step} of={of} />
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}

/** The first way in few words, for a line of a list: `in testers, role operator`. */
export function briefWay(ways: readonly (readonly Step[])[]): string | undefined {
  const [first] = ways
  if (first === undefined || first.length === 0) return undefined
  return first.map(({ kind, name }) => `${words[kind] ?? kind} ${visible(name)}`.trim().replace('in the group', 'in')).join(', ')
}
