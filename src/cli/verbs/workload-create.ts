// A new workload with a key of its own: made here, registered by its public half, and kept in a file that it acts with from then on.
import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { textFlag, type VerbExtra } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { reasonOf } from '../io.ts'
import { safe } from '../print/paint.ts'
import type { WorkloadKey } from '../sign-in/workload-key.ts'
import { newPair, wasRefused } from './workload-rotate.ts'

const created = z.object({
  kind: z.enum(['pipeline', 'agent', 'service']),
  slug: z.string(),
  environment: z.string(),
  spiffeId: z.string(),
})
const caller = z.object({ organization: z.string() })

const textOf = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** Registers a workload. */
export const workloadCreate: VerbExtra = {
  flags: [
    { name: 'key-file', value: '<file>', about: 'A new file for its key, which is made here: the workload acts with it by --key <file>.' },
  ],
  fills: ['jwk'],
  async perform(input, values, { io, api }) {
    const file = textFlag(values, 'key-file')
    if ((file === undefined) === (input.jwk === undefined))
      throw usage('`twinlock workload create` needs either --key-file <file>, where its key is made, or --jwk with its public key.')
    if (file === undefined) return api.call('workload:create', input)
    const path = resolve(io.cwd, file)
    const { organization } = caller.parse(await api.call('session:show', {}))
    const { open, closed } = newPair()
    // Written before it is known there: whatever is interrupted, the key that counts is not lost.
    try {
      writeFileSync(path, textOf({ organization, jwk: closed }), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      throw usage(`\`${file}\` cannot be written: ${reasonOf(error)}`)
    }
    const answer = await api.call('workload:create', { ...input, jwk: open }).catch((error: unknown) => {
      if (!wasRefused(error))
        throw new CliFailure(exitCodes.failed, `${reasonOf(error)} Nobody knows whether it was registered.`, {
          next: `Its key is in \`${file}\`. Look whether it is there: twinlock workload list.`,
          cause: error,
        })
      rmSync(path, { force: true })
      throw error
    })
    const { kind, slug, environment, spiffeId } = created.parse(answer)
    const tokenEndpoint = `${api.url}/o/${organization}/e/${environment}/token`
    const key: WorkloadKey = { kind, slug, organization, environment, spiffeId, tokenEndpoint, audience: api.url, jwk: closed }
    writeFileSync(path, textOf(key), { mode: 0o600 })
    return { ...answer, keyFile: file }
  },
  next: ({ id, keyFile }) =>
    typeof keyFile === 'string'
      ? [
          `It acts with its key: twinlock whoami --key ${safe(keyFile)}`,
          `Its next key: twinlock workload rotate ${safe(String(id))} --key ${safe(keyFile)}`,
        ]
      : [],
}
