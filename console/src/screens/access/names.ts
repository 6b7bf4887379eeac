// What ids are called, as far as this person may list the things: for views whose answers speak of ids. Names are chosen by people: text, and never a decision.
import { useMemo } from 'react'
import { type Reading, useRead } from '../../api/queries.ts'
import { session } from '../../api/session.ts'
import { useStore } from '../../api/store.ts'

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
  const people = items(useRead('person:list', page, ofEverybody))
  const workloads = items(useRead('workload:list', page, ofEverybody))
  const groups = items(useRead('group:list', { ...page, brief: true }, ofEverybody))
  const projects = items(useRead('project:list', page, options))
  const twins = items(useRead('twin:list', page, options))
  const connections = items(useRead('connection:list', page, ofEverybody))
  const environments = items(useRead('environment:list', page, options))
  return useMemo(() => {
    const slugs = (all: readonly { readonly id: string; readonly slug: string }[]): readonly Named[] =>
      all.map(({ id, slug }) => ({ id, name: slug }))
    const named = (all: readonly Named[]): readonly Named[] => all.map(({ id, name }) => ({ id, name }))
    const found = {
      people: named(people.filter(({ state }) => state === 'active')),
      workloads: slugs(workloads.filter(({ state }) => state !== 'ended')),
      groups: named(groups),
      projects: named(projects),
      twins: slugs(twins),
      connections: slugs(connections),
      environments: environments.map((one) => ({ id: one.id, name: one.slug, class: one.class })),
    }
    const everybody = [...named(people), ...slugs(workloads)]
    const all = new Map([...everybody, ...Object.values(found).flat()].map(({ id, name }) => [id, name]))
    if (now.state === 'somebody') all.set(now.here.id, now.here.name)
    const classes = new Map(found.environments.map((one) => [one.id, one.class]))
    return { ...found, nameOf: (id: string) => all.get(id), classOf: (id: string) => classes.get(id) }
  }, [people, workloads, groups, projects, twins, connections, environments, now])
}
