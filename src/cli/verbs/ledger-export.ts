// An export of the ledger: its entries in order, one a line, the leaf hashes that the log keeps of them, the signed checkpoint that they must add up to, and
// the log's key. Written page by page.
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { textFlag, type VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import { exportAnswer } from './answers.ts'

/** The names of the files of an export. */
export const exportFiles = { entries: 'entries.jsonl', leaves: 'leaves.tile', checkpoint: 'checkpoint', key: 'verifier.key' } as const

/** What was exported. */
export interface Exported {
  readonly out: string
  readonly size: number
}

/** Exports the whole ledger, up to one checkpoint, into a folder. Throws a usage failure when an export is there already. */
export async function exportInto(folder: string, context: Context, force: boolean): Promise<Exported> {
  const path = (name: string): string => join(folder, name)
  if (existsSync(path(exportFiles.entries)) && !force)
    throw usage(`There is an export in ${folder} already.`, 'Choose another folder with --out, or overwrite it with --force.')
  let page = exportAnswer.parse(await context.api.call('ledger:export', {}))
  const { size, checkpoint, verifierKey } = page
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = openSync(path(exportFiles.entries), 'w', 0o600)
  const leaves = openSync(path(exportFiles.leaves), 'w', 0o600)
  try {
    for (;;) {
      for (const entry of page.entries) writeSync(file, `${entry}\n`)
      writeSync(leaves, Buffer.from(page.leaves ?? '', 'base64'))
      if (page.next === null) break
      page = exportAnswer.parse(await context.api.call('ledger:export', { from: page.next, size }))
    }
  } finally {
    closeSync(file)
    closeSync(leaves)
  }
  writeFileSync(path(exportFiles.checkpoint), checkpoint, { mode: 0o600 })
  writeFileSync(path(exportFiles.key), `${verifierKey.trim()}\n`, { mode: 0o600 })
  return { out: folder, size }
}

/** Exports into files with `--out`; else one page to stdout. */
export const ledgerExport: VerbExtra = {
  flags: [
    { name: 'out', value: '<folder>', about: 'Write the whole export there: entries.jsonl, leaves.tile, checkpoint, verifier.key.' },
    { name: 'force', about: 'Overwrite an export that is there.' },
  ],
  async perform(input, values, context) {
    const out = textFlag(values, 'out')
    if (out === undefined) return context.api.call('ledger:export', input)
    if (Object.keys(input).length > 0) throw usage('With --out the whole ledger is exported; leave --from, --limit and --size out.')
    return { ...(await exportInto(resolve(context.io.cwd, out), context, values.force === true)) }
  },
  lines: (answer) =>
    typeof answer.out === 'string' ? [`Exported ${String(answer.size)} entries into ${answer.out}.`] : exportAnswer.parse(answer).entries,
  next: (answer) =>
    typeof answer.out === 'string'
      ? [`Next: twinlock ledger verify ${answer.out}   (offline)`]
      : answer.next === null
        ? []
        : [`More: --from ${String(answer.next)} --size ${String(answer.size)}`],
}
