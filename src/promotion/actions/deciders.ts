// Who may decide a promotion, who may not, and why: each candidate is decided about by the door's own decision. What comes of it mints nothing, says nothing
// of the ledger, and opens nothing; whoever acts is decided about again.
import { z } from 'zod'
import { action, idOf, isId, type Ports, type Tx } from '../../kernel/index.ts'
import { type Candidate, type Foreseen, findCandidates, foresee } from '../candidates.ts'
import { findPromotion, locatedFor, type PromotionFound, promotionType } from '../find-promotion.ts'
import { crossPromotion, locatedToCross } from './cross.ts'
import { approvePromotion } from './review.ts'

const verdict = z.object({ may: z.boolean(), because: z.string() })
const step = z.object({ isOpen: z.boolean(), because: z.string() })

const decidersOutput = z.object({
  promotion: idOf('prm'),
  version: z.number(),
  state: z.string(),
  approvals: z.object({ needed: z.number(), given: z.number() }),
  /** Whether the promotion itself is where a step can be taken, whoever takes it. */
  now: z.object({ approve: step, cross: step }),
  people: z.array(
    z.object({
      person: z.object({ id: idOf('per'), slug: z.string(), name: z.string() }),
      roles: z.array(z.string()),
      /** Whether this person had a hand in making it. */
      isMaker: z.boolean(),
      /** What this person decided about the version that it is at. */
      decided: z.enum(['approved', 'rejected']).nullable(),
      approve: verdict,
      cross: verdict,
    }),
  ),
  /** Workloads that hold a role: none of them reviews, some may cross. */
  workloads: z.array(z.object({ kind: z.string(), id: z.string(), slug: z.string(), approve: verdict, cross: verdict })),
  truncated: z.boolean(),
})

type Shown = z.input<typeof decidersOutput>

/** Whether a promotion is where it can be approved, and where it can cross. */
function openSteps({ promotion }: PromotionFound, given: number): Shown['now'] {
  const { state, approvals_needed: needed } = promotion
  const unchecked = state === 'requested' || state === 'checked'
  const missing = needed - given
  return {
    approve: {
      isOpen: state === 'in_review',
      because: unchecked
        ? 'The gate has not passed it yet.'
        : state === 'in_review'
          ? `It is in review; ${missing} of ${needed} ${needed === 1 ? 'approval is' : 'approvals are'} missing.`
          : `It is ${said(state)}.`,
    },
    cross: {
      isOpen: state === 'approved',
      because: state === 'approved' ? 'It is approved.' : `It is ${said(state)}; only an approved one crosses.`,
    },
  }
}

const said = (state: string): string => state.replaceAll('_', ' ')

/** The decisions of people about the version that a promotion is at. */
export async function decisionsNow(tx: Tx, { promotion }: PromotionFound): Promise<ReadonlyMap<string, 'approved' | 'rejected'>> {
  const rows = await tx
    .selectFrom('approval')
    .select(['person_id', 'decision'])
    .where('promotion_id', '=', promotion.id)
    .where('promotion_version', '=', promotion.version)
    .execute()
  return new Map(rows.map((row) => [row.person_id, row.decision]))
}

const verdictOf = ({ may, because }: Foreseen): Foreseen => ({ may, because })

function approvalOf(candidate: Candidate, found: PromotionFound, decided: string | undefined, ports: Ports): Foreseen {
  const told = verdictOf(foresee(approvePromotion, candidate, locatedFor(found), ports))
  if (!told.may || decided === undefined) return told
  return { may: false, because: `Has ${decided} this version already.` }
}

async function peopleWhoLeft(tx: Tx, hands: readonly string[], present: ReadonlySet<string>): Promise<Shown['people']> {
  const gone = hands.filter((id) => isId('per', id) && !present.has(id))
  if (gone.length === 0) return []
  const rows = await tx.selectFrom('person').select(['id', 'slug', 'name']).where('id', 'in', gone).where('state', '=', 'left').execute()
  const left = { may: false, because: 'Has left.' }
  return rows.map((person) => ({ person, roles: [], isMaker: true, decided: null, approve: left, cross: left }))
}

async function decidersOf(tx: Tx, found: PromotionFound, ports: Ports): Promise<Pick<Shown, 'people' | 'workloads' | 'truncated'>> {
  const { makers } = found.promotion
  const decisions = await decisionsNow(tx, found)
  const also = [...makers, ...found.reviewers].filter((id) => !isId('run', id))
  const { all, truncated } = await findCandidates(tx, { roles: ['reviewer', 'deployer'], also }, ports)
  const toCross = await locatedToCross(tx, found)
  const told = all.map((one) => ({
    one,
    approve: approvalOf(one, found, decisions.get(one.principal.id), ports),
    cross: verdictOf(foresee(crossPromotion, one, toCross, ports)),
  }))
  const people = told.flatMap(({ one: { principal, slug, name, roles }, approve, cross }) => {
    if (principal.kind !== 'person') return []
    const { id } = principal
    return [
      { person: { id, slug, name }, roles: [...roles], isMaker: makers.includes(id), decided: decisions.get(id) ?? null, approve, cross },
    ]
  })
  const workloads = told.flatMap(({ one: { principal, slug }, approve, cross }) =>
    principal.kind === 'person' ? [] : [{ kind: principal.kind, id: principal.id, slug, approve, cross }],
  )
  const left = await peopleWhoLeft(tx, makers, new Set(people.map(({ person }) => person.id)))
  return { people: [...people, ...left], workloads, truncated }
}

/** Says who may decide a promotion and who may not, each with why. */
export const showDeciders = action({
  name: 'promotion:deciders',
  summary: 'Say who may approve a promotion and carry it across, who may not, and why.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer', 'deployer'],
  resource: promotionType,
  input: z.strictObject({ promotion: idOf('prm') }),
  output: decidersOutput,
  locate: async ({ input, tx }) => {
    const found = await findPromotion(tx, input.promotion)
    return { resource: found.entity, others: found.above, environment: found.artifact.environment, found }
  },
  async perform({ found, tx, ports }) {
    const { id, version, state, approvals_needed: needed } = found.promotion
    const given = [...(await decisionsNow(tx, found)).values()].filter((decision) => decision === 'approved').length
    return {
      result: {
        promotion: id,
        version,
        state,
        approvals: { needed, given },
        now: openSteps(found, given),
        ...(await decidersOf(tx, found, ports)),
      },
      facts: { version },
    }
  },
})
