// What a first start says: at most 25 lines that a person enjoys reading. Progress goes to stderr and disappears; this stays.
import { styleText } from 'node:util'
import type { Starter, WalkedRun } from '../../app/index.ts'

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)
const green = (text: string): string => styleText('green', text)

/** An attempt of the run to do what it may not, and who refused it. */
export interface Attempt {
  readonly what: string
  readonly refusedBy: string
}

/** Everything that the first start tells. */
export interface Story {
  readonly baseUrl: string
  readonly starter: Starter
  readonly walked: WalkedRun
  readonly attempts: readonly Attempt[]
  /** The run of the warehouse robot, and why it ended as it did. */
  readonly drive: { readonly walked: WalkedRun; readonly reason: string } | undefined
  readonly linksFile: string
}

function closedOf(walked: WalkedRun): { admissionMs: number; cellMs: number; tokens: number } {
  return walked.ended.closed as { admissionMs: number; cellMs: number; tokens: number } // the output schema of `run:close` has checked it
}

function refusals(attempts: readonly Attempt[]): string {
  const by = (who: string) => attempts.filter((one) => one.refusedBy === who).length
  const through = by('nobody')
  const said = `${by('platform')} refused by the platform, ${by('cell')} by the cell`
  return through === 0 ? said : `${said}, ${through} NOT REFUSED`
}

const milliseconds = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`

function driveLines({ drive }: Story): string[] {
  if (drive === undefined) return []
  const { walked, reason } = drive
  const outcome = String(walked.ended.outcome)
  const end = outcome === 'succeeded' ? green(outcome) : outcome
  return [
    '',
    `  ${bold('The robot')}  ${walked.run}  ${end}: ${reason.slice(0, 120)}`,
    ...(walked.artifact === undefined
      ? []
      : [`  its dataset   ${walked.artifact.digest}`, `  look          npx twinlock artifact show ${walked.artifact.id}`]),
  ]
}

/** The lines of the story. */
export function storyLines(story: Story): string[] {
  const { starter, walked, attempts, baseUrl, linksFile } = story
  const closed = closedOf(walked)
  const who = walked.ended.identities as Record<'operator' | 'twin', { id: string; spiffeId: string }> // the output schema of `run:show` has checked it
  return [
    `${bold('Twinlock')} is running at ${baseUrl}, and has walked the main job once.`,
    '',
    `  ${bold('Three identities')}, never mixed`,
    `  operator      ${who.operator.id}  ${dim('(starter: operator, who answers for the pipeline)')}`,
    `  orchestrator  ${starter.pipeline.spiffeId}`,
    `  twin          ${who.twin.spiffeId}`,
    '',
    `  ${bold('The run')}  ${walked.run}  ${green(String(walked.ended.outcome))}`,
    `  calls         ${walked.allowed} allowed, ${walked.denied} denied, all on the tape`,
    `  reaching out  ${attempts.length} attempts: ${refusals(attempts)}`,
    `  the end       nothing admitted after ${milliseconds(closed.admissionMs)}, ${closed.tokens} credential${closed.tokens === 1 ? '' : 's'} ended, cell gone after ${milliseconds(closed.cellMs)}`,
    `  in quarantine ${walked.artifact?.id ?? 'nothing'}`,
    `                ${walked.artifact?.digest ?? ''}`,
    '',
    `  ${bold('A promotion waits')} for somebody who had no hand in it:`,
    `  npx twinlock login reviewer`,
    `  npx twinlock promotion show ${walked.promotion ?? ''}`,
    ...driveLines(story),
    '',
    dim(`  One-time links for the starter’s people, ten minutes each: ${linksFile}`),
    dim('  One human trying all of them is a demonstration; separation of duties needs different humans. Ctrl-C stops everything.'),
  ]
}

/** The lines of a start that only starts. */
export function plainLines(baseUrl: string, linksFile: string | undefined): string[] {
  const links = linksFile === undefined ? [] : [dim(`  Fresh one-time links, ten minutes each: ${linksFile}`)]
  return [`${bold('Twinlock')} is running at ${baseUrl}.`, ...links, dim('  Ctrl-C stops everything.')]
}

/** What is said of an organization that nobody has signed in to yet. */
export function organizationLines(slug: string, linksFile: string): string[] {
  return [`  The organization ${bold(slug)} waits for its first administrator: his one-time link is good for ten minutes: ${linksFile}`]
}

/** How progress is shown: drawn over itself where that is possible, else as a note now and then. */
export interface ProgressOptions {
  /** Whether stderr is a terminal, and nothing but people reads it. */
  readonly isDrawn: boolean
  note(line: string): void
}

/** A progress bar on stderr. */
export class Progress {
  readonly #terminal: boolean
  readonly #note: (line: string) => void
  #last = ''

  constructor({ isDrawn, note }: ProgressOptions) {
    this.#terminal = isDrawn
    this.#note = note
  }

  /** Shows how far something is; `total` 0 is "some way". */
  show(label: string, done: number, total: number, note: string): void {
    const width = 28
    const share = total > 0 ? Math.min(1, done / total) : 0
    const bar = total > 0 ? `${'█'.repeat(Math.round(share * width))}${'░'.repeat(width - Math.round(share * width))}` : '░'.repeat(width)
    const text = `${label.padEnd(22)} ${bar} ${total > 0 ? `${Math.round(share * 100)}%`.padStart(4) : '    '} ${note}`
    if (this.#terminal) process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 100) - 1)}`)
    else if (label !== this.#last) this.#note(label)
    this.#last = label
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#terminal) process.stderr.write('\r\x1b[2K')
  }
}
