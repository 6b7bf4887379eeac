// The files that a settlement run leaves, as text. Values from upstreams are quoted where a format would read meaning into them.
import type { SettlementPolicy } from './policy.ts'
import { totals } from './policy.ts'
import type { Attempt } from './reach-out.ts'
import type { Settlement } from './settle.ts'

/** `settlements.csv`: one line per invoice (RFC 4180). */
export function settlementsCsv(settlements: readonly Settlement[]): string {
  const rows = settlements.map(({ invoice, account, outcome, attempts, paymentId }) =>
    [invoice.id, account.id, account.tier, String(invoice.amountCents), account.currency, outcome, String(attempts), paymentId ?? '']
      .map(csvField)
      .join(','),
  )
  return `${['invoice,account,tier,amount_cents,currency,outcome,attempts,payment', ...rows].join('\r\n')}\r\n`
}

// A field that a spreadsheet would take for a formula is made text.
function csvField(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** `report.md`: what was settled, what was chosen and why, what was tried and refused. */
export function reportText(settlements: readonly Settlement[], policy: SettlementPolicy, attempts: readonly Attempt[]): string {
  const { retry, learnedFrom, reviewAboveCents } = policy
  return [
    '# Settlement run',
    '',
    `${learnedFrom.invoices} open invoices, seed ${learnedFrom.seed}. ${learnedFrom.unavailable} of ${learnedFrom.attempts} attempts met a 503.`,
    '',
    '| tier | settled | declined by rule | refused by the API | unavailable | settled, cents |',
    '|---|---|---|---|---|---|',
    ...totals(settlements).map(
      (row) => `| ${row.tier} | ${row.settled} | ${row.declined} | ${row.refused} | ${row.unavailable} | ${row.settledCents} |`,
    ),
    '',
    '## Policy',
    '',
    `At most ${retry.attemptsMax} attempts, because ${(retry.simulatedSuccess * 100).toFixed(2)} % of 20,000 simulated payments go through within them.`,
    ...Object.entries(reviewAboveCents).map(
      ([tier, amount]) =>
        `- ${tier}: ${amount === null ? 'nothing observed, every amount goes to a person' : `a person looks above ${amount} cents`}`,
    ),
    '',
    ...reachedOut(attempts),
  ].join('\n')
}

function reachedOut(attempts: readonly Attempt[]): string[] {
  if (attempts.length === 0) return []
  const rows = attempts.map(({ what, refusedBy, code }) => `| ${what} | ${refusedBy} | ${code.replaceAll('|', ' ')} |`)
  return ['## What this run tried and may not', '', '| attempt | refused by | code |', '|---|---|---|', ...rows, '']
}
