// The frame of every view on access: its name, and the way to the others.
import type { ReactElement } from 'react'
import { Room, type RoomPageProps } from '../../design/room.tsx'

const views = [
  { to: '/access', name: 'Yours' },
  { to: '/access/paths', name: 'Paths' },
  { to: '/access/blast', name: 'Blast radius' },
  { to: '/access/what-if', name: 'What if' },
  { to: '/access/grants', name: 'Grants' },
  { to: '/access/requests', name: 'Requests' },
  { to: '/access/guardrails', name: 'Guardrails' },
  { to: '/access/roles', name: 'Roles' },
  { to: '/access/conflicts', name: 'Conflicts' },
] as const

interface AccessPageProps extends RoomPageProps {
  readonly below?: (typeof views)[number]['to']
}

/** A view on access. */
export function AccessPage(props: AccessPageProps): ReactElement {
  return <Room views={views} name="Access" label="Views on access" {...props} />
}
