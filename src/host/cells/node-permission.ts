// The `node-permission` driver: a cell is a child of our own Node under its permission model, with an empty environment, one socket, and, where we are
// root, a uid of its own. Node's makers call that model a seat belt, so this is for ready-made twins, whose code is ours; the channel is treated as
// hostile all the same. CPU is not limited here: a run's deadline is what ends a loop.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Duplex, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { fail } from '../../kernel/index.ts'
import type { Cell, CellDriver, CellSpec, CellStrength, SupervisorSide } from '../../runs/index.ts'
import { type LaunchPlan, nodeArguments, planFolder, planTwin, readyMadeTwinsFolder } from './launch-plan.ts'
import { findMemoryGroups, type MemoryGroup, type MemoryGroups } from './memory-group.ts'
import { NodeCell } from './node-cell.ts'
import { type ProbeFindings, probeCell } from './probe-cell.ts'
import { canWatchResident, watchResident } from './resident-watch.ts'
import { ownUidRange, RunUids } from './run-uid.ts'
import { Warden } from './warden.ts'

const megabyte = 1024 * 1024
/** What Node itself takes beside the program's heap. */
const runtimeMegabytes = 128
const memoryMegabytes = { min: 32, max: 65_536 }
const probeFolder = fileURLToPath(new URL('./probe/', import.meta.url))

/** Settings of the driver. */
export interface NodePermissionOptions {
  /** Opens the supervisor's end of a channel: `openSupervisorSide` of the runs room. */
  readonly openChannel: () => SupervisorSide
  /** Holds one folder per program, each with a `program.ts`. Its content is trusted as much as the product. */
  readonly twinsFolder?: string
  /** Cells that may exist at once. */
  readonly cellsMax?: number
}

/** Makes the driver. One per process: it keeps uids apart and remembers what its probe found. */
export function nodePermissionDriver(options: NodePermissionOptions): CellDriver {
  const maker = new CellMaker(options.openChannel, options.cellsMax ?? 64)
  const twinsFolder = options.twinsFolder ?? readyMadeTwinsFolder
  return {
    probe: () => maker.probe(),
    launch: async (spec) => {
      checkSpec(spec)
      const plan = planTwin(twinsFolder, spec.program)
      return maker.start(plan, spec.memoryMegabytesMax, await maker.probe())
    },
  }
}

function checkSpec({ memoryMegabytesMax }: CellSpec): void {
  const { min, max } = memoryMegabytes
  if (!Number.isInteger(memoryMegabytesMax) || memoryMegabytesMax < min || memoryMegabytesMax > max) {
    throw fail('invalid', `The memory of a cell is ${min} to ${max} megabytes.`, { pointer: '/memoryMegabytesMax' })
  }
}

interface Confined {
  readonly endings: readonly (() => void)[]
  readonly group: MemoryGroup | undefined
}

const unconfined: Confined = { endings: [], group: undefined }

class CellMaker {
  readonly #openChannel: () => SupervisorSide
  readonly #cellsMax: number
  readonly #uids: RunUids | undefined
  readonly #groups: MemoryGroups = findMemoryGroups()
  readonly #warden = new Warden()
  #cells = 0
  #strength: Promise<CellStrength> | undefined

  constructor(openChannel: () => SupervisorSide, cellsMax: number) {
    this.#openChannel = openChannel
    this.#cellsMax = cellsMax
    const range = ownUidRange()
    this.#uids = range === undefined ? undefined : new RunUids(range)
  }

  /** Probes once; a probe that failed is tried again next time. */
  probe(): Promise<CellStrength> {
    this.#strength ??= this.#probe().catch((error: unknown) => {
      this.#strength = undefined
      throw error
    })
    return this.#strength
  }

  async start(plan: LaunchPlan, memoryMegabytesMax: number, strength: CellStrength): Promise<Cell> {
    if (this.#cells >= this.#cellsMax) throw fail('busy', `${this.#cellsMax} cells are running, which is the limit.`)
    this.#cells += 1
    const uid = strength.uid === 'own' ? this.#uids?.take() : undefined
    const release = () => {
      this.#cells -= 1
      if (uid !== undefined) this.#uids?.release(uid)
    }
    try {
      return await this.#spawn(nodeArguments(plan, uid, memoryMegabytesMax), memoryMegabytesMax, strength, release)
    } catch (cause) {
      release()
      throw fail('internal', 'The process of a cell could not be started.', { cause })
    }
  }

  async #spawn(args: string[], memoryMegabytesMax: number, strength: CellStrength, release: () => void): Promise<Cell> {
    const child = spawn(process.execPath, args, { cwd: '/', env: {}, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
    const { endings, group } = child.pid === undefined ? unconfined : this.#confine(child.pid, memoryMegabytesMax, () => cell)
    await once(child, 'spawn')
    const wasOutOfMemory = () => group?.wasReached() === true
    const cell: NodeCell = new NodeCell({ child, ...streamsOf(child), side: this.#openChannel(), wasOutOfMemory }, strength)
    void cell.exited.then(() => {
      for (const end of endings) end()
      release()
    })
    return cell
  }

  /** Puts limits on a process before it has done anything. Returns what to undo when it is gone, and its group where it has one. */
  #confine(pid: number, memoryMegabytesMax: number, cell: () => NodeCell): Confined {
    const bytesMax = (memoryMegabytesMax + runtimeMegabytes) * megabyte
    this.#warden.watch(pid)
    const endings = [() => this.#warden.forget(pid)]
    const group = this.#groups.available ? this.#groups.make(String(pid), bytesMax) : undefined
    if (group !== undefined) {
      group.add(pid)
      endings.push(() => group.remove())
    }
    const detail = `The run held more than ${memoryMegabytesMax} megabytes and ${runtimeMegabytes} for the runtime.`
    endings.push(watchResident(pid, bytesMax, () => cell().endForLimit(detail)))
    return { endings, group }
  }

  async #probe(): Promise<CellStrength> {
    const uid = this.#uids === undefined ? 'shared' : 'own'
    return this.#strengthOf(uid, await this.#try(this.#strengthOf(uid, undefined)))
  }

  #try(strength: CellStrength): Promise<ProbeFindings> {
    return probeCell(() => this.start(planFolder(probeFolder), 64, strength))
  }

  #strengthOf(uid: 'own' | 'shared', found: ProbeFindings | undefined): CellStrength {
    const { network = [], fileSystem = [], execution = [], uid: uids = [] } = found ?? {}
    const held = (probes: readonly { held: boolean }[]) => (probes.length > 0 && probes.every((probe) => probe.held) ? 'denied' : 'open')
    return {
      kind: 'node-permission',
      uid: found === undefined || held(uids) === 'denied' ? uid : 'shared',
      network: held(network),
      fileSystem: held(fileSystem),
      execution: held(execution),
      memory: this.#groups.available ? 'limited' : 'unlimited',
      probed: [
        ...network,
        ...fileSystem,
        ...execution,
        ...uids,
        { what: 'holds more memory than a limit of the system allows', held: this.#groups.available },
        { what: 'holds more memory than it should for a second', held: canWatchResident() },
        { what: 'computes without pause after its supervisor was killed', held: this.#warden.stands },
      ],
    }
  }
}

function streamsOf(child: ChildProcess): { channel: Duplex; errors: Readable } {
  const [, , errors, channel] = child.stdio
  if (!(channel instanceof Duplex) || !(errors instanceof Readable)) throw new Error('The child has no channel.')
  return { channel, errors }
}
