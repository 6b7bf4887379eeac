// Tries what this run may not, on purpose, and writes down who stopped it: the platform (a refusal on the channel), the cell (an error inside), or
// nobody. A robot's software is large and comes from many hands; this shows what it could reach if one of them were hostile.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type RunContext, RunRefused } from '../../sdk/run/index.ts'

/** One attempt and what met it. */
export interface Attempt {
  readonly what: string
  readonly refusedBy: 'platform' | 'cell' | 'nobody'
  readonly code: string
}

/** The run's own token made out to another run, under a signature that no longer fits. */
function alteredToken(own: string): string {
  const [header = '', payload = '', signature = ''] = own.split('.')
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const altered = {
    ...(typeof claims === 'object' ? claims : {}),
    jti: 'altered',
    sub: 'spiffe://staging.invalid/twin/warehouse-robot/run/other',
  }
  return `${header}.${Buffer.from(JSON.stringify(altered)).toString('base64url')}.${signature}`
}

/** Makes every attempt, in order. `foreignToken` is a token of another run; without one, the run's own is altered. */
export async function reachOut(context: RunContext, foreignToken: string | undefined): Promise<Attempt[]> {
  const bearer = foreignToken ?? alteredToken((await context.credential('mission-board')).token)
  const call = (connection: string, method: string, path: string, more: { bearer?: string; body?: string } = {}) => {
    return () => context.call(connection, { method, path, ...more })
  }
  const attempts: readonly [string, () => unknown][] = [
    ['read the missions of production', call('mission-board-production', 'GET', '/missions/next')],
    ['call the payments of another twin', call('payments-api', 'GET', '/payments/pay-000001')],
    ['call an undeclared connection', call('metadata', 'GET', '/latest/meta-data/')],
    ['reach the metadata address through a declared connection', call('mission-board', 'GET', 'http://169.254.169.254/latest/meta-data/')],
    ['leave the declared paths by dot segments', call('mission-board', 'GET', '/missions/../fleet')],
    ['read every mission', call('mission-board', 'GET', '/missions')],
    ['post a mission through a read connection', call('mission-board', 'POST', '/missions', { body: '{"stops":[]}' })],
    ['act with a token of another run', call('mission-board', 'GET', '/missions/next', { bearer })],
    [
      'obtain a credential of another subject',
      () => context.credential('mission-board', 'spiffe://other.invalid/twin/warehouse-robot/run/other'),
    ],
    ['connect to the network directly', () => dial(443, '169.254.169.254')],
    ['read a file of the machine', () => readFileSync('/etc/passwd')],
    ['read the program of another twin', () => readFileSync(join(import.meta.dirname, '..', 'payments', 'program.ts'))],
    ['write a file beside its program', () => writeFileSync(join(import.meta.dirname, 'left-behind'), 'here')],
    ['start a process', () => execFileSync('/bin/true')],
    ['start a thread', () => new Worker('0', { eval: true })],
  ]
  const made: Attempt[] = []
  for (const [what, attempt] of attempts) made.push({ what, ...(await outcomeOf(attempt)) })
  return made
}

async function outcomeOf(attempt: () => unknown): Promise<Omit<Attempt, 'what'>> {
  try {
    await attempt()
    return { refusedBy: 'nobody', code: 'through' }
  } catch (error) {
    if (error instanceof RunRefused) return { refusedBy: 'platform', code: error.code }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    // Any other error, such as a connection that timed out, does not show that the cell refused.
    return { refusedBy: code === 'ERR_ACCESS_DENIED' ? 'cell' : 'nobody', code }
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
