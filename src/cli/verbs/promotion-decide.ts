// Decisions on a promotion: what it was and what it is now, in a few lines, and the next command. A decision that was refused is refused as it is.
import type { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, isProblem } from '../failure.ts'
import { counted } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { pairs } from '../print/table.ts'
import { promotionAnswer, promotionDetailAnswer } from './answers.ts'
import { nextOf } from './promotion-show.ts'

type Detail = z.output<typeof promotionDetailAnswer>

/** How the promotion looks now; nothing for whoever may decide but not look. */
async function look(id: string, context: Context): Promise<Detail | undefined> {
  try {
    return promotionDetailAnswer.parse(await context.api.call('promotion:show', { promotion: id }))
  } catch (error) {
    if (isProblem(error, 'denied')) return undefined
    throw error
  }
}

const words = (state: string): string => safe(state.replace('_', ' '))

function headLine(before: string, answer: Answer, { paint }: Context): string {
  const { id, state } = promotionAnswer.parse(answer)
  return `${paint.bold('Promotion')} ${safe(id)}  ${words(before)} → ${state === 'rejected' || state === 'rolled_back' ? paint.red(words(state)) : paint.green(words(state))}`
}

const nextLines = (answer: Answer, environment?: string): string[] => {
  const next = nextOf(promotionAnswer.parse(answer), environment)
  return next === undefined ? [] : [`Next: ${next}`]
}

/** Approving: how many approvals there are now. */
export const promotionApprove: VerbExtra = {
  async lines(answer, context) {
    const now = await look(String(answer.id), context)
    const given = now?.approvals.given.filter((one) => one.decision === 'approved').length
    return [
      headLine('in_review', answer, context),
      ...(now === undefined
        ? []
        : pairs(
            [
              ['approvals', `${given} of ${now.approvals.needed}`],
              ['digest', safe(now.digest)],
            ],
            context.paint,
          )),
    ]
  },
  next: (answer) => nextLines(answer),
}

/** Rejecting. */
export const promotionReject: VerbExtra = { lines: (answer, context) => [headLine('in_review', answer, context)] }

function crossedRows(answer: Answer, now: Detail | undefined, context: Context): [string, string][] {
  const rows: [string, string][] =
    now === undefined
      ? []
      : [
          ['ended', safe(now.test.spiffeId)],
          ['began', context.paint.green(safe(now.production.spiffeId))],
          ['owner', context.named(now.production.owner)],
          ['until', safe(now.production.ends)],
        ]
  if (typeof answer.tokensEnded === 'number')
    rows.push(['revoked', `${counted(answer.tokensEnded, 'credential')} of the run’s lineage; the others ended with it`])
  if (typeof answer.rules === 'number') rows.push(['permissions', `${counted(answer.rules, 'rule')}, none broader than was used`])
  if (typeof answer.superseded === 'string') rows.push(['superseded', safe(answer.superseded)])
  if (now !== undefined) rows.push(['digest', safe(now.digest)])
  return rows
}

/** Crossing: what ended and what began. A promotion that still waits for approval says so by its exit code. */
export const promotionCross: VerbExtra = {
  async perform(input, _values, context) {
    try {
      const answer = await context.api.call('promotion:cross', input)
      const now = await look(String(answer.id), context)
      return { ...answer, ...(now === undefined ? {} : { identities: now }) }
    } catch (error) {
      if (!isProblem(error, 'wrong_state') || !/\b(requested|checked|in_review)\b/.test(error.problem.detail)) throw error
      throw new CliFailure(exitCodes.awaitingApproval, error.message, {
        next: 'It waits for approval: `twinlock promotion approve`, as a reviewer.',
        problem: error.problem,
        cause: error,
      })
    }
  },
  lines(answer, context) {
    const now = answer.identities === undefined ? undefined : promotionDetailAnswer.parse(answer.identities)
    return [headLine('approved', answer, context), ...pairs(crossedRows(answer, now, context), context.paint)]
  },
  next: (answer) =>
    nextLines(answer, answer.identities === undefined ? undefined : promotionDetailAnswer.parse(answer.identities).production.environment),
}

/** Going back: what the channel points at now, and what is not undone. */
export const promotionRollBack: VerbExtra = {
  lines(answer, context) {
    const left = Array.isArray(answer.notUndone)
      ? answer.notUndone.map((one) => `  ${context.paint.yellow('not undone')}: ${safe(String(one))}`)
      : []
    const points = typeof answer.channelNow === 'string' ? safe(answer.channelNow) : 'nothing'
    return [
      headLine('crossed', answer, context),
      ...pairs(
        [
          ['channel points at', points],
          ['credentials', `${String(answer.tokensEnded)} ended`],
        ],
        context.paint,
      ),
      ...left,
    ]
  },
}
