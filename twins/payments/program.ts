// The payments twin: reads sanitised accounts, settles their invoices against a mock payments API, and chooses the policy that production may follow.
// It holds no credential: the broker adds what upstreams ask for, and everything it may not do is refused there or by the cell.
import { defineTwin, type Json, type RunContext, type RunResult } from '../../sdk/run/index.ts'
import { type Account, type Invoice, member, readAccounts, readInvoices } from './ledger-data.ts'
import { choosePolicy } from './policy.ts'
import { type Attempt, reachOut, tokenOfAnotherRun } from './reach-out.ts'
import { reportText, settlementsCsv } from './report.ts'
import { confirmSome, type Settlement, settleAll } from './settle.ts'

interface Parameters {
  readonly accounts: number
  readonly reachOut: boolean
  readonly foreignToken?: string
}

const accountsMax = 500

/** The twin, as the launcher finds it. */
export const twin = defineTwin({ name: 'payments', run })

async function run(context: RunContext): Promise<RunResult> {
  const parameters = readParameters(context.parameters)
  // A token of its own, for upstreams that verify callers themselves; it dies with the run.
  const own = await context.credential('payments-api')
  const accounts = await getAccounts(context, parameters.accounts)
  const invoices = await getInvoices(context, accounts)
  const settlements = await settleAll(context, accounts, invoices)
  const confirmation = await confirmSome(context, settlements, 5)
  const attempts = parameters.reachOut ? await reachOut(context, parameters.foreignToken ?? tokenOfAnotherRun(own.token)) : []
  const policy = choosePolicy(settlements, context.seed)
  await context.output('settlement-policy.json', 'application/json', `${JSON.stringify(policy, null, 2)}\n`)
  await context.output('settlements.csv', 'text/csv', settlementsCsv(settlements))
  await context.output('report.md', 'text/markdown', reportText(settlements, policy, attempts))
  return {
    verdict: isGood(settlements, attempts, confirmation) && !context.stopped.aborted ? 'passed' : 'failed',
    summary: {
      accounts: accounts.length,
      ...outcomes(settlements),
      confirmation,
      policy: summaryOf(policy),
      attempts: attempts.map((one) => ({ ...one })),
    },
  }
}

/** Reads the scenario's parameters. Throws a `TypeError` that names the one at fault. */
export function readParameters(value: Json): Parameters {
  const accounts = member(value, 'accounts') ?? 20
  const reach = member(value, 'reachOut') ?? false
  const foreignToken = member(value, 'foreignToken')
  if (typeof accounts !== 'number' || !Number.isInteger(accounts) || accounts < 1 || accounts > accountsMax) {
    throw new TypeError(`The parameter \`accounts\` is a whole number from 1 to ${accountsMax}.`)
  }
  if (typeof reach !== 'boolean') throw new TypeError('The parameter `reachOut` is true or false.')
  if (foreignToken !== undefined && typeof foreignToken !== 'string') throw new TypeError('The parameter `foreignToken` is a text.')
  return { accounts, reachOut: reach, ...(foreignToken === undefined ? {} : { foreignToken }) }
}

async function getAccounts(context: RunContext, count: number): Promise<Account[]> {
  const response = await context.call('accounts-data', { method: 'GET', path: `/accounts?limit=${count}` })
  if (response.status !== 200) throw new Error(`Accounts could not be read: status ${response.status}.`)
  return readAccounts(response.json(), count)
}

async function getInvoices(context: RunContext, accounts: readonly Account[]): Promise<Invoice[]> {
  const perAccount = await Promise.all(
    accounts.map(async ({ id }) => {
      const response = await context.call('accounts-data', { method: 'GET', path: `/accounts/${id}/invoices` })
      if (response.status !== 200) throw new Error(`Invoices of account ${id} could not be read: status ${response.status}.`)
      return readInvoices(response.json(), id)
    }),
  )
  return perAccount.flat()
}

function outcomes(settlements: readonly Settlement[]): Record<string, number> {
  const count = (outcome: Settlement['outcome']) => settlements.filter((settlement) => settlement.outcome === outcome).length
  return {
    invoices: settlements.length,
    settled: count('settled'),
    declined: count('declined'),
    refused: count('refused'),
    unavailable: count('unavailable'),
  }
}

function summaryOf({ retry, reviewAboveCents }: ReturnType<typeof choosePolicy>): Json {
  return { attemptsMax: retry.attemptsMax, simulatedSuccess: retry.simulatedSuccess, reviewAboveCents: { ...reviewAboveCents } }
}

// A settlement that nothing came of, a payment that the API forgot, or a wall that did not hold: the run says so itself.
function isGood(
  settlements: readonly Settlement[],
  attempts: readonly Attempt[],
  confirmation: { asked: number; confirmed: number },
): boolean {
  const isSettled = settlements.some(({ outcome }) => outcome === 'settled')
  return isSettled && confirmation.asked === confirmation.confirmed && attempts.every(({ refusedBy }) => refusedBy !== 'nobody')
}
