// The next key of a workload: made here, sent by its public half, and kept in the workload's own key file, which goes on working whatever happens on the way.
import { generateKeyPairSync } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { textFlag, type VerbExtra } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { reasonOf } from '../io.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { readWorkloadKey } from '../sign-in/workload-key.ts'

const rotated = z.object({ id: z.string(), thumbprint: z.string(), former: z.string().nullable(), formerUntil: z.string() })

/** A fresh pair as JWKs: what is sent, and what the file keeps. */
export function newPair() {
  const jwk = z
    .object({ x: z.string(), y: z.string(), d: z.string() })
    .parse(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }))
  const open = { kty: 'EC' as const, crv: 'P-256' as const, x: jwk.x, y: jwk.y }
  return { open, closed: { ...open, d: jwk.d } }
}

/** Whether the server said no; anything else may have come after it had said yes. */
export const wasRefused = (error: unknown): boolean =>
  error instanceof CliFailure && error.problem !== undefined && error.problem.status < 500

const kept = (file: string): string =>
  `The next key is in \`${file}.next\`. Look which one is registered: twinlock workload list. Then keep that file, and remove the other.`

/** Brings the next key of a workload. */
export const workloadRotate: VerbExtra = {
  flags: [
    {
      name: 'key-file',
      value: '<file>',
      about: 'The workload’s key file: the next key is made here and put into it. With --key, that file, where none is named.',
    },
  ],
  fills: ['jwk'],
  notes: [
    'As the workload itself: twinlock workload rotate <workload> --key <file>. As its owner: --key-file <file>, or --jwk with a public key.',
  ],
  async perform(input, values, context) {
    const { io, globals, api } = context
    const file = textFlag(values, 'key-file') ?? (input.jwk === undefined ? globals.key : undefined)
    if (file === undefined) {
      if (input.jwk !== undefined) return api.call('workload:rotate', input)
      throw usage('`twinlock workload rotate` needs --key-file <file>, the workload’s key file, or --jwk with its next public key.')
    }
    if (input.jwk !== undefined) throw usage('Either --jwk, or a file for which the key is made here.')
    const path = resolve(io.cwd, file)
    const before = readWorkloadKey(io, path)
    const { open, closed } = newPair()
    const next = `${path}.next`
    // Written before it is known there: whatever is interrupted, one of the two files holds the key that counts.
    try {
      writeFileSync(next, `${JSON.stringify({ ...before, jwk: closed }, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    } catch (error) {
      throw usage(`\`${file}.next\` cannot be written: ${reasonOf(error)} It would hold the next key until it counts.`)
    }
    const answer = await api.call('workload:rotate', { ...input, jwk: open }).catch((error: unknown) => {
      if (!wasRefused(error))
        throw new CliFailure(exitCodes.failed, `${reasonOf(error)} Nobody knows whether it counts.`, { next: kept(file), cause: error })
      rmSync(next, { force: true })
      throw error
    })
    renameSync(next, path)
    return answer
  },
  lines(answer, { paint }) {
    const { id, thumbprint, former, formerUntil } = rotated.parse(answer)
    return [
      `${paint.bold(safe(id))} has the key ${safe(thumbprint)}.`,
      ...(former === null ? [] : [`The one before, ${safe(former)}, is good until ${momentText(formerUntil)}.`]),
    ]
  },
}
