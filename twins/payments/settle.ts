// Settles invoices against the payments API: declines by rule, tries again on 503, keeps one idempotency key per invoice.
import type { CallResponse, RunContext } from '../../sdk/run/index.ts'
import { type Account, type Invoice, member } from './ledger-data.ts'

/** What became of one invoice. */
export interface Settlement {
  readonly invoice: Invoice
  readonly account: Account
  /** `declined`: by our rule, nothing was sent. `refused`: the API said 402 or 409. `unavailable`: 503 to the last attempt. */
  readonly outcome: 'settled' | 'declined' | 'refused' | 'unavailable'
  readonly attempts: number
  readonly unavailable: number
  readonly paymentId?: string
}

/** Attempts while learning: more than any policy will allow, so that the tail is seen. */
const attemptsMax = 8
const together = 8

/** Settles all open invoices, eight at a time, in a stable order of results. */
export async function settleAll(context: RunContext, accounts: readonly Account[], invoices: readonly Invoice[]): Promise<Settlement[]> {
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const work = invoices.filter((invoice) => invoice.isOpen)
  const settlements: Settlement[] = []
  for (let at = 0; at < work.length && !context.stopped.aborted; at += together) {
    const batch = work.slice(at, at + together).map((invoice) => settle(context, invoice, byId.get(invoice.accountId)))
    settlements.push(...(await Promise.all(batch)))
    context.progress(Math.min(at + together, work.length), work.length, 'invoices')
  }
  return settlements
}

async function settle(context: RunContext, invoice: Invoice, account: Account | undefined): Promise<Settlement> {
  if (account === undefined) throw new Error(`Invoice ${invoice.id} belongs to no account that was read.`)
  if (invoice.amountCents > account.balanceCents) return { invoice, account, outcome: 'declined', attempts: 0, unavailable: 0 }
  for (let attempt = 1; ; attempt++) {
    const response = await pay(context, invoice, account)
    if (response.status === 503 && attempt < attemptsMax) continue
    return { invoice, account, attempts: attempt, ...resultOf(response, attempt) }
  }
}

function pay(context: RunContext, invoice: Invoice, account: Account): Promise<CallResponse> {
  const body = {
    accountId: account.id,
    invoiceId: invoice.id,
    amountCents: invoice.amountCents,
    currency: account.currency,
    tier: account.tier,
  }
  return context.call('payments-api', {
    method: 'POST',
    path: '/payments',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${context.run.id}:${invoice.id}` },
    body: JSON.stringify(body),
  })
}

function resultOf(response: CallResponse, attempt: number): Pick<Settlement, 'outcome' | 'unavailable' | 'paymentId'> {
  if (response.status === 503) return { outcome: 'unavailable', unavailable: attempt }
  if (response.status !== 201) return { outcome: 'refused', unavailable: attempt - 1 }
  const paymentId = member(response.json(), 'id')
  return { outcome: 'settled', unavailable: attempt - 1, ...(typeof paymentId === 'string' ? { paymentId } : {}) }
}

/** Reads back some payments and returns how many the API knows as it answered them. */
export async function confirmSome(
  context: RunContext,
  settlements: readonly Settlement[],
  max: number,
): Promise<{ asked: number; confirmed: number }> {
  const paid = settlements
    .flatMap(({ paymentId }) => (paymentId !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(paymentId) ? [paymentId] : []))
    .slice(0, max)
  let confirmed = 0
  for (const id of paid) {
    const response = await context.call('payments-api', { method: 'GET', path: `/payments/${id}` })
    if (response.status === 200 && member(response.json(), 'id') === id) confirmed += 1
  }
  return { asked: paid.length, confirmed }
}
