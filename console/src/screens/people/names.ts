// What a person or a group is called whose id alone is known: asked for by whoever may, because each refusal would be an entry of the ledger.
import { useMay } from '../../api/may.ts'
import { useRead } from '../../api/queries.ts'
import { visible } from '../../design/visible.ts'

/** The name of a person or a group by its id; undefined while it is not known, and where nobody may say. */
export function useNameOf(id: string | undefined): string | undefined {
  const person = id?.startsWith('per_') ? id : undefined
  const group = id?.startsWith('grp_') ? id : undefined
  const mayPerson = useMay('person:show', person === undefined ? undefined : { person })
  const mayGroup = useMay('group:show', group === undefined ? undefined : { group })
  const ofPerson = useRead('person:show', { person: person ?? '' }, { when: mayPerson.state === 'yes', every: false })
  const ofGroup = useRead('group:show', { group: group ?? '' }, { when: mayGroup.state === 'yes', every: false })
  if (person !== undefined && ofPerson.state === 'ready') return visible(ofPerson.data.name)
  return group !== undefined && ofGroup.state === 'ready' ? visible(ofGroup.data.name) : undefined
}
