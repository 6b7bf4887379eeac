// The mock payments API of one environment: idempotent, unavailable now and then (seeded), and it refuses large amounts of risky accounts.
import type { Answer, Asked } from './loopback-server.ts'
import { seededDraw } from './seeded-random.ts'

/** How one environment's payments API differs from another's. */
export interface PaymentsVariant {
  readonly apiKey: () => string
  readonly seed: number
  /** Share of attempts that meet a 503, from 0 to 1. */
  readonly unavailableRate: number
}

interface Order {
  readonly invoiceId: string
  readonly accountId: string
  readonly amountCents: number
  readonly tier: string
}

interface Kept {
  readonly body: string
  readonly answer: Answer
}

const keysMax = 100_000
const limitCents: Readonly<Record<string, number>> = { low: 250_000, medium: 150_000, high: 60_000 }

/** Answers POST /payments (201, 402, 409, 503) and GET /payments/{id}. */
export function paymentsApi(variant: PaymentsVariant): (asked: Asked) => Answer {
  const byKey = new Map<string, Kept>()
  const byId = new Map<string, unknown>()
  const attempts = new Map<string, number>()
  const post = (key: string, body: string): Answer => {
    const kept = byKey.get(key)
    if (kept !== undefined && kept.body !== body) return { status: 409, body: { error: 'This key was used for another payment.' } }
    if (kept !== undefined) return { ...kept.answer, headers: { 'idempotent-replay': 'true' } }
    if (attempts.size >= keysMax) return { status: 507, body: { error: `At most ${keysMax} payments are kept.` } }
    const order = readOrder(body)
    const attempt = (attempts.get(key) ?? 0) + 1
    attempts.set(key, attempt)
    if (seededDraw(variant.seed, `${order.invoiceId}/${attempt}`) < variant.unavailableRate) return unavailable
    const answer = decide(order, byId.size + 1)
    byKey.set(key, { body, answer })
    if (answer.status === 201) byId.set(idOf(byId.size + 1), answer.body)
    return answer
  }
  return ({ method, url, headers, body }) => {
    if (headers['x-api-key'] !== variant.apiKey()) return { status: 401, body: { error: 'A valid API key is needed.' } }
    if (method === 'POST' && url.pathname === '/payments') {
      const key = headers['idempotency-key']
      return key === undefined ? { status: 400, body: { error: 'An idempotency key is needed.' } } : post(key, body)
    }
    const found = method === 'GET' ? byId.get(url.pathname.replace('/payments/', '')) : undefined
    return found === undefined ? { status: 404, body: { error: 'There is no such payment.' } } : { status: 200, body: found }
  }
}

const unavailable: Answer = { status: 503, body: { error: 'Try again.' }, headers: { 'retry-after': '1' } }

function decide(order: Order, number: number): Answer {
  const limit = limitCents[order.tier] ?? 0
  if (order.amountCents > limit) return { status: 402, body: { error: 'The issuer declined the payment.' } }
  return { status: 201, body: { id: idOf(number), status: 'accepted', invoiceId: order.invoiceId, amountCents: order.amountCents } }
}

function idOf(number: number): string {
  return `pay-${String(number).padStart(6, '0')}`
}

function readOrder(body: string): Order {
  const value: Partial<Record<keyof Order, unknown>> = JSON.parse(body)
  const { invoiceId, accountId, amountCents, tier } = value
  if (typeof invoiceId !== 'string' || typeof accountId !== 'string' || typeof amountCents !== 'number' || typeof tier !== 'string') {
    throw new TypeError('A payment has an invoice, an account, an amount and a tier.')
  }
  return { invoiceId, accountId, amountCents, tier }
}
