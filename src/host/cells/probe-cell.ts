// Finds out what a cell refuses, by trying from inside while watching from outside. What the inside says is believed only where it admits a weakness;
// "refused" is checked against what arrived here.
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../kernel/index.ts'
import type { Cell, CellProbe, StartMessage } from '../../runs/index.ts'
import type { ProbeParameters } from './probe/program.ts'
import { type ServedRun, serveCell } from './serve-cell.ts'

const probeMillisecondsMax = 30_000

const outcomes = z
  .array(z.object({ area: z.enum(['network', 'fileSystem', 'execution', 'uid']), what: z.string().max(100), outcome: z.string().max(100) }))
  .min(1)
  .max(64)

/** The errors that mean a refusal; any other outcome proves nothing and counts as not held. */
const refusals = ['ERR_ACCESS_DENIED', 'ERR_DLOPEN_DISABLED', 'ERR_UNKNOWN_BUILTIN_MODULE', 'ERR_LOAD_SQLITE_EXTENSION', 'EPERM', 'EACCES']

/** What was tried, by area. */
export interface ProbeFindings {
  readonly network: readonly CellProbe[]
  readonly fileSystem: readonly CellProbe[]
  readonly execution: readonly CellProbe[]
  readonly uid: readonly CellProbe[]
}

/** Tries a cell. `launch` starts the probe's program; it is called twice. Throws `internal` where the program did not run to its end. */
export async function probeCell(launch: () => Promise<Cell>): Promise<ProbeFindings> {
  const outside = await openOutside()
  try {
    const { finish, exit } = await serve(await launch(), outside, 'attempts')
    if (finish === undefined || exit.reason !== 'ended') {
      throw fail('internal', 'The cell could not be probed: its program did not end.', { cause: exit })
    }
    const found = findings(outcomes.parse(finish.summary), outside)
    await serve(await launch(), outside, 'flags')
    const flags = { what: 'writes a file by a flag of the engine', held: !readdirSync(outside.folder).includes('flags') }
    return { ...found, fileSystem: [...found.fileSystem, flags] }
  } finally {
    outside.close()
  }
}

interface Outside {
  readonly folder: string
  readonly tcpPort: number
  readonly socketPath: string
  readonly secretFile: string
  readonly arrivals: () => number
  close(): void
}

async function openOutside(): Promise<Outside> {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-probe-'))
  // Open to everyone, so that only the cell itself can be what refuses.
  chmodSync(folder, 0o777)
  const secretFile = join(folder, 'readable')
  writeFileSync(secretFile, 'x', { mode: 0o644 })
  let arrived = 0
  const server = () =>
    createServer((socket) => {
      arrived += 1
      socket.destroy()
    })
  const tcp = server()
  const local = server()
  const socketPath = join(folder, 's')
  await Promise.all([once(tcp.listen(0, '127.0.0.1'), 'listening'), once(local.listen(socketPath), 'listening')])
  chmodSync(socketPath, 0o777)
  return {
    folder,
    tcpPort: portOf(tcp),
    socketPath,
    secretFile,
    arrivals: () => arrived,
    close: () => {
      tcp.close()
      local.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw fail('internal', 'The probe has no port.')
  return address.port
}

async function serve(cell: Cell, outside: Outside, mode: 'attempts' | 'flags'): Promise<ServedRun> {
  const timer = setTimeout(() => void cell.kill(), probeMillisecondsMax)
  try {
    return await serveCell(cell, startOf(outside, mode), {})
  } finally {
    clearTimeout(timer)
    await cell.kill()
  }
}

function startOf({ folder, tcpPort, socketPath, secretFile }: Outside, mode: 'attempts' | 'flags'): StartMessage {
  const parameters = { mode, tcpPort, socketPath, secretFile, writableFolder: folder, parentPid: process.pid } satisfies ProbeParameters
  return {
    type: 'start',
    run: { id: 'probe', spiffeId: 'spiffe://probe.invalid/probe', deadline: Date.now() + probeMillisecondsMax, seed: 0, parameters },
    twin: 'probe',
    scenario: 'probe',
    program: 'probe',
    assets: [],
  }
}

function findings(found: z.output<typeof outcomes>, outside: Outside): ProbeFindings {
  const area = (name: keyof ProbeFindings): CellProbe[] =>
    found.filter((one) => one.area === name).map(({ what, outcome }) => ({ what, held: refusals.includes(outcome) }))
  const left = readdirSync(outside.folder).filter((name) => name !== 'readable' && name !== 's')
  return {
    network: [...area('network'), { what: 'reaches a listener that waited for it', held: outside.arrivals() === 0 }],
    fileSystem: [...area('fileSystem'), { what: 'leaves a file behind', held: left.length === 0 }],
    execution: area('execution'),
    uid: area('uid'),
  }
}
