// What somebody was asked to take over, and what nobody answers for and he stands in for.
import { Answering } from '../ownership/answering.ts'
import { ownedThings } from '../ownership/shown.ts'
import { standingAmong, standsStill, typeOfThing } from '../ownership/things.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

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

const declinedForMs = 7 * 86_400_000

/** Things that the caller offered, or answers for, and that whoever was asked did not take over: for a week, or until somebody else is asked. */
export async function notTakenOver(it: Looking): Promise<AttentionItem[]> {
  const { tx, ports, principal, now } = it
  const refused = { to: principal.id, since: new Date(now - declinedForMs) }
  const things = bounded(it, await ownedThings(tx, ports, principal.org, { refused, limit: candidatesMax }))
  const reason = 'Whether somebody else could be asked.'
  const mine = await onlyWhere(it, 'ownership:offer', things, ({ id }) => ({ things: [id], to: principal.id, reason }))
  return mine.flatMap(({ id, kind, name, owner, isOrphan, stops, declined }) => {
    if (declined === null) return []
    const { by, at, reason, hasLeft } = declined
    const why = reason === null ? '.' : `: ${reason}`
    const what = hasLeft ? `${by.name} has left without an answer.` : `${by.name} declined to answer for it${why}`
    return [
      {
        kind: 'ownership_declined' as const,
        subject: { type: typeOfThing(kind), id },
        title: `${name} (${kind})`,
        why: `${what} ${isOrphan ? `Until somebody else accepts: ${stops}` : `${owner.id === principal.id ? 'You go' : `${owner.name} goes`} on answering for it.`}`,
        since: at,
        until: null,
        action: 'ownership:offer',
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
    if (
      thing === undefined ||
      (await answering.isOwnerHere(thing)) ||
      !(await answering.fallbackOf(principal.org, thing)).people.has(principal.id)
    )
      continue
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
