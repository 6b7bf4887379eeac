// The cell: where a run's program executes, and the only things the rest of the product may ask of that place.
// A driver is part of the trusted base; what is inside a cell is not, whatever it says on its channel.
import type { RunId } from '../kernel/index.ts'
import type { ChildMessage } from './channel/child-messages.ts'
import type { SupervisorMessage } from './channel/supervisor-messages.ts'

/** What to run, and how much it may take. Holds a name, never a path: drivers know where ready-made twins are. */
export interface CellSpec {
  readonly runId: RunId
  /** Name of a ready-made twin: lower-case letters, digits and hyphens. */
  readonly program: string
  /** Mebibytes; a lower bound applies where the runtime itself needs more. */
  readonly memoryMegabytesMax: number
}

/** One thing that a cell was tried with, and whether the cell refused it. `what` is a sentence about what the inside tried. */
export interface CellProbe {
  readonly what: string
  readonly held: boolean
}

/**
 * How strong a cell was found to be, by trying. `denied` means that every attempt of that kind was refused; one that got through, or that failed
 * for a reason which proves nothing, makes it `open`.
 */
export interface CellStrength {
  readonly kind: 'node-permission' | 'bubblewrap' | 'kubernetes' | 'process'
  /** `own`: the inside has a uid of its run's own and can signal and trace nothing else. `shared`: it has the supervisor's. */
  readonly uid: 'own' | 'shared'
  readonly network: 'denied' | 'open'
  readonly fileSystem: 'denied' | 'open'
  /** New processes, threads, native code, debuggers. */
  readonly execution: 'denied' | 'open'
  /** `limited`: a limit of the operating system holds. A heap limit of the language runtime alone is `unlimited`. */
  readonly memory: 'limited' | 'unlimited'
  readonly probed: readonly CellProbe[]
}

/** How a cell came to its end. */
export interface CellExit {
  /**
   * `ended`: by itself with code 0. `killed`: by `kill()`. `protocol`: it said something that its channel does not allow, or left its channel and
   * stayed. `memory`: it reached a limit of memory, be it its heap's, the system's or what is watched. `crashed`: anything else.
   */
  readonly reason: 'ended' | 'killed' | 'protocol' | 'memory' | 'crashed'
  readonly code: number | null
  readonly signal: string | null
  /** For `protocol`: what was not allowed. For a memory limit: which. Safe to show: holds nothing that the child chose. */
  readonly detail?: string
  /** The last few kilobytes of what the child wrote to its error output. Attacker-controlled text. */
  readonly stderrTail: string
  /** Whether it wrote more than that before. */
  readonly stderrCut: boolean
}

/** A running cell. */
export interface Cell {
  readonly strength: CellStrength
  /** Process id, where there is one on this machine. */
  readonly pid?: number
  /**
   * Everything the child says, parsed, in order; to be read once. Reading slowly slows the child down: the driver holds a bounded number of messages.
   * Ends when the channel ends. Never throws for what the child did: a frame or message that is not acceptable ends the sequence and the cell,
   * and `exited` says `protocol`. Messages that arrived before the end are still delivered after it.
   */
  readonly messages: AsyncIterable<ChildMessage>
  /**
   * Says something to the child; resolves when the operating system has taken it, which a child that never reads delays until the cell ends.
   * Throws `too_large` over a frame, `busy` when too many sends wait, `conflict` for a second reply to one request, and `stale` when the cell is gone.
   */
  send(message: SupervisorMessage): Promise<void>
  /** Resolves once, after the process is gone and its error output is read; never rejects. Nothing of the run executes afterwards. */
  readonly exited: Promise<CellExit>
  /** Ends the cell with a signal that it cannot catch; resolves when the process is gone. Safe to call twice and after the end. */
  kill(): Promise<void>
}

/**
 * Makes cells of one kind. The environment inside is empty; the only way out is the channel; when the supervisor dies, however it dies, so does the
 * cell. Concurrent launches are independent.
 */
export interface CellDriver {
  /** Finds out by trying, once per process, what a cell of this kind refuses. Throws `internal` where no cell can be made at all. */
  probe(): Promise<CellStrength>
  /**
   * Starts a cell and returns as soon as its process exists; the program is loaded after the `start` message. Throws `not_found` for a program that
   * is not there, `invalid` for a name or limit out of range and `busy` past the driver's number of cells.
   */
  launch(spec: CellSpec): Promise<Cell>
}
