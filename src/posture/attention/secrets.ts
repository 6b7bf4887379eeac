// Secrets that somebody may have taken along who has left: whoever holds the key of a workload, or the token of a directory, acts as it from wherever he is.
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

/** Workloads that go on with a key which somebody brought who has left, for their owners and for those who may stop them. */
export async function keysTakenAlong(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('workload as w')
    .innerJoin('person as p', (join) => join.onRef('p.org_id', '=', 'w.org_id').onRef('p.id', '=', 'w.brought_by'))
    .leftJoin('person_leaving as l', (join) => join.onRef('l.org_id', '=', 'p.org_id').onRef('l.person_id', '=', 'p.id'))
    .select(['w.id', 'w.slug', 'w.kind', 'w.owner_id', 'w.created_at', 'l.at'])
    .where('p.state', '=', 'left')
    .where('w.state', 'in', ['pending', 'active'])
    .orderBy('w.id')
    .limit(candidatesMax)
    .execute()
  const stoppable = new Set(await onlyWhere(it, 'workload:suspend', bounded(it, rows), ({ id }) => ({ workload: id })))
  return rows
    .filter((row) => row.owner_id === it.principal.id || stoppable.has(row))
    .map(({ id, slug, kind, created_at, at }) => ({
      kind: 'secret_taken_along',
      subject: { type: 'Workload', id },
      title: `${slug} (${kind})`,
      why: 'Whoever brought its key has left and may have kept it: with it he acts as this workload still. Its owner brings another (`workload rotate`); in production it is suspended, and another promoted.',
      since: (at ?? created_at).toISOString(),
      until: null,
      action: 'workload:suspend',
    }))
}

/** Directories whose token somebody was shown who has left, for those who may rotate it. */
export async function tokensTakenAlong(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('directory as d')
    .select(['d.id', 'd.name', 'd.created_at'])
    .where('d.state', '<>', 'retired')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('directory_token as t')
          .innerJoin('person as p', (join) => join.onRef('p.org_id', '=', 't.org_id').onRef('p.id', '=', 't.made_by'))
          .select('t.hash')
          .whereRef('t.directory_id', '=', 'd.id')
          .where((good) => good.or([good('t.ends_at', 'is', null), good('t.ends_at', '>', new Date(it.now))]))
          .where('p.state', '=', 'left'),
      ),
    )
    .orderBy('d.id')
    .limit(candidatesMax)
    .execute()
  const rotatable = await onlyWhere(it, 'directory:rotate-token', bounded(it, rows), ({ id }) => ({ directory: id }))
  return rotatable.map(({ id, name, created_at }) => ({
    kind: 'secret_taken_along',
    subject: { type: 'Directory', id },
    title: name,
    why: 'Whoever was shown its token has left and may have kept it: with it he says who is here. Rotate it, without a long overlap.',
    since: created_at.toISOString(),
    until: null,
    action: 'directory:rotate-token',
  }))
}
