// Where somebody holds something: projects and twins, out of what was given to him. Whoever holds nothing on the whole organization lists what lies in these.
import type { OutputOf } from './call.ts'
import { type Reading, useRead } from './queries.ts'

/** A project or a twin that something was given on. Its name was chosen by people: text, never markup. */
export interface Place {
  readonly kind: 'project' | 'twin'
  readonly id: string
  readonly name: string
}

type Held = OutputOf<'session:show'>

const kinds = ['project', 'twin'] as const

/** The places among what somebody was given: projects first, each once. */
function placesIn({ grants, names }: Pick<Held, 'grants' | 'names'>): readonly Place[] {
  return kinds.flatMap((kind) => {
    const ids = new Set(grants.flatMap(({ scope }) => (scope.kind === kind ? [scope.id] : [])))
    return [...ids].map((id) => ({ kind, id, name: names[id] ?? id }))
  })
}

/** The places that whoever is signed in holds something on; read only `when` it is asked for. */
export function usePlaces(when: boolean): Reading<readonly Place[]> {
  const held = useRead('session:show', {}, { when, every: false })
  return held.state === 'ready' ? { ...held, data: placesIn(held.data) } : held
}
