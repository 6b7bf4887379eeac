// Lists that everybody has something of: plain, they are everybody's for whoever may see that, and one's own for whoever may not. That he may not is asked, not tried.
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { mayHave } from '../names/seen.ts'

type Input = Readonly<Record<string, unknown>>

/** Narrows a list to one's own where nothing was said of whose and one may not see everybody's; says so. */
export function ownWhereNotAll(
  action: string,
  saying: readonly string[],
  ownOf: (context: Context) => Promise<Input | undefined>,
): NonNullable<VerbExtra['prepare']> {
  return async (input, _values, context) => {
    if (saying.some((name) => input[name] !== undefined) || (await mayHave(context.api, action, input))) return input
    const own = await ownOf(context)
    if (own === undefined) return input
    context.say(context.paint.dim('What you answer for; everybody’s is for administrators and auditors.'))
    return { ...input, ...own }
  }
}
