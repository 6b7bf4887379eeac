// What a cell is tried with, executed inside one: each attempt reports how it was refused, or that it was not.
// Nothing here harms where a cell fails: files are the probe's own, addresses are loopback, and the signal is 0.
import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { type AddressInfo, connect, createServer, type NetConnectOpts } from 'node:net'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'

/** What the probing side prepared outside. */
export interface ProbeParameters {
  readonly mode: 'attempts' | 'flags'
  readonly tcpPort: number
  readonly socketPath: string
  readonly secretFile: string
  readonly writableFolder: string
  readonly parentPid: number
}

/** How one attempt went: `through`, or the code of the error that met it. */
export interface ProbeOutcome {
  readonly area: 'network' | 'fileSystem' | 'execution' | 'uid'
  readonly what: string
  readonly outcome: string
}

type Attempt = readonly [ProbeOutcome['area'], string, (parameters: ProbeParameters) => unknown]

const attempts: readonly Attempt[] = [
  ['network', 'connects to a TCP port on loopback', (p) => dial({ host: '127.0.0.1', port: p.tcpPort })],
  ['network', 'connects to a Unix socket', (p) => dial({ path: p.socketPath })],
  ['network', 'fetches over HTTP', (p) => fetch(`http://127.0.0.1:${p.tcpPort}/`)],
  ['network', 'sends a UDP packet', (p) => sendPacket(p.tcpPort)],
  ['network', 'resolves a name', () => lookup('localhost')],
  ['network', 'listens on a port', listen],
  ['fileSystem', 'reads the list of users', () => readFileSync('/etc/passwd')],
  ['fileSystem', 'reads a file that everyone may read', (p) => readFileSync(p.secretFile)],
  ['fileSystem', 'lists a folder that everyone may list', (p) => readdirSync(p.writableFolder)],
  ['fileSystem', 'reads the environment of its supervisor', (p) => readFileSync(`/proc/${p.parentPid}/environ`)],
  ['fileSystem', 'writes where everyone may write', (p) => writeFileSync(`${p.writableFolder}/written`, 'x')],
  ['fileSystem', 'makes a symbolic link', (p) => symlinkSync(p.secretFile, `${p.writableFolder}/link`)],
  ['fileSystem', 'writes through an embedded database', attachDatabase],
  ['execution', 'starts a process', startProcess],
  ['execution', 'starts a thread', () => new Worker('', { eval: true })],
  ['execution', 'opens a debugger', () => new Session().connect()],
  ['execution', 'loads native code', () => process.dlopen({ exports: {} }, '/nonexistent.node')],
  ['execution', 'calls native functions', () => import('node:ffi').then((ffi) => ffi.getInt8(0n))],
  ['uid', 'signals its supervisor', (p) => process.kill(p.parentPid, 0)],
  ['uid', 'becomes root', () => process.setuid?.(0)],
]

/** Makes every attempt, or the one that ends the process. */
export async function run(context: { readonly parameters: ProbeParameters }): Promise<{ verdict: 'passed'; summary: ProbeOutcome[] }> {
  if (context.parameters.mode === 'flags') changeFlags(context.parameters)
  const summary: ProbeOutcome[] = []
  for (const [area, what, attempt] of attempts) summary.push({ area, what, outcome: await outcomeOf(() => attempt(context.parameters)) })
  return { verdict: 'passed', summary }
}

async function outcomeOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt()
    return 'through'
  } catch (error) {
    return codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined) ?? 'unknown'
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function dial(options: NetConnectOpts): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect(options, () => {
    socket.destroy()
    resolve()
  })
  socket.on('error', reject)
  return promise
}

function listen(): Promise<AddressInfo | string | null> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo | string | null>()
  const server = createServer().on('error', reject)
  // Without an address: with one, a refusal is thrown where nobody can catch it.
  server.listen(0, () => {
    resolve(server.address())
    server.close()
  })
  return promise
}

function sendPacket(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = createSocket('udp4').on('error', reject)
  socket.send('x', port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
  return promise
}

function startProcess(): void {
  const { error } = spawnSync('/bin/true')
  if (error !== undefined) throw error
}

async function attachDatabase(parameters: ProbeParameters): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  new DatabaseSync(':memory:').exec(`ATTACH '${parameters.writableFolder}/database' AS outside; CREATE TABLE outside.t (a)`)
}

// Some flags of V8 name files to write. Where they can be changed, this leaves a file behind; where not, the process ends here.
function changeFlags(parameters: ProbeParameters): void {
  setFlagsFromString(`--redirect-code-traces-to=${parameters.writableFolder}/flags`)
  setFlagsFromString('--redirect-code-traces')
  setFlagsFromString('--print-opt-code')
  for (let warm = 0; warm < 200; warm++) getSum(warm)
}

function getSum(start: number): number {
  let sum = getHeapStatistics().number_of_native_contexts
  for (let at = 0; at < 100_000; at++) sum += at ^ start
  return sum
}
