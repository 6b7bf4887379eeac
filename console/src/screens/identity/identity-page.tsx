// The frame of every view on identity: its name, and the way to the others.
import type { ReactElement } from 'react'
import { Room, type RoomPageProps } from '../../design/room.tsx'

const views = [
  { to: '/identity', name: 'Sign-in' },
  { to: '/identity/directories', name: 'Directories' },
  { to: '/identity/links', name: 'Admin links' },
  { to: '/identity/leaving', name: 'Leaving' },
  { to: '/identity/organization', name: 'Organization' },
] as const

interface IdentityPageProps extends RoomPageProps {
  readonly below?: (typeof views)[number]['to']
}

/** A view on identity. */
export function IdentityPage(props: IdentityPageProps): ReactElement {
  return <Room views={views} name="Identity" label="Views on identity" {...props} />
}
