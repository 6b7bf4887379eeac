// What a server costs that nobody asks anything, over many organizations in which nothing happens: transactions of the parts that work on their own, and
// the processor time of this process. Over a temporary PostgreSQL; what that takes goes with the number of transactions.
import { systemRandom } from '../src/host/crypto/system-ports.ts'
import { newId } from '../src/kernel/index.ts'
import { asPart } from '../test/harness/acting.ts'
import { asSuperuser, rowsOf } from '../test/harness/database.ts'
import { openEmpty } from '../test/harness/twinlock.ts'
import type { Figure } from './figure.ts'

const organizations = Number(process.env.TWINLOCK_BENCH_ORGANIZATIONS ?? 1_000)
const measuredMs = 20_000
// A server that was just started comes to every organization once, for what an earlier one left: the first two rounds of its sweeper.
const beginningMs = 45_000
const atOnce = 8

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

type Opened = Awaited<ReturnType<typeof openEmpty>>['twinlock']

async function found(twinlock: Opened): Promise<void> {
  const left = Iterator.from(Array.from({ length: organizations }).keys())
  const worker = async (): Promise<void> => {
    for (const number of left) {
      const org = newId('org', { clock: twinlock.outside.clock, random: systemRandom })
      await asPart(twinlock.door, org, 'starter')('organization:create', { slug: `o-${number}`, name: 'Quiet' })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function atRest(twinlock: Opened): Promise<void> {
  const until = performance.now() + 300_000
  while ((await twinlock.outside.store.organizationsWith('entries')).length > 0) {
    if (performance.now() > until) throw new Error('The log did not come to rest in five minutes.')
    await pause(200)
  }
  await asSuperuser(twinlock, (client) => client.query('analyze'))
}

/** Transactions that the product's roles began, as PostgreSQL counts them; those of whoever asks are the same each time. */
async function transactions(twinlock: Opened): Promise<number> {
  const [row] = await rowsOf(twinlock, 'select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()')
  return Number(row?.n)
}

/** All figures of an idle server. */
export async function bench(): Promise<Figure[]> {
  const { twinlock, close } = await openEmpty({ runsMax: 0 })
  try {
    await found(twinlock)
    twinlock.start()
    await Promise.all([atRest(twinlock), pause(beginningMs)])
    const [before, cpu, began] = [await transactions(twinlock), process.cpuUsage(), performance.now()]
    await pause(measuredMs)
    const { user, system } = process.cpuUsage(cpu)
    const seconds = (performance.now() - began) / 1000
    // What PostgreSQL counts becomes visible a second later.
    await pause(1_500)
    const rate = ((await transactions(twinlock)) - before) / seconds
    const share = (user + system) / 10_000 / seconds
    const of = `of an idle server with ${organizations.toLocaleString('en-US')} organizations`
    return [
      { name: `transactions ${of}`, value: rate, unit: '/s', goal: '< 30/s', ok: rate < 30 },
      { name: `processor time ${of}`, value: share, unit: '% of a core', goal: '< 5 %', ok: share < 5 },
    ]
  } finally {
    await close()
  }
}
