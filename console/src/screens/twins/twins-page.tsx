// The frame of every view on twins and what is around them: its name, and the way to the others.
import type { ReactElement } from 'react'
import { Room, type RoomPageProps } from '../../design/room.tsx'

const views = [
  { to: '/twins', name: 'Twins' },
  { to: '/projects', name: 'Projects' },
  { to: '/connections', name: 'Connections' },
  { to: '/environments', name: 'Environments' },
] as const

interface TwinsPageProps extends RoomPageProps {
  readonly below?: (typeof views)[number]['to']
}

/** A view on twins, or on what is around them. */
export function TwinsPage(props: TwinsPageProps): ReactElement {
  return <Room views={views} name="Twins" label="Views on twins" {...props} />
}
