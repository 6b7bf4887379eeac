// Who holds duties together already, as somebody reads it before he declares that nobody shall: by name, with one grant of each side, and whether that is all.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import { counted } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { table } from '../print/table.ts'

const preview = z.object({
  items: z.array(z.object({ holder: z.string(), name: z.string().nullable(), one: z.string(), other: z.string() })),
  cut: z.boolean(),
})

/** Who holds both of two sides. */
export const conflictPreview: VerbExtra = {
  lines(answer, { paint }) {
    const { items, cut } = preview.parse(answer)
    const more = cut ? [paint.yellow('There may be more: not everybody who holds something of both sides was looked at, or is named.')] : []
    if (items.length === 0) return [cut ? 'Nobody was found who holds both.' : paint.green('Nobody holds both.'), ...more]
    const rows = items.map(({ holder, name, one, other }) => [paint.bold(safe(name ?? holder)), safe(holder), safe(one), safe(other)])
    return [
      `${counted(items.length, 'holder')} of both sides:`,
      ...table(['who', 'id', 'one side by', 'the other by'], rows, paint),
      ...more,
    ]
  },
}
