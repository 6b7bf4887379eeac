// A domain as it is kept and shown, and what became of the record that proves it. What DNS says comes from outside and is believed at that moment alone, so that
// it is asked again once a day: a domain goes to others, and its addresses with it.
import { z } from 'zod'
import { fail, idOf, type Ports, type Tx, toMoment } from '../../kernel/index.ts'
import type { DomainRow } from './tables.ts'

const recordLabel = '_twinlock'
const dayMs = 86_400_000

/** How long after a look at a record the next one is due: as the chore `proofs` says it to the store. */
export const lookAgainMs = dayMs
/** At how many looks in a row a record must be missing before its domain lapses. A day without a look, because nothing ran here, is none of them. */
export const missedLooksMax = 14

/** A domain as it is answered. */
export const domainOutput = z.object({
  id: idOf('dom'),
  name: z.string(),
  sso: idOf('sso'),
  state: z.enum(['claimed', 'verified', 'lapsed']).meta({
    description: 'A lapsed one was proved, and its record was gone for too long: nobody is added or linked by it until it is proved again.',
  }),
  verifiedAt: z.string().nullable(),
  checkedAt: z.string().nullable().meta({ description: 'When its record was looked for last.' }),
  missingSince: z.string().nullable().meta({ description: 'Since when its record is missing; null where it was there.' }),
  lapsesAt: z.string().nullable().meta({ description: 'When it lapses, if its record stays missing.' }),
  record: z.object({ name: z.string(), type: z.literal('TXT'), value: z.string() }).meta({ description: 'The DNS record that proves it.' }),
})

const recordName = (name: string): string => `${recordLabel}.${name}`
const recordValue = (token: string): string => `twinlock-domain-verification=${token}`

/** When a domain lapses whose record is missing, if it stays so; undefined for others. */
export function lapsesAt({
  checked_at,
  missing_since,
  missed_looks,
  lapsed_at,
}: Pick<DomainRow, 'checked_at' | 'missing_since' | 'missed_looks' | 'lapsed_at'>): Date | undefined {
  if (missing_since === null || checked_at === null || lapsed_at !== null) return undefined
  return new Date(checked_at.getTime() + Math.max(0, missedLooksMax - missed_looks) * lookAgainMs)
}

function stateOf({ verified_at, lapsed_at }: DomainRow) {
  if (verified_at === null) return 'claimed' as const
  return lapsed_at === null ? ('verified' as const) : ('lapsed' as const)
}

/** What is shown of a domain. */
export function shownDomain(row: DomainRow) {
  const { id, name, sso_id, token, verified_at, checked_at, missing_since } = row
  return {
    id,
    name,
    sso: sso_id,
    state: stateOf(row),
    verifiedAt: toMoment(verified_at),
    checkedAt: toMoment(checked_at),
    missingSince: toMoment(missing_since),
    lapsesAt: toMoment(lapsesAt(row) ?? null),
    record: { name: recordName(name), type: 'TXT' as const, value: recordValue(token) },
  }
}

/** The domain, and the connection that speaks for it: whoever is told of what became of a provider finds it by that. */
export const relatedDomain = ({ id, sso_id }: Pick<DomainRow, 'id' | 'sso_id'>) => [
  { rel: 'domain', type: 'Domain', id },
  { rel: 'sso', type: 'Sso', id: sso_id },
]

/** The domain with this id. Throws `not_found`. */
export async function findDomain(tx: Tx, id: string): Promise<DomainRow> {
  const row = await tx.selectFrom('domain').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no domain with this id.')
  return row
}

/** Whether DNS tells the record of a domain now, and what to do where it does not. Throws `domain_unproved` where it does not answer. */
export async function lookUp({ name, token }: DomainRow, { textRecords }: Pick<Ports, 'textRecords'>) {
  const records = await textRecords(recordName(name))
  return {
    isThere: records.includes(recordValue(token)),
    told: `The TXT record of ${recordName(name)} does not say what was asked for; ${records.length} others were found.`,
    next: `Set it to ${recordValue(token)}, wait until DNS tells it, then try again.`,
  }
}
