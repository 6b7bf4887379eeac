// Where evaluations find company: while questions of a caller are being decided, those that he sends meanwhile wait, and go to the door together. One enforcement
// point asks about many people at once; who it is and what it may ask is then found out once for all of them. Each question is decided on its own.
// INVARIANT: only questions that came with the very same credential, from the same address, go together; and nothing is refused to one because of another:
// whatever does not go through together is asked on its own, as if there had been no company.
import type { FastifyRequest } from 'fastify'
import { Gather } from '../../app/index.ts'
import { isCoded } from '../../kernel/index.ts'
import type { Ask } from './authzen-ask.ts'
import { type Decision, decide, type Evaluation } from './authzen-evaluation.ts'

interface Item {
  readonly evaluation: Evaluation
  readonly ask: Ask
  resolve(decision: Decision | Promise<Decision>): void
  reject(error: unknown): void
}

/** Decides evaluations, several at once where the same caller sends several. */
export class Company {
  readonly #gather = new Gather<Item>((items) => this.#settle(items))

  /** Decides one. Throws what the door throws. */
  decide(request: Pick<FastifyRequest, 'headers' | 'ip'>, evaluation: Evaluation, ask: Ask): Promise<Decision> {
    const { authorization } = request.headers
    if (authorization === undefined) return decideAlone(evaluation, ask)
    const { promise, resolve, reject } = Promise.withResolvers<Decision>()
    this.#gather.add(`${request.ip} ${authorization}`, { evaluation, ask, resolve, reject })
    return promise
  }

  /** Settles every item, and never throws. A batch holds fewer than the door takes at once. */
  async #settle(items: readonly Item[]): Promise<void> {
    const [first, ...more] = items
    if (first === undefined) return
    if (more.length === 0) return alone(items)
    const evaluations = items.map(({ evaluation }) => evaluation)
    try {
      const decisions = await decide(first.ask, evaluations, 'execute_all')
      for (const [at, item] of items.entries()) item.resolve(required(decisions[at]))
    } catch (error) {
      if (!isCoded(error, 'unavailable')) return alone(items)
      for (const item of items) item.reject(error) // a store that is away is away for each of them
    }
  }
}

function required(decision: Decision | undefined): Decision {
  if (decision === undefined) throw new Error('A question was not answered.')
  return decision
}

async function decideAlone(evaluation: Evaluation, ask: Ask): Promise<Decision> {
  const [decision] = await decide(ask, [evaluation], 'execute_all')
  return required(decision)
}

/** On their own, side by side; what else their sender asks waits for them, so that refusals are no way to more transactions at once than others have. */
async function alone(items: readonly Item[]): Promise<void> {
  const going = items.map((item) => {
    const decision = decideAlone(item.evaluation, item.ask)
    item.resolve(decision)
    return decision
  })
  await Promise.allSettled(going)
}
