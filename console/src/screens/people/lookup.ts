// Choosing somebody among very many by name: what is typed into a field is looked for at the server, and whatever was seen stays to choose from.
import { useMemo, useRef, useState } from 'react'
import { type Reading, useRead } from '../../api/queries.ts'
import type { Named } from '../access/names.ts'
import { useNameOf } from './names.ts'
import { useSettled } from './settled.ts'

const foundMax = 50
const charactersMax = 100

/** What can be chosen. */
export interface Lookup {
  readonly people?: boolean
  readonly workloads?: boolean
  readonly groups?: boolean
  readonly guests?: boolean
  /** What is chosen already: a link may name somebody whom nothing that was found names. */
  readonly value?: string | undefined
}

interface Looked {
  readonly choices: readonly Named[]
  /** What is typed into the field. */
  readonly onType: (text: string) => void
}

const none: readonly never[] = []

/** What was read, the same as long as nothing else is. */
function itemsOf<T>(reading: Reading<{ readonly items: readonly T[] }>): readonly T[] {
  return reading.state === 'ready' ? reading.data.items : none
}

/** Looks for things that can be chosen, as somebody types. */
export function useLookup({ people = false, workloads = false, groups = false, guests = false, value }: Lookup): Looked {
  const [typed, setTyped] = useState('')
  const text = useSettled(typed).trim().slice(0, charactersMax)
  const asked = { limit: foundMax, ...(text === '' ? {} : { find: text }) }
  const options = (when: boolean) => ({ when, every: false as const, keepFormer: true })
  const ofPeople = itemsOf(useRead('person:list', { ...asked, state: 'active' }, options(people)))
  const ofGroups = itemsOf(useRead('group:list', { ...asked, brief: true }, options(groups)))
  const ofWorkloads = itemsOf(useRead('workload:list', { limit: 200 }, options(workloads)))
  const ofGuests = itemsOf(useRead('guest:list', { limit: 200 }, options(guests)))
  const name = useNameOf(value)
  const seen = useRef(new Map<string, Named>())
  const choices = useMemo(() => {
    const found = [
      ...ofPeople,
      ...ofGroups,
      ...ofWorkloads.flatMap(({ id, slug, state }) => (state === 'ended' ? [] : [{ id, name: slug }])),
      ...ofGuests.flatMap(({ id, name, state }) => (state === 'ended' ? [] : [{ id, name }])),
    ]
    if (value !== undefined && name !== undefined) seen.current.set(value, { id: value, name })
    for (const one of found) seen.current.set(one.id, { id: one.id, name: one.name })
    return [...seen.current.values()]
  }, [ofPeople, ofGroups, ofWorkloads, ofGuests, value, name])
  return { choices, onType: setTyped }
}
