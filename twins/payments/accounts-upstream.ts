// The accounts API of one environment: synthetic data made from a seed, behind an API key. Some answers carry a field that looks like a mail address
// of a customer, so that redaction has something to take out.
import type { Answer, Asked } from './loopback-server.ts'
import { seededDraw } from './seeded-random.ts'

const accountsTotal = 500
const tiers = ['low', 'medium', 'high'] as const

/** How one environment's accounts differ from another's. */
export interface AccountsVariant {
  readonly apiKey: () => string
  readonly seed: number
  /** Goes into names, so that one sees where a record came from. */
  readonly label: string
}

/** Answers GET /accounts, /accounts/{id}, /accounts/{id}/invoices and DELETE /accounts/{id}. */
export function accountsApi(variant: AccountsVariant): (asked: Asked) => Answer {
  const deleted = new Set<number>()
  return ({ method, url, headers }) => {
    if (headers['x-api-key'] !== variant.apiKey()) return { status: 401, body: { error: 'A valid API key is needed.' } }
    const [, collection, id, part] = url.pathname.split('/')
    if (collection !== 'accounts') return notFound
    if (id === undefined) return method === 'GET' ? { status: 200, body: page(variant, url) } : notAllowed
    const number = readNumber(id)
    if (number === undefined || deleted.has(number)) return notFound
    if (method === 'DELETE') deleted.add(number)
    return one(variant, method, number, part)
  }
}

function readNumber(id: string): number | undefined {
  const number = /^\d{1,4}$/.test(id) ? Number(id) : 0
  return number >= 1 && number <= accountsTotal ? number : undefined
}

function one(variant: AccountsVariant, method: string, number: number, part: string | undefined): Answer {
  if (method === 'DELETE') return { status: 200, body: { deleted: String(number) } }
  if (method !== 'GET') return notAllowed
  if (part === undefined) return { status: 200, body: account(variant, number) }
  return part === 'invoices' ? { status: 200, body: { invoices: invoices(variant, number) } } : notFound
}

const notFound: Answer = { status: 404, body: { error: 'There is nothing here.' } }
const notAllowed: Answer = { status: 405, body: { error: 'This method is not offered.' } }

function page(variant: AccountsVariant, url: URL): { accounts: unknown[]; total: number } {
  const asked = Number(url.searchParams.get('limit') ?? '20')
  const limit = Number.isInteger(asked) ? Math.min(Math.max(asked, 1), accountsTotal) : 20
  return { accounts: Array.from({ length: limit }, (_, at) => account(variant, at + 1)), total: accountsTotal }
}

function account({ seed, label }: AccountsVariant, number: number): Record<string, unknown> {
  const draw = (what: string) => seededDraw(seed, `${number}/${what}`)
  return {
    id: String(number),
    holder: `${label}-customer-${String(number).padStart(4, '0')}`,
    ...(number % 3 === 0 ? { contact: `customer-${number}@${label}.example` } : {}),
    tier: tiers[Math.floor(draw('tier') * 3)],
    currency: 'EUR',
    balanceCents: 20_000 + Math.floor(draw('balance') * 480_000),
  }
}

function invoices({ seed }: AccountsVariant, number: number): Record<string, unknown>[] {
  const count = 1 + Math.floor(seededDraw(seed, `${number}/count`) * 4)
  return Array.from({ length: count }, (_, at) => ({
    id: `inv-${number}-${at + 1}`,
    accountId: String(number),
    amountCents: 500 + Math.floor(seededDraw(seed, `${number}/${at}/amount`) ** 2 * 300_000),
    status: seededDraw(seed, `${number}/${at}/status`) < 0.9 ? 'open' : 'paid',
  }))
}
