// Chooses the settlement policy from what was observed: how often to try again, and from which amount on a person should look. This is the artifact
// that may be promoted, so it says what it was learned from, and the same observations and seed give the same bytes.
import { type RiskTier, riskTiers } from './ledger-data.ts'
import { seededRandom } from './seeded-random.ts'
import type { Settlement } from './settle.ts'

/** The policy that a production settlement job follows. */
export interface SettlementPolicy {
  readonly schema: 'settlement-policy/1'
  readonly retry: {
    /** Attempts in all, the first included. */
    readonly attemptsMax: number
    /** Wait before each further attempt. */
    readonly backoffMilliseconds: readonly number[]
    /** Share of simulated payments that go through within these attempts. */
    readonly simulatedSuccess: number
  }
  /** Amounts above this go to a person, per tier; null where nothing was observed. */
  readonly reviewAboveCents: Readonly<Record<RiskTier, number | null>>
  readonly idempotencyKey: 'per-invoice'
  readonly learnedFrom: {
    readonly seed: number
    readonly invoices: number
    readonly attempts: number
    readonly unavailable: number
    readonly refused: number
  }
}

const targetSuccess = 0.999
const trials = 20_000
const attemptsLimit = 8

/** Chooses a policy. */
export function choosePolicy(settlements: readonly Settlement[], seed: number): SettlementPolicy {
  const attempts = sum(settlements, ({ attempts: made }) => made)
  const unavailable = sum(settlements, (settlement) => settlement.unavailable)
  const chosen = chooseAttempts(attempts === 0 ? 0 : unavailable / attempts, seed)
  return {
    schema: 'settlement-policy/1',
    retry: { ...chosen, backoffMilliseconds: Array.from({ length: chosen.attemptsMax - 1 }, (_, retry) => 200 * 2 ** retry) },
    reviewAboveCents: {
      low: reviewThreshold(settlements, 'low'),
      medium: reviewThreshold(settlements, 'medium'),
      high: reviewThreshold(settlements, 'high'),
    },
    idempotencyKey: 'per-invoice',
    learnedFrom: { seed, invoices: settlements.length, attempts, unavailable, refused: settlements.filter(isRefused).length },
  }
}

/** The smallest number of attempts that lets 99.9 % of simulated payments through, where each attempt fails as often as was observed. */
export function chooseAttempts(failureRate: number, seed: number): { attemptsMax: number; simulatedSuccess: number } {
  let simulatedSuccess = 0
  for (let attemptsMax = 1; attemptsMax <= attemptsLimit; attemptsMax++) {
    simulatedSuccess = simulate(failureRate, attemptsMax, seed)
    if (simulatedSuccess >= targetSuccess) return { attemptsMax, simulatedSuccess }
  }
  return { attemptsMax: attemptsLimit, simulatedSuccess }
}

function simulate(failureRate: number, attemptsMax: number, seed: number): number {
  const random = seededRandom(seed)
  let through = 0
  for (let trial = 0; trial < trials; trial++) {
    let attempt = 0
    while (attempt < attemptsMax && random() < failureRate) attempt += 1
    if (attempt < attemptsMax) through += 1
  }
  return through / trials
}

/** The largest amount that went through below the smallest that was refused; the largest settled one where nothing was refused. */
export function reviewThreshold(settlements: readonly Settlement[], tier: RiskTier): number | null {
  const own = settlements.filter(({ account }) => account.tier === tier)
  const refused = own.filter(isRefused).map(amountOf)
  const settled = own.filter(({ outcome }) => outcome === 'settled').map(amountOf)
  const below = settled.filter((amount) => refused.every((limit) => amount < limit))
  return below.length === 0 ? null : Math.max(...below)
}

/** Totals per tier, for the report. */
export function totals(
  settlements: readonly Settlement[],
): { tier: RiskTier; settled: number; declined: number; refused: number; unavailable: number; settledCents: number }[] {
  return riskTiers.map((tier) => {
    const own = settlements.filter(({ account }) => account.tier === tier)
    const count = (outcome: Settlement['outcome']) => own.filter((settlement) => settlement.outcome === outcome).length
    return {
      tier,
      settled: count('settled'),
      declined: count('declined'),
      refused: count('refused'),
      unavailable: count('unavailable'),
      settledCents: sum(
        own.filter(({ outcome }) => outcome === 'settled'),
        amountOf,
      ),
    }
  })
}

function isRefused({ outcome }: Settlement): boolean {
  return outcome === 'refused'
}

function amountOf({ invoice }: Settlement): number {
  return invoice.amountCents
}

function sum(settlements: readonly Settlement[], of: (settlement: Settlement) => number): number {
  return settlements.reduce((total, settlement) => total + of(settlement), 0)
}
