// The frame of every view on people and workloads: its name, and the way to the others.
import type { ReactElement } from 'react'
import { Room, type RoomPageProps } from '../../design/room.tsx'

const views = [
  { to: '/people', name: 'People' },
  { to: '/people/groups', name: 'Groups' },
  { to: '/people/positions', name: 'Positions' },
  { to: '/people/mappings', name: 'Mappings' },
  { to: '/people/guests', name: 'Guests' },
  { to: '/people/engagements', name: 'Engagements' },
  { to: '/people/workloads', name: 'Workloads' },
  { to: '/people/ownership', name: 'Ownership' },
] as const

interface PeoplePageProps extends RoomPageProps {
  readonly below?: (typeof views)[number]['to']
}

/** A view on people. */
export function PeoplePage(props: PeoplePageProps): ReactElement {
  return <Room views={views} name="People" label="Views on people" {...props} />
}
