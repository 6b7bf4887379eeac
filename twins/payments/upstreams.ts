// The systems that the payments twin talks to, as real HTTP servers on loopback: accounts and payments, each for staging and for production, with
// different data and different keys. For demonstrations and tests; nothing here is a real bank.
import { accountsApi } from './accounts-upstream.ts'
import { startUpstream, type Upstream } from './loopback-server.ts'
import { paymentsApi } from './payments-upstream.ts'

/** One value per upstream of an environment. */
export interface PerUpstream<T> {
  readonly accounts: T
  readonly payments: T
}

/** One value per environment. */
export interface PerEnvironment<T> {
  readonly staging: T
  readonly production: T
}

/** Settings; ports that are left out are free ones. */
export interface PaymentsUpstreamsOptions {
  readonly ports?: Partial<PerEnvironment<Partial<PerUpstream<number>>>>
  readonly apiKeys: PerEnvironment<PerUpstream<string>>
}

/** The running upstreams. */
export interface PaymentsUpstreams extends PerEnvironment<PerUpstream<Upstream>> {
  /** Replaces a key at once: the old one is answered with 401 from then on. */
  rotate(environment: keyof PerEnvironment<unknown>, upstream: keyof PerUpstream<unknown>, apiKey: string): void
  stop(): Promise<void>
}

/** Starts all four upstreams. */
export async function startPaymentsUpstreams(options: PaymentsUpstreamsOptions): Promise<PaymentsUpstreams> {
  const keys = structuredClone(options.apiKeys) as Record<'staging' | 'production', Record<'accounts' | 'payments', string>> // our own copy, to rotate
  const environment = async (name: 'staging' | 'production', seed: number): Promise<PerUpstream<Upstream>> => {
    const ports = options.ports?.[name]
    const accounts = accountsApi({ apiKey: () => keys[name].accounts, seed, label: name })
    const payments = paymentsApi({ apiKey: () => keys[name].payments, seed, unavailableRate: name === 'staging' ? 0.15 : 0.05 })
    return {
      accounts: await startUpstream(ports?.accounts ?? 0, accounts),
      payments: await startUpstream(ports?.payments ?? 0, payments),
    }
  }
  const staging = await environment('staging', 11)
  const production = await environment('production', 97)
  return {
    staging,
    production,
    rotate: (name, upstream, apiKey) => {
      keys[name][upstream] = apiKey
    },
    stop: async () => {
      await Promise.all([staging, production].flatMap(({ accounts, payments }) => [accounts.stop(), payments.stop()]))
    },
  }
}
