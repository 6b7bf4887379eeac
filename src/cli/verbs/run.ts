// Runs for people: one run with its three identities and its end, its tape, and a launch that is watched until the run is closed.
import type { z } from 'zod'
import { type Answer, listAll } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { isProblem } from '../failure.ts'
import { bytesText, clockText, counted, durationText, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs } from '../print/table.ts'
import { type callAnswer, runAnswer, stopAnswer, tapeAnswer } from './answers.ts'
import { Progress } from './progress.ts'

type Run = z.output<typeof runAnswer>

const pollMs = 400

/** Ends that a run's own words may say more of. */
const badEnds: ReadonlySet<string> = new Set(['failed', 'deadline', 'lost'])

function stateText({ state, outcome }: Run, { paint }: Context): string {
  if (outcome === null) return paint.yellow(state)
  return `${state}, ${outcome === 'succeeded' ? paint.green(outcome) : paint.red(outcome)}`
}

function endText({ closed, endedAt }: Run): string {
  if (closed === null) return momentText(endedAt)
  const part = (milliseconds: number | null): string => (milliseconds === null ? 'not measured' : durationText(milliseconds))
  return `${momentText(endedAt)} · nothing admitted after ${part(closed.admissionMs)} · ${counted(closed.tokens, 'credential')} ended · cell gone after ${part(closed.cellMs)}`
}

function runLines(run: Run, context: Context): string[] {
  const { paint, named } = context
  const { operator, orchestrator, twin } = run.identities
  return [
    `${paint.bold('Run')} ${safe(run.id)}  ${stateText(run, context)}${run.reason === null ? '' : `: ${safe(run.reason)}`}`,
    '',
    ...pairs(
      [
        ['operator', named(operator.id)],
        ['orchestrator', named(orchestrator.id)],
        ['twin', safe(twin.spiffeId ?? twin.id)],
      ],
      paint,
    ),
    '',
    ...pairs(
      [
        ['scenario', `${safe(run.scenario)}, seed ${run.seed}`],
        ['environment', safe(run.environment)],
        ['sensitivity', safe(run.sensitivity)],
        ['began', `${momentText(run.startedAt)} (queued ${momentText(run.queuedAt)}, deadline ${momentText(run.deadline)})`],
        ...(run.progress === undefined || run.progress === null
          ? []
          : [['progress', `${run.progress.done} of ${run.progress.total} ${safe(run.progress.note)}`] as const]),
        ...(run.frozen === undefined || run.frozen === null
          ? []
          : [['frozen', `until ${momentText(run.frozen.until)} by ${named(run.frozen.by)}: ${safe(run.frozen.reason)}`] as const]),
        ...(run.credentials === undefined
          ? []
          : [['credentials', `${run.credentials.live} live of ${run.credentials.issued} issued`] as const]),
        ['end', endText(run)],
        ...(run.remedy === undefined || run.remedy === null ? [] : [['what to do', safe(run.remedy)] as const]),
      ],
      paint,
    ),
  ]
}

/** A run with its three identities. */
export const runShow: VerbExtra = {
  lines: (answer, context) => runLines(runAnswer.parse(answer), context),
  next: (answer) => [...whyLines(answer), `What it touched: twinlock run tape ${safe(String(answer.id))}`],
}

/** Where the details of a bad end are, for whoever may read them. */
function whyLines(answer: Answer): string[] {
  const { id, outcome } = runAnswer.parse(answer)
  return outcome !== null && badEnds.has(outcome) ? [`How it ended, and its last words: twinlock run read ${safe(id)}`] : []
}

function stoppedLine(answer: Answer): string {
  const { stopped, tookMs } = stopAnswer.parse(answer)
  return `${counted(stopped.credentials, 'credential')} ended in ${durationText(tookMs)}. Nothing of the run is admitted any more.`
}

/** A run that was stopped for good. */
export const runCancel: VerbExtra = {
  lines: (answer, context) => [...runLines(runAnswer.parse(answer), context), '', stoppedLine(answer)],
  next: (answer) => [`What it had done: twinlock run tape ${safe(String(answer.id))}`],
}

/** A run that was stopped for a while. */
export const runFreeze: VerbExtra = {
  lines: (answer, context) => [...runLines(runAnswer.parse(answer), context), '', stoppedLine(answer)],
  next: (answer) => [
    `Let it go on: twinlock run thaw ${safe(String(answer.id))} --reason <why>`,
    `End it: twinlock run cancel ${safe(String(answer.id))} --reason <why>`,
  ],
}

/** A run that goes on. */
export const runThaw: VerbExtra = {
  lines: (answer, context) => [...runLines(runAnswer.parse(answer), context), '', 'It goes on, under new credentials.'],
}

function callRow(call: z.output<typeof callAnswer>, { paint }: Context): string[] {
  const allowed = call.decision === 'allowed'
  const outcome = allowed ? (call.state === 'unknown' ? 'unknown' : String(call.status ?? call.code ?? '…')) : safe(call.code ?? 'denied')
  return [
    String(call.number).padStart(4),
    call.at === null ? '' : clockText(call.at),
    allowed ? paint.green('✓') : paint.red('✗'),
    safe(call.method),
    `${safe(call.connection)}${safe(call.path)}`,
    allowed ? outcome : paint.red(outcome),
    call.responseBytes === null ? '' : bytesText(call.responseBytes),
    call.durationMs === null ? '' : durationText(call.durationMs),
  ]
}

/** A tape: one line a call. */
export const runTape: VerbExtra = {
  lines(answer, context) {
    const tape = tapeAnswer.parse(answer)
    return [...aligned(tape.items.map((call) => callRow(call, context))), '', `${tape.allowed} allowed, ${tape.denied} denied.`]
  },
  next: (answer) => (answer.next === null ? [] : [`More: --after ${String(answer.next)}`]),
}

async function watch(run: Run, context: Context): Promise<Run> {
  const progress = new Progress(context)
  try {
    for (let shown = run; ; shown = runAnswer.parse(await context.api.call('run:show', { run: run.id }))) {
      const { done, total, note } = shown.progress ?? { done: 0, total: 0, note: '' }
      progress.show(shown.state, done, total, safe(note))
      if (shown.state === 'ended') return shown
      await context.io.wait(pollMs)
    }
  } finally {
    progress.clear()
  }
}

/** What a caller may not see is left out of the summary, and the summary says so. */
async function ifAllowed<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (isProblem(error, 'denied')) return undefined
    throw error
  }
}

async function watched(run: Run, context: Context): Promise<Answer> {
  const ended = await watch(run, context)
  const calls = await ifAllowed(async () => {
    const { allowed, denied } = tapeAnswer.parse(await context.api.call('run:tape', { run: run.id, limit: 1 }))
    return { allowed, denied }
  })
  const artifact = await ifAllowed(async () => (await listAll(context.api, 'artifact:list')).find((one) => one.run === run.id))
  return { ...ended, calls: calls ?? null, artifact: artifact === undefined ? null : { id: artifact.id, digest: artifact.digest } }
}

function summaryOf(answer: Answer, context: Context): [string, string][] {
  const calls = answer.calls as { allowed: number; denied: number } | null // made by `watched`
  const artifact = answer.artifact as { id: string; digest: string } | null // made by `watched`
  const none = runAnswer.parse(answer).outcome === 'succeeded' ? 'nothing that you may see' : 'nothing'
  return [
    ['calls', calls === null ? 'you may not read the tape' : `${calls.allowed} allowed, ${calls.denied} denied`],
    ['artifact', artifact === null ? none : `${safe(artifact.id)} in quarantine`],
    ...(artifact === null ? [] : [['digest', context.paint.bold(safe(artifact.digest))] as [string, string]]),
  ]
}

/** A launch; with `--watch` until the run is closed. */
export const runLaunch: VerbExtra = {
  flags: [{ name: 'watch', about: 'Stay until the run ended; progress goes to stderr.' }],
  async perform(input, values, context) {
    const run = runAnswer.parse(await context.api.call('run:launch', input))
    if (values.watch !== true) return run
    context.say(`Run ${safe(run.id)} is queued. Ctrl-C stops watching, not the run.`)
    return watched(run, context)
  },
  lines: (answer, context) => [
    ...runLines(runAnswer.parse(answer), context),
    ...('calls' in answer ? pairs(summaryOf(answer, context), context.paint) : []),
  ],
  next: (answer) =>
    'calls' in answer
      ? answer.artifact === null || whyLines(answer).length > 0
        ? whyLines(answer)
        : [
            `Next: twinlock promotion request --artifact ${safe(String((answer.artifact as { id: string }).id))} --environment <name> --service <name> --channel <name>`,
          ] // made by `watched`
      : [`Watch it: twinlock run show ${safe(String(answer.id))}`],
}
