// Whose guests or engagements are listed: everybody's, or those that one answers for. Whoever has no role for all of them sees his own, and who could grant more.
import type { ReactElement } from 'react'
import type { May } from '../../api/may.ts'
import { Choose } from '../../design/choose.tsx'
import { Partial } from '../../design/conditions.tsx'
import { visible } from '../../design/visible.ts'

interface WhoseProps {
  readonly label: string
  /** Whether all of them may be listed. */
  readonly may: May
  readonly isOwn: boolean
  readonly onChange: (which: 'yours' | undefined) => void
}

/** The choice, for whoever has one. */
export function Whose({ label, may, isOwn, onChange }: WhoseProps): ReactElement | null {
  if (may.state === 'no') return null
  return (
    <Choose
      label={label}
      value={isOwn ? 'yours' : 'all'}
      onChange={(id) => onChange(id === 'yours' ? id : undefined)}
      choices={[
        { id: 'all', name: 'Everybody’s' },
        { id: 'yours', name: 'Yours' },
      ]}
    />
  )
}

/** Why there are no more, for whoever has no choice. */
export function OnlyYours({ may }: { readonly may: May }): ReactElement | null {
  if (may.state !== 'no') return null
  return (
    <Partial title="Only those that you answer for.">
      {may.detail} {may.people.length > 0 ? `${may.people.map(visible).join(', ')} can grant more.` : ''}
    </Partial>
  )
}
