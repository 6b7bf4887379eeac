// The frame of every view on many runs: its name, and the way to the other.
import type { ReactElement } from 'react'
import { Room, type RoomPageProps } from '../../design/room.tsx'

const views = [
  { to: '/runs', name: 'Runs' },
  { to: '/batches', name: 'Batches' },
] as const

interface RunsPageProps extends RoomPageProps {
  readonly below?: (typeof views)[number]['to']
}

/** A view on many runs. */
export function RunsPage(props: RunsPageProps): ReactElement {
  return <Room views={views} name="Runs" label="Views on runs" {...props} />
}
