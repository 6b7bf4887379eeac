// One run under one worker: claim, cell, messages, heartbeat, and the end, whatever brings it. The store is the authority on whether the run counts:
// a beat that answers "not live" ends the cell, however healthy it looks. When hearts beat is the worker's to say, who has those of all his runs beat at once.
import { isCoded, type Json, type OrgId, type Ports, type RunId } from '../../kernel/index.ts'
import {
  type Cell,
  type CellDriver,
  type ChildMessage,
  causeOf,
  causeOfExit,
  causeOfRefusal,
  type ExitRecord,
  isRequest,
  type RunCause,
  recordOfExit,
  recordOfRefusal,
} from '../../runs/index.ts'
import { maskSecretsInJson } from '../../twins/index.ts'
import type { Broker } from '../broker.ts'
import type { Door } from '../door/govern.ts'
import type { Watch } from '../steps.ts'
import { problemOf, RunAnswers } from './answers.ts'
import { finishRun } from './finish-run.ts'
import { FreezeGate, type Standing } from './freeze-gate.ts'

/** What supervising needs. */
export interface SuperviseParts {
  readonly door: Door
  readonly broker: Broker
  readonly ports: Ports
  readonly cells: CellDriver
  readonly worker: string
  log(line: string): void
  readonly watch?: Watch | undefined
}

/** What `run:claim` answers; its schema has just checked it. */
interface Claimed {
  readonly run: { readonly id: RunId; readonly identities: { readonly twin: string }; readonly seed: number }
  readonly epoch: number
  readonly twin: string
  readonly program: string
  readonly scenario: string
  readonly parameters: Json
  readonly deadlineAt: number
  readonly memoryMegabytes: number
  readonly outputs: { readonly filesMax: number; readonly bytesMax: number }
  readonly assets: readonly { readonly name: string; readonly digest: string; readonly bytes: number }[]
}

interface Ending {
  readonly cause: RunCause
  readonly summary?: Json
  /** Where there never was a cell: why, in our own words. */
  readonly refusal?: string
}

const graceMs = 1500

/** A run that is being supervised. */
export interface Supervised {
  readonly org: OrgId
  readonly run: RunId
  /** Beats, and looks whether the run still counts: every second, and at once where something may have ended it. */
  check(): void
  /** Ends the run because its worker is stopping. */
  stop(): void
  /** Resolves when the run is closed. */
  readonly done: Promise<void>
}

/** Claims a run and supervises it to its end. Throws `conflict` when another worker has it. */
export async function supervise(parts: SuperviseParts, org: OrgId, run: RunId): Promise<Supervised> {
  const { result } = await parts.door.govern({
    action: 'run:claim',
    credential: { kind: 'system', org, part: 'worker' },
    input: { run, worker: parts.worker },
    requestId: `run:${run}`,
  })
  const supervision = new Supervision(parts, org, result as Claimed) // the action's output schema has just checked it
  return { org, run, check: () => supervision.check(), stop: () => supervision.stop(), done: supervision.go() }
}

class Supervision {
  readonly #parts: SuperviseParts
  readonly #org: OrgId
  readonly #claimed: Claimed
  readonly #stop = Promise.withResolvers<Ending | 'not-live'>()
  readonly #gate: FreezeGate
  #progress = { done: 0, total: 0, note: '' }
  /** Its cell said that it is up. */
  #greeted = false
  #beating = false
  /** Its end is under way: there is nothing left to keep alive. */
  #isEnding = false

  constructor(parts: SuperviseParts, org: OrgId, claimed: Claimed) {
    this.#parts = parts
    this.#org = org
    this.#claimed = claimed
    this.#gate = new FreezeGate(claimed.epoch, () => this.#beat())
  }

  /** Beats, and looks whether the run still counts; one beat at a time. */
  check(): void {
    if (this.#beating || this.#isEnding) return
    this.#beating = true
    this.#beat()
      .catch((error: unknown) => this.#parts.log(`run ${this.#claimed.run.id}: no heartbeat: ${String(error)}`))
      .finally(() => {
        this.#beating = false
      })
  }

  /** Ends the run as lost: what it did so far is sealed, and it does not succeed. */
  stop(): void {
    this.#stop.resolve({ cause: 'server_stopping' })
  }

  async go(): Promise<void> {
    const { ports, cells } = this.#parts
    const deadline = setTimeout(() => this.#stop.resolve({ cause: 'deadline' }), Math.max(0, this.#claimed.deadlineAt - ports.clock.now()))
    let cell: Cell | undefined
    try {
      cell = await cells.launch({
        runId: this.#claimed.run.id,
        program: this.#claimed.program,
        memoryMegabytesMax: this.#claimed.memoryMegabytes,
      })
      this.#parts.watch?.('cell/launched')
      await this.#begin(cell)
      this.#parts.watch?.('cell/started')
      void this.#listen(cell)
    } catch (error) {
      this.#stop.resolve(this.#notStarted(error))
    }
    const ending = await this.#stop.promise
    this.#isEnding = true
    clearTimeout(deadline)
    this.#gate.open()
    await this.#end(cell, ending)
  }

  async #system(action: string, input: unknown): Promise<unknown> {
    const credential = { kind: 'system', org: this.#org, part: 'worker' } as const
    return (await this.#parts.door.govern({ action, credential, input, requestId: `run:${this.#claimed.run.id}` })).result
  }

  #notStarted(error: unknown): Ending {
    const cause = causeOfRefusal(isCoded(error) ? error.code : undefined)
    const isOver = isCoded(error, 'run_not_live') || isCoded(error, 'claim_lost') // ended by others meanwhile
    if (cause === 'cell_failed' && !isOver)
      this.#parts.log(`run ${this.#claimed.run.id}: its cell could not be started: ${String(error)}${causeText(error)}`)
    return { cause, refusal: problemOf(error).detail }
  }

  async #begin(cell: Cell): Promise<void> {
    const { run, twin, scenario, program, parameters, deadlineAt, assets } = this.#claimed
    const { kind, uid, network, fileSystem, execution, memory } = cell.strength
    await this.#system('run:begin', {
      run: run.id,
      worker: this.#parts.worker,
      cell: { kind, uid, network, fileSystem, execution, memory },
    })
    const start = {
      type: 'start',
      run: { id: run.id, spiffeId: run.identities.twin, deadline: deadlineAt, seed: run.seed, parameters: parameters as never },
      twin,
      scenario,
      program,
      assets: assets.map(({ name, bytes, digest }) => ({ name, bytes, digest })),
    } as const
    await cell.send(start).catch((error: unknown) => {
      if (!isCoded(error, 'stale')) throw error // one that is gone already says by its exit why
    })
  }

  async #listen(cell: Cell): Promise<void> {
    const { run, assets, outputs } = this.#claimed
    const answers = new RunAnswers(this.#parts, { org: this.#org, run: run.id, gate: this.#gate, assets, outputs })
    for await (const message of cell.messages) {
      if (isRequest(message)) void this.#reply(cell, answers, message)
      else this.#notice(message)
    }
    const exit = await cell.exited
    // A run that said how it finished has resolved this before; one that did not has failed, however it left.
    this.#stop.resolve({ cause: causeOfExit(exit, this.#greeted) })
  }

  async #reply(cell: Cell, answers: RunAnswers, message: Parameters<RunAnswers['answer']>[0]): Promise<void> {
    try {
      const value = await answers.answer(message)
      await cell.send({ type: 'reply', id: message.id, ok: true, value: { ...value } })
    } catch (error) {
      const problem = problemOf(error)
      if (problem.code === 'internal') this.#parts.log(`run ${this.#claimed.run.id}: ${message.type} failed: ${String(error)}`)
      await cell
        .send({ type: 'reply', id: message.id, ok: false, problem })
        .catch((gone: unknown) => this.#parts.log(`run ${this.#claimed.run.id}: not told: ${String(gone)}`))
    }
  }

  #notice(message: Exclude<ChildMessage, { id: number }>): void {
    if (message.type === 'progress') this.#progress = { done: message.done, total: message.total, note: message.note }
    if (message.type === 'hello') this.#greeted = true
    if (message.type === 'finish') {
      const { verdict, because } = message
      const summary = message.summary as Json // the channel has just checked it
      // What a program threw is no result that it meant to give: a message may repeat what it was about.
      if (verdict === 'failed' && because !== undefined) this.#stop.resolve({ cause: because, summary: maskSecretsInJson(summary) })
      else this.#stop.resolve({ cause: verdict === 'passed' ? 'passed' : 'said_failed', summary })
    }
  }

  async #beat(): Promise<void> {
    const result = await this.#system('run:heartbeat', { run: this.#claimed.run.id, worker: this.#parts.worker, ...this.#progress })
    const standing = result as Standing & { live: boolean } // the action's output schema has just checked it
    this.#gate.hear(standing)
    if (!standing.live) this.#stop.resolve('not-live')
  }

  /** Ends the identity first, then the cell, then tidies up: whatever the cell still does in between is refused. The cell ends whatever the store says. */
  async #end(cell: Cell | undefined, ending: Ending | 'not-live'): Promise<void> {
    const { clock } = this.#parts.ports
    const began = clock.monotonic()
    const ended = ending === 'not-live' ? Promise.resolve({ tokens: 0, admissionMs: null, first: false }) : this.#endIdentity(ending, began)
    const [identity] = await Promise.allSettled([ended])
    if (cell !== undefined) await this.#endCell(cell)
    const cellMs = cell === undefined ? null : clock.monotonic() - began
    this.#parts.watch?.('cell/gone')
    // A store that could not be told ends the run when it can be reached again: the claim runs out, and the reaper ends and closes it.
    if (identity.status === 'rejected') throw identity.reason
    const { first, ...taken } = identity.value
    const exit = first ? await exitOf(cell, ending) : undefined
    await finishRun(this.#parts.door, { org: this.#org, run: this.#claimed.run.id, ...taken, cellMs, exit })
  }

  async #endIdentity(ending: Ending, began: number): Promise<{ tokens: number; first: boolean; admissionMs: number }> {
    const { cause, summary } = ending
    const result = await this.#system('run:end', { run: this.#claimed.run.id, cause, ...(summary === undefined ? {} : { summary }) })
    const { tokens, first } = result as { tokens: number; first: boolean } // the action's output schema has just checked it
    return { tokens, first, admissionMs: this.#parts.ports.clock.monotonic() - began }
  }

  async #endCell(cell: Cell): Promise<void> {
    const timer = setTimeout(() => void cell.kill(), graceMs)
    await cell.send({ type: 'stop', reason: 'the run is over' }).catch(() => undefined) // a cell that is gone already needs no word
    await cell.exited
    clearTimeout(timer)
  }
}

/** What is kept of how the cell ended; of a run that others ended it says nothing, and of one that succeeded nobody asks. */
async function exitOf(cell: Cell | undefined, ending: Ending | 'not-live'): Promise<ExitRecord | undefined> {
  if (ending === 'not-live' || causeOf(ending.cause).outcome === 'succeeded') return undefined
  if (cell === undefined) return ending.refusal === undefined ? undefined : recordOfRefusal(ending.refusal)
  return recordOfExit(await cell.exited)
}

function causeText(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? `: ${String(error.cause)}` : ''
}
