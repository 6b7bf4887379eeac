// Every view on identity, loaded together. The first word of the path below the room says which, the second one of what; whatever else somebody wrote leads nowhere.
import type { ComponentType, ReactElement } from 'react'
import { session } from '../../api/session.ts'
import { useStore } from '../../api/store.ts'
import { NothingHere } from '../../shell/route-conditions.tsx'
import { useParam } from '../../shell/view.ts'
import { Connection } from './connections/connection.tsx'
import { Connections } from './connections/connections.tsx'
import { NewConnection } from './connections/new-connection.tsx'
import { Directories } from './directories/directories.tsx'
import { DirectoryView } from './directories/directory.tsx'
import { NewDirectory } from './directories/new-directory.tsx'
import { Leaving } from './leaving/leaving.tsx'
import { NoLeaver } from './leaving/no-leaver.tsx'
import { AdminLink } from './links/link.tsx'
import { AdminLinks } from './links/links.tsx'
import { NewLink } from './links/new-link.tsx'
import { Organization } from './organization/organization.tsx'
import { SetUp } from './set-up/set-up.tsx'

interface Kind {
  readonly all: ComponentType
  readonly fresh?: ComponentType
  readonly one?: ComponentType<{ readonly id: string }>
}

const kinds: Readonly<Record<string, Kind>> = {
  directories: { all: Directories, fresh: NewDirectory, one: DirectoryView },
  links: { all: AdminLinks, fresh: NewLink, one: AdminLink },
  leaving: { all: NoLeaver, fresh: NoLeaver, one: Leaving },
  organization: { all: Organization },
}
const connections: Kind = { all: Connections, fresh: NewConnection, one: Connection }

/** The view of a path below the room. Whoever holds an admin link sees the one that it is for, whatever the path. */
export function Identity(): ReactElement {
  const now = useStore(session)
  const [first = '', second = '', ...rest] = useParam('_splat').split('/')
  if (now.state === 'somebody' && now.byLink) return <SetUp />
  const kind = Object.hasOwn(kinds, first) ? kinds[first] : undefined
  const { all: All, fresh: Fresh = NothingHere, one: One = NothingHere } = kind ?? connections
  const id = kind === undefined ? first : second
  if (rest.length > 0 || (kind === undefined && second !== '')) return <NothingHere />
  if (id === '') return <All />
  return id === 'new' ? <Fresh /> : <One id={id} />
}
