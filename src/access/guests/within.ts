// What may be given to a guest, or to whatever is of an engagement: nothing beyond its projects, and nothing that lasts longer. A decision would not let it reach
// farther either; here whoever gives is told so.
import { boundsOf } from '../../identity/index.ts'
import { fail, type Ports, type Tx } from '../../kernel/index.ts'

/** A grant before it is kept. */
interface Given {
  readonly principal_id: string
  readonly scope_type: string
  readonly scope_id: string
  readonly expires_at: Date | null
}

/** Requires that a grant lies within what bounds its holder. Throws `conflict`. */
export async function requireWithin(tx: Tx, { scopes }: Pick<Ports, 'scopes'>, given: Given): Promise<void> {
  const bounds = await boundsOf(tx, given.principal_id)
  if (bounds.length === 0) return
  const above = (await scopes.above(tx, { type: given.scope_type, id: given.scope_id })) ?? []
  const reaching = bounds.filter(({ isOn, projects }) => isOn && above.some(({ type, id }) => type === 'Project' && projects.includes(id)))
  if (reaching.length === 0)
    throw fail('conflict', 'A guest, and what is of an engagement, holds nothing beyond the projects that it is here for.', {
      next: 'Name one of these projects as the scope, or something in it.',
    })
  const end = given.expires_at
  if (end === null || reaching.every(({ until }) => end.getTime() > until.getTime()))
    throw fail('conflict', 'This would last longer than its holder is here.', {
      pointer: '/expiresAt',
      next: `Let it end by ${reaching
        .map(({ until }) => until.toISOString())
        .sort()
        .at(-1)}.`,
    })
}
