// Tries what this run may not, on purpose, and writes down who stopped it: the platform (a refusal on the channel), the cell (an error inside), or
// nobody. It is how a customer sees that the walls hold, in a run of their own.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { type RunContext, RunRefused } from '../../sdk/run/index.ts'

/** One attempt and what met it. */
export interface Attempt {
  readonly what: string
  readonly refusedBy: 'platform' | 'cell' | 'nobody'
  readonly code: string
  readonly detail: string
}

/** What a thief would hold: this run's own token made out to another run, under a signature that no longer fits. */
export function tokenOfAnotherRun(own: string): string {
  const [header = '', payload = '', signature = ''] = own.split('.')
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const stolen = {
    ...(typeof claims === 'object' ? claims : {}),
    jti: 'of-another-run',
    sub: 'spiffe://staging.invalid/twin/payments/run/run_of_another',
  }
  return `${header}.${Buffer.from(JSON.stringify(stolen)).toString('base64url')}.${signature}`
}

/** Makes every attempt, in order. `foreignToken` is a token of another run, where there is one to try. */
export async function reachOut(context: RunContext, foreignToken: string): Promise<Attempt[]> {
  const metadataAddress = 'http://169.254.169.254/latest/meta-data/'
  const call = (connection: string, method: string, path: string, bearer?: string) => () =>
    context.call(connection, { method, path, ...(bearer === undefined ? {} : { bearer }) })
  const attempts: readonly [string, () => unknown][] = [
    ['read production accounts', call('accounts-data-production', 'GET', '/accounts?limit=1')],
    ['call an undeclared connection', call('metadata', 'GET', '/latest/meta-data/')],
    ['reach the metadata address through a declared connection', call('accounts-data', 'GET', metadataAddress)],
    ['leave the declared paths by dot segments', call('accounts-data', 'GET', '/accounts/../admin')],
    ['act with a token of another run', call('accounts-data', 'GET', '/accounts?limit=1', foreignToken)],
    ['obtain a credential of another subject', () => context.credential('payments-api', 'spiffe://other.invalid/twin/payments/run/other')],
    ['write through a read connection', call('accounts-data', 'DELETE', '/accounts/1')],
    ['connect to the network directly', () => dial(443, '169.254.169.254')],
    ['read a file of the machine', () => readFileSync('/etc/passwd')],
    ['start a process', () => execFileSync('/bin/true')],
  ]
  const made: Attempt[] = []
  for (const [what, attempt] of attempts) made.push({ what, ...(await outcomeOf(attempt)) })
  return made
}

async function outcomeOf(attempt: () => unknown): Promise<Omit<Attempt, 'what'>> {
  try {
    await attempt()
    return { refusedBy: 'nobody', code: 'through', detail: 'Nothing refused this.' }
  } catch (error) {
    if (error instanceof RunRefused) return { refusedBy: 'platform', code: error.code, detail: error.message.slice(0, 300) }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    // Any other error, such as a connection that timed out, does not show that the cell refused.
    if (code !== 'ERR_ACCESS_DENIED') return { refusedBy: 'nobody', code, detail: 'It failed for a reason that proves nothing.' }
    return { refusedBy: 'cell', code, detail: 'The cell refused this before it left the process.' }
  }
}

function dial(port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ port, host, timeout: 2000 }, () => {
    socket.destroy()
    resolve()
  })
  socket.on('timeout', () => socket.destroy(new Error('No answer in time.')))
  socket.on('error', reject)
  return promise
}
