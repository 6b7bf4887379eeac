// What a step on a promotion will do, in facts, before somebody takes it; and whether the one who asks may take it, by the door's own decision.
import { z } from 'zod'
import { guardrailsInForce, policiesOf } from '../../access/index.ts'
import { action, type Capability, idOf, type Ports, type Principal, principalRef, type Tx } from '../../kernel/index.ts'
import { foresee, rolesHeld } from '../candidates.ts'
import { findPromotion, locatedFor, type PromotionFound, promotionType } from '../find-promotion.ts'
import { type Foresight, foreseeApproval, foreseeCrossing, foreseeRejection, foreseeRollBack } from '../foresight.ts'
import { crossPromotion, locatedToCross, rollBackPromotion } from './cross.ts'
import { decisionsNow } from './deciders.ts'
import { approvePromotion, rejectPromotion } from './review.ts'

interface Step {
  readonly capability: Capability
  /** The state that a promotion must be in. */
  readonly from: string
  tell(it: { tx: Tx; found: PromotionFound; given: number; ports: Ports }): Promise<Foresight> | Foresight
}

const steps: Readonly<Record<'approve' | 'reject' | 'cross' | 'roll-back', Step>> = {
  approve: { capability: approvePromotion, from: 'in_review', tell: ({ found, given }) => foreseeApproval(found, given) },
  reject: { capability: rejectPromotion, from: 'in_review', tell: ({ found }) => foreseeRejection(found) },
  cross: { capability: crossPromotion, from: 'approved', tell: ({ tx, found, ports }) => foreseeCrossing(tx, found, ports) },
  'roll-back': { capability: rollBackPromotion, from: 'crossed', tell: ({ tx, found, ports }) => foreseeRollBack(tx, found, ports) },
}

const foreseen = z.object({
  promotion: idOf('prm'),
  version: z.number(),
  step: z.enum(['approve', 'reject', 'cross', 'roll-back']),
  /** Whether the promotion is where this step can be taken, and why not. */
  isOpen: z.boolean(),
  /** Whether the caller may take it. */
  you: z.object({ may: z.boolean(), because: z.string() }),
  effects: z.array(
    z.object({
      does: z.enum(['creates', 'ends', 'narrows', 'moves', 'keeps']),
      subject: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
      text: z.string(),
      count: z.number().nullable(),
    }),
  ),
  /** What of the gate would stop it now. */
  stops: z.array(z.object({ name: z.string(), detail: z.string() })),
  notUndone: z.array(z.string()),
})

async function mayTake(tx: Tx, step: Step, found: PromotionFound, principal: Principal, decided: string | undefined, ports: Ports) {
  const policies = await policiesOf(tx, principalRef(principal), await guardrailsInForce(tx))
  const roles = await rolesHeld(tx, principal.id, ports)
  const { name } = principal
  const located = step.capability === crossPromotion ? await locatedToCross(tx, found) : locatedFor(found)
  const told = foresee(step.capability, { principal, slug: name, name, policies, roles }, located, ports)
  if (told.may && decided !== undefined && step.from === 'in_review') return { may: false, because: `Has ${decided} this version already.` }
  return { may: told.may, because: told.because }
}

/** Foresees a step on a promotion. */
export const foreseePromotion = action({
  name: 'promotion:foresee',
  summary:
    'Say what approving, rejecting, crossing or rolling back a promotion will do, what would stop it, and what it does not take back.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer', 'deployer'],
  resource: promotionType,
  input: z.strictObject({ promotion: idOf('prm'), step: foreseen.shape.step }),
  output: foreseen,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.artifact.environment, found }
  },
  async perform({ input, found, tx, ports, principal }) {
    const step = steps[input.step]
    const decisions = await decisionsNow(tx, found)
    const given = [...decisions.values()].filter((decision) => decision === 'approved').length
    const { id, version, state } = found.promotion
    const told = await step.tell({ tx, found, given, ports })
    return {
      result: {
        promotion: id,
        version,
        step: input.step,
        isOpen: state === step.from,
        you: await mayTake(tx, step, found, principal, decisions.get(principal.id), ports),
        effects: [...told.effects],
        stops: [...told.stops],
        notUndone: [...told.notUndone],
      },
      facts: { version, step: input.step },
    }
  },
})
