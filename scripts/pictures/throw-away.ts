// A Twinlock for the pictures: `twinlock start` as anybody would start it, over a data folder that is thrown away, with the starter and its two runs.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const clone = fileURLToPath(new URL('../..', import.meta.url))
const startMsMax = 600_000

/** A Twinlock that runs until it is closed. */
export interface ThrowAway {
  readonly url: string
  /** A sign-in link for each of the starter's people; each works once. */
  readonly links: Readonly<Record<string, string>>
  close(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port is free on loopback.')
  return address.port
}

/** Waits until the process says where it runs. Throws with what it said when it ends before, or takes ten minutes. */
async function saysWhere(child: ChildProcess): Promise<void> {
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fail = (why: string): void => reject(new Error(`${why}\n${said}`))
  const timer = setTimeout(() => fail('Twinlock did not start in ten minutes.'), startMsMax)
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (said.includes('Ctrl-C') || said.includes('walked the main job once')) resolve()
  })
  child.once('exit', (code) => fail(`Twinlock ended with ${code} before it had started.`))
  try {
    await promise
  } finally {
    clearTimeout(timer)
  }
}

/** Starts it. */
export async function startThrowAway(): Promise<ThrowAway> {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-pictures-'))
  chmodSync(folder, 0o755) // run by root, PostgreSQL is another user and goes through it; what lies in it keeps its own rights
  const [data, keys] = [join(folder, 'data'), join(folder, 'keys')]
  const port = await freePort()
  const child = spawn(process.execPath, [join(clone, 'bin', 'twinlock.mjs'), 'start', '--port', String(port)], {
    cwd: clone,
    env: { ...process.env, TWINLOCK_DATA: data, TWINLOCK_KEYS: keys },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await saysWhere(child)
    const links: Record<string, string> = JSON.parse(readFileSync(join(data, 'starter', 'links.json'), 'utf8'))
    return { url: `http://127.0.0.1:${port}`, links, close }
  } catch (error) {
    await close()
    throw error
  }
}
