// A run's files while it lives and after, before and beside the artifact that they are sealed into: names and contents are the run's own, and governed content.
import { z } from 'zod'
import { action, base64, type Digest, fail, type Id, idOf, sensitivityLevel, type Tx } from '../../kernel/index.ts'
import { findRun, type RunFound, runType } from '../../runs/index.ts'
import { outputRow, showOutput } from '../output-row.ts'
import { admittedSensitivity } from '../sensitivity.ts'

/** A run with the sensitivity that its files have: what it touched since it was launched may have raised it. */
async function findOutputs(tx: Tx, id: Id<'run'>): Promise<RunFound> {
  const found = await findRun(tx, id)
  const { sensitivity } = await admittedSensitivity(tx, found.run)
  return { ...found, entity: { ...found.entity, attributes: { ...found.entity.attributes, sensitivity: sensitivityLevel(sensitivity) } } }
}

/** Lists the files that a run has written so far. */
export const listRunOutputs = action({
  name: 'run:outputs',
  summary: 'List the files that a run has written so far, in the order in which it wrote them.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer'],
  resource: runType,
  input: z.strictObject({
    run: idOf('run'),
    limit: z.coerce.number().int().min(1).max(500).default(100).meta({ description: 'At most so many files.' }),
    after: z.coerce.number().int().min(0).max(2_147_483_647).default(0).meta({ description: 'Go on after the file with this number.' }),
  }),
  output: z.object({ items: z.array(outputRow), next: z.number().nullable() }),
  locate: async ({ input, tx }) => {
    const found = await findOutputs(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx }) {
    const rows = await tx
      .selectFrom('output_file')
      .selectAll()
      .where('run_id', '=', run.id)
      .where('number', '>', input.after)
      .orderBy('number')
      .limit(input.limit + 1)
      .execute()
    const items = rows.slice(0, input.limit).map(showOutput)
    return { result: { items, next: rows.length > input.limit ? (items.at(-1)?.number ?? null) : null } }
  },
})

/** Reads one file that a run has written, as soon as it is kept. */
export const readRunOutput = action({
  name: 'run:output',
  summary: 'Read one file that a run has written, as soon as it is whole.',
  effect: 'content',
  roles: ['operator', 'observer', 'reviewer'],
  resource: runType,
  input: z.strictObject({ run: idOf('run'), path: z.string().min(1).max(200) }),
  output: outputRow.extend({ content: z.string().meta({ contentEncoding: 'base64' }) }),
  locate: async ({ input, tx }) => {
    const found = await findOutputs(tx, input.run)
    return { resource: found.entity, others: found.above, environment: found.environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports }) {
    const file = await tx
      .selectFrom('output_file')
      .selectAll()
      .where('run_id', '=', run.id)
      .where('name', '=', input.path)
      .executeTakeFirst()
    if (file === undefined) throw fail('not_found', 'The run has written no file with this path.', { pointer: '/path' })
    const artifact = await tx.selectFrom('artifact').select('state').where('run_id', '=', run.id).executeTakeFirst()
    if (artifact?.state === 'destroyed') throw fail('not_found', 'What this run wrote was destroyed.')
    const bytes = await ports.blobs.get(file.digest as Digest) // the column holds digests alone
    return {
      result: { ...showOutput(file), content: base64(bytes) },
      facts: { digest: file.digest, bytes: bytes.length },
    }
  },
})
