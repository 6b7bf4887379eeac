// What somebody was asked to take over, and what nobody answers for and he stands in for.
import { Answering } from '../ownership/answering.ts'
import { ownedThings } from '../ownership/shown.ts'
import { standingAmong, standsStill, typeOfThing } from '../ownership/things.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking } from './item.ts'

/** Things that were offered to the caller. */
export async function offeredToMe(it: Looking): Promise<AttentionItem[]> {
  const { tx, ports, principal } = it
  const things = await ownedThings(tx, ports, principal.org, { offeredTo: principal.id, limit: candidatesMax })
  return bounded(it, things).flatMap(({ id, kind, name, owner, isOrphan, stops, offer }) => {
    if (offer === null) return []
    return [
      {
        kind: 'ownership_offered' as const,
        subject: { type: typeOfThing(kind), id },
        title: `${name} (${kind})`,
        why: isOrphan
          ? `${owner.name} has left. Until you accept: ${stops}`
          : `${offer.by.name} asks you to answer for it; ${owner.name} does until then.`,
        since: offer.at,
        until: null,
        action: 'ownership:accept',
      },
    ]
  })
}

/** Things whose owner has left, for those who stand in for him. */
export async function orphansFound(it: Looking): Promise<AttentionItem[]> {
  const { tx, ports, principal } = it
  const rows = bounded(it, await tx.selectFrom('orphan').selectAll().orderBy('found_at').orderBy('thing_id').limit(candidatesMax).execute())
  if (rows.length === 0) return []
  const answering = new Answering(tx, ports)
  const items: AttentionItem[] = []
  const standing = await standingAmong(
    tx,
    rows.map(({ thing_id }) => thing_id),
  )
  for (const { thing_id, found_at } of rows) {
    const thing = standing.get(thing_id)
    if (thing === undefined || !(await answering.fallbackOf(principal.org, thing)).people.has(principal.id)) continue
    items.push({
      kind: 'orphan_found',
      subject: { type: typeOfThing(thing.kind), id: thing.id },
      title: `${thing.name} (${thing.kind})`,
      why: `Its owner has left, and you stand in. ${standsStill[thing.kind]}`,
      since: found_at.toISOString(),
      until: null,
      action: 'ownership:offer',
    })
  }
  return items
}
