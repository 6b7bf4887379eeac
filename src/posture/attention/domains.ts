// Domains whose DNS record is missing, before and after they lapse: whoever could prove them again is told, for as long as it is so.
import { lapsesAt } from '../../identity/index.ts'
import { toMoment } from '../../kernel/index.ts'
import { type AttentionItem, bounded, candidatesMax, type Looking, onlyWhere } from './item.ts'

/** Domains whose record was missing when it was looked for last, and those that have lapsed by it. */
export async function proofsMissing(it: Looking): Promise<AttentionItem[]> {
  const rows = await it.tx
    .selectFrom('domain')
    .selectAll()
    .where('missing_since', 'is not', null)
    .orderBy('missing_since')
    .orderBy('id')
    .limit(candidatesMax)
    .execute()
  const shown = await onlyWhere(it, 'domain:verify', bounded(it, rows), ({ id }) => ({ domain: id }))
  return shown.map((row) => ({
    kind: 'domain_proof_missing',
    subject: { type: 'Domain', id: row.id },
    title: row.name,
    why:
      row.lapsed_at === null
        ? 'The DNS record that proves this domain is missing. If it stays so, the domain lapses: nobody is linked or added by its addresses any more. Set the record again, and prove the domain.'
        : 'This domain has lapsed, because its DNS record was gone for too long. Who is linked already signs in as before; nobody is linked or added by its addresses. Set the record and prove the domain, or give it up.',
    since: (row.missing_since ?? row.created_at).toISOString(),
    until: toMoment(lapsesAt(row) ?? null),
    action: 'domain:verify',
  }))
}
