// The projects in which somebody could make a twin, and the question whether he may.
import type { InputOf } from '../../api/call.ts'
import { useMay } from '../../api/may.ts'
import { usePlaces } from '../../api/places.ts'
import { type Reading, useRead } from '../../api/queries.ts'
import type { Choice } from '../../design/field.tsx'
import { visible } from '../../design/visible.ts'

type Input = InputOf<'twin:create'>

/** The projects that a twin can be made in: all, or those that somebody holds a role in. */
export function useProjectChoices(): Reading<readonly Choice[]> {
  const may = useMay('project:list', {})
  const all = useRead('project:list', { limit: 200 }, { when: may.state === 'yes' || may.state === 'unknown', every: false })
  const held = usePlaces(may.state === 'no')
  const named = (items: readonly { readonly id: string; readonly name: string }[]): readonly Choice[] =>
    items.map(({ id, name }) => ({ id, name: visible(name) }))
  if (may.state === 'no')
    return held.state === 'ready' ? { ...held, data: named(held.data.filter(({ kind }) => kind === 'project')) } : held
  return all.state === 'ready' ? { ...all, data: named(all.data.items) } : all
}

/** What is asked to learn whether somebody may make one in a project. */
export const someTwin = (me: string | undefined, of: string | undefined): Input | undefined =>
  me === undefined || of === undefined
    ? undefined
    : { project: of, slug: 'twin', kind: 'process', program: 'program', owner: me, sensitivity: 'internal' }
