// A side of a conflict: in words where it is shown, and as fields where it is chosen. A side is any of its roles and single actions.
import type { ReactElement } from 'react'
import { TextField } from '../../../design/field.tsx'
import { visible } from '../../../design/visible.ts'
import { shippedRoles } from '../grants/grant-terms.ts'
import { Ticks } from '../tick.tsx'
import { partsOf, sideIn, sideText, unknownIn } from './sides.ts'

/** The roles and actions of a side. */
export function SideSaid({ of }: { readonly of: readonly string[] }): ReactElement {
  const { roles, actions } = partsOf(of)
  return (
    <span className="inline-flex min-w-0 flex-wrap gap-x-2">
      {roles.map((role) => (
        <span key={role} className="whitespace-nowrap">
          role <span className="font-medium">{role}</span>
        </span>
      ))}
      {actions.map((action) => (
        <code key={action} className="font-mono text-tiny leading-5 [overflow-wrap:anywhere]">
          {action}
        </code>
      ))}
    </span>
  )
}

interface SideFieldsProps {
  readonly label: string
  /** As it stands in the URL. */
  readonly value: string | undefined
  readonly onChange: (text: string | undefined) => void
}

/** The fields of a side. */
export function SideFields({ label, value, onChange }: SideFieldsProps): ReactElement {
  const side = sideIn(value)
  const { roles } = partsOf(side)
  // As it was typed, with the space behind the last word.
  const typed = (value ?? '').replace(new RegExp(`(?:^|\\s)(?:${shippedRoles.join('|')})(?=\\s|$)`, 'g'), '').replace(/^\s+/, '')
  const unknown = unknownIn(side)
  return (
    <div className="flex flex-col gap-2">
      <Ticks
        label={label}
        value={roles}
        onChange={(chosen) => onChange(sideText(chosen, typed))}
        choices={shippedRoles.map((id) => ({ id, shown: id }))}
        inColumns
      />
      <TextField
        label={`${label}: or single actions`}
        value={typed}
        onChange={(actions) => onChange(sideText(roles, actions))}
        hint={
          unknown.length === 0 ? (
            'As run:launch person:link.'
          ) : (
            <>
              There is no action called <bdi className="font-mono text-tiny">{visible(unknown.join(', '))}</bdi>.
            </>
          )
        }
        mono
      />
    </div>
  )
}
