// The accounts and invoices that the twin settles, and how they are read from an upstream. What comes in was redacted by the broker and is still
// somebody else's: shapes are checked, counts are limited.

/** How likely an account is to fail a payment, as its bank classes it. */
export type RiskTier = 'low' | 'medium' | 'high'
/** The tiers in order of risk. */
export const riskTiers: readonly RiskTier[] = ['low', 'medium', 'high']

/** One sanitised account. */
export interface Account {
  readonly id: string
  readonly tier: RiskTier
  readonly currency: string
  readonly balanceCents: number
}

/** One invoice of an account. */
export interface Invoice {
  readonly id: string
  readonly accountId: string
  readonly amountCents: number
  readonly isOpen: boolean
}

const invoicesPerAccountMax = 100

/** The accounts of an answer, at most `max`. Throws where the shape is another. */
export function readAccounts(value: unknown, max: number): Account[] {
  return list(value, 'accounts')
    .slice(0, max)
    .map((entry) => ({
      id: plainId(entry.id),
      tier: riskTiers.find((tier) => tier === entry.tier) ?? 'high',
      currency: currencyCode(entry.currency),
      balanceCents: cents(entry.balanceCents),
    }))
}

/** The invoices of an answer, at most a hundred. Throws where the shape is another. */
export function readInvoices(value: unknown, accountId: string): Invoice[] {
  return list(value, 'invoices')
    .slice(0, invoicesPerAccountMax)
    .map((entry) => ({
      id: plainId(entry.id),
      accountId,
      amountCents: cents(entry.amountCents),
      isOpen: entry.status === 'open',
    }))
}

/** A member of an answer's object, or undefined. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function list(value: unknown, name: string): Record<string, unknown>[] {
  const entries = member(value, name)
  if (!Array.isArray(entries)) throw new TypeError(`The answer has no list of ${name}.`)
  return entries.filter((entry) => typeof entry === 'object' && entry !== null)
}

// Ids go into paths of later calls, so nothing but letters, digits and hyphens may be in them.
function plainId(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9-]{1,64}$/.test(value)) throw new TypeError('An id in the answer is not plain.')
  return value
}

function currencyCode(value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value))
    throw new TypeError('A currency in the answer is not a code of three letters.')
  return value
}

function cents(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new TypeError('An amount in the answer is not whole cents.')
  return value
}
