// Every view on people, loaded together. The first word of the path below the room says which, the second one of what; whatever else somebody wrote leads nowhere.
import type { ComponentType, ReactElement } from 'react'
import { NothingHere } from '../../shell/route-conditions.tsx'
import { useParam } from '../../shell/view.ts'
import { Engagement } from './engagements/engagement.tsx'
import { Engagements } from './engagements/engagements.tsx'
import { NewEngagement } from './engagements/new-engagement.tsx'
import { Group } from './groups/group.tsx'
import { Groups } from './groups/groups.tsx'
import { NewGroup } from './groups/new-group.tsx'
import { Guest } from './guests/guest.tsx'
import { Guests } from './guests/guests.tsx'
import { NewGuest } from './guests/new-guest.tsx'
import { Mapping } from './mappings/mapping.tsx'
import { Mappings } from './mappings/mappings.tsx'
import { NewMapping } from './mappings/new-mapping.tsx'
import { Offers } from './offers/offers.tsx'
import { Ownership } from './ownership/ownership.tsx'
import { NewPerson } from './people/new-person.tsx'
import { PeopleList } from './people/people.tsx'
import { Person } from './people/person.tsx'
import { NewPosition } from './positions/new-position.tsx'
import { Position } from './positions/position.tsx'
import { Positions } from './positions/positions.tsx'
import { NewWorkload } from './workloads/new-workload.tsx'
import { Workload } from './workloads/workload.tsx'
import { Workloads } from './workloads/workloads.tsx'

interface Kind {
  readonly all: ComponentType
  /** Making one; not for what is made elsewhere. */
  readonly fresh?: ComponentType
  readonly one?: ComponentType<{ readonly id: string }>
}

const kinds: Readonly<Record<string, Kind>> = {
  groups: { all: Groups, fresh: NewGroup, one: Group },
  positions: { all: Positions, fresh: NewPosition, one: Position },
  mappings: { all: Mappings, fresh: NewMapping, one: Mapping },
  guests: { all: Guests, fresh: NewGuest, one: Guest },
  engagements: { all: Engagements, fresh: NewEngagement, one: Engagement },
  workloads: { all: Workloads, fresh: NewWorkload, one: Workload },
  ownership: { all: Ownership },
  offers: { all: Offers },
}
const people: Kind = { all: PeopleList, fresh: NewPerson, one: Person }

/** The view of a path below the room. */
export function People(): ReactElement {
  const [first = '', second = '', ...rest] = useParam('_splat').split('/')
  const kind = Object.hasOwn(kinds, first) ? kinds[first] : undefined
  const { all: All, fresh: Fresh = NothingHere, one: One = NothingHere } = kind ?? people
  const id = kind === undefined ? first : second
  if (rest.length > 0 || (kind === undefined && second !== '')) return <NothingHere />
  if (id === '') return <All />
  return id === 'new' ? <Fresh /> : <One id={id} />
}
