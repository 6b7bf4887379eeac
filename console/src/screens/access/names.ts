// What ids are called, as far as this person may list the things: for views whose answers speak of ids. Names are chosen by people: text, and never a decision.
import { useMemo } from 'react'
import { useMay } from '../../api/may.ts'
import { type Place, usePlaces } from '../../api/places.ts'
import { type Reading, useRead } from '../../api/queries.ts'
import { session } from '../../api/session.ts'
import { useStore } from '../../api/store.ts'
import { usePlacedList } from '../../shell/placed-list.ts'

/** Something that can be named in a field. */
export interface Named {
  readonly id: string
  readonly name: string
}

/** What is known by name. */
export interface Directory {
  /** What an id is called; undefined where only the id tells. */
  readonly nameOf: (id: string) => string | undefined
  /** The class of an environment; undefined for one that is not known. */
  readonly classOf: (environment: string) => string | undefined
  readonly people: readonly Named[]
  readonly workloads: readonly Named[]
  readonly groups: readonly Named[]
  readonly projects: readonly Named[]
  readonly twins: readonly Named[]
  readonly connections: readonly Named[]
  readonly environments: readonly (Named & { readonly class: string })[]
}

const page = { limit: 200 }
const none: readonly never[] = []
/** What was read, the same as long as nothing else is. */
const items = <T>(reading: Reading<{ readonly items: readonly T[] }>): readonly T[] =>
  reading.state === 'ready' ? reading.data.items : none

/**
 * Reads what can be named; nothing until `when`, and people, workloads, groups and connections only for whoever a view is that may list them: each refusal
 * would be an entry of the ledger.
 */
export function useDirectory(when = true, everybody = when): Directory {
  const options = { when, every: false as const }
  const ofEverybody = { when: everybody, every: false as const }
  const now = useStore(session)
  // Whoever holds something in single projects and twins alone may name those.
  const [mayProjects, mayTwins] = [useMay('project:list', when ? {} : undefined), useMay('twin:list', when ? {} : undefined)]
  const held = usePlaces(mayProjects.state === 'no' || mayTwins.state === 'no')
  const people = items(useRead('person:list', page, ofEverybody))
  const workloads = items(useRead('workload:list', page, ofEverybody))
  const groups = items(useRead('group:list', { ...page, brief: true }, ofEverybody))
  const projects = items(useRead('project:list', page, { ...options, when: mayProjects.state === 'yes' }))
  const twins = items(useRead('twin:list', page, { ...options, when: mayTwins.state === 'yes' }))
  const connections = items(useRead('connection:list', page, ofEverybody))
  const environments = items(usePlacedList('environment:list', page, options).reading)
  const places = held.state === 'ready' ? held.data : none
  return useMemo(() => {
    const own = (kind: Place['kind']): readonly Named[] => places.filter((one) => one.kind === kind)
    const slugs = (all: readonly { readonly id: string; readonly slug: string }[]): readonly Named[] =>
      all.map(({ id, slug }) => ({ id, name: slug }))
    const named = (all: readonly Named[]): readonly Named[] => all.map(({ id, name }) => ({ id, name }))
    const found = {
      people: named(people.filter(({ state }) => state === 'active')),
      workloads: slugs(workloads.filter(({ state }) => state !== 'ended')),
      groups: named(groups),
      projects: named(mayProjects.state === 'no' ? own('project') : projects),
      twins: mayTwins.state === 'no' ? named(own('twin')) : slugs(twins),
      connections: slugs(connections),
      environments: environments.map((one) => ({ id: one.id, name: one.slug, class: one.class })),
    }
    const everybody = [...named(people), ...slugs(workloads)]
    const all = new Map([...everybody, ...Object.values(found).flat()].map(({ id, name }) => [id, name]))
    if (now.state === 'somebody') all.set(now.here.id, now.here.name)
    const classes = new Map(found.environments.map((one) => [one.id, one.class]))
    return { ...found, nameOf: (id: string) => all.get(id), classOf: (id: string) => classes.get(id) }
  }, [people, workloads, groups, projects, twins, connections, environments, now, places, mayProjects.state, mayTwins.state])
}
