// Acting as a workload: its key file, the assertion that it signs (RFC 7523), and the token that it gets for it. The private key stays in this process.
import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { type Io, reasonOf } from '../io.ts'

const keyFileSchema = z.object({
  kind: z.enum(['pipeline', 'agent', 'service']),
  slug: z.string(),
  organization: z.string(),
  environment: z.string(),
  spiffeId: z.string(),
  tokenEndpoint: z.url(),
  audience: z.string(),
  jwk: z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string(), d: z.string(), kid: z.string().optional() }),
  pulls: z.array(z.string()).optional(),
})

/** A workload's key file. */
export type WorkloadKey = z.output<typeof keyFileSchema>

/** Reads a key file. Throws a usage failure; the message never repeats what is in the file. */
export function readWorkloadKey(io: Pick<Io, 'cwd'>, path: string): WorkloadKey {
  const full = resolve(io.cwd, path)
  let read: unknown
  try {
    read = JSON.parse(readFileSync(full, 'utf8'))
  } catch (error) {
    throw usage(`The key file \`${path}\` cannot be read: ${error instanceof SyntaxError ? 'it is not JSON.' : reasonOf(error)}`)
  }
  const parsed = keyFileSchema.safeParse(read)
  if (parsed.success) return parsed.data
  throw usage(`\`${path}\` is not a workload’s key file: \`${parsed.error.issues[0]?.path.join('.') ?? ''}\` is missing or wrong.`)
}

/** The key file in a data folder whose workload pulls a channel. */
export function keyForChannel(io: Pick<Io, 'cwd'>, dataFolder: string, channel: string): WorkloadKey | undefined {
  const folder = join(dataFolder, 'workloads')
  if (!existsSync(folder)) return undefined
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
  return files.map((name) => readWorkloadKey(io, join(folder, name))).find((key) => key.pulls?.includes(channel))
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const assertionSeconds = 60

/** Signs an assertion of the workload for one audience. */
export function signAssertion({ jwk, spiffeId }: WorkloadKey, audience: string, now: number): string {
  const iat = Math.floor(now / 1000)
  const header = { alg: 'ES256', kid: jwk.kid ?? 'own', typ: 'JWT' }
  const signed = `${part(header)}.${part({ iss: spiffeId, sub: spiffeId, aud: audience, iat, exp: iat + assertionSeconds, jti: randomUUID() })}`
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

const tokenAnswer = z.object({ access_token: z.string() })
const errorAnswer = z.object({ error: z.string(), error_description: z.string().optional(), request_id: z.string().optional() })

/** Exchanges an assertion for an access token at the workload's token endpoint. */
export async function getToken(io: Pick<Io, 'now' | 'fetch'>, key: WorkloadKey): Promise<string> {
  const form = {
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: signAssertion(key, key.tokenEndpoint, io.now()),
  }
  const answer = await io
    .fetch(key.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form), redirect: 'error' })
    .catch((error: unknown) => {
      throw new CliFailure(exitCodes.network, `${key.tokenEndpoint} does not answer.`, {
        next: 'Is Twinlock running? `npm start` starts it.',
        cause: error,
      })
    })
  const body: unknown = await answer.json().catch(() => ({}))
  const token = tokenAnswer.safeParse(body)
  if (answer.ok && token.success) return token.data.access_token
  const told = errorAnswer.safeParse(body)
  const why = told.success
    ? `${told.data.error_description ?? told.data.error} (${told.data.error}, request ${told.data.request_id ?? 'unknown'})`
    : `HTTP ${answer.status}`
  const isAwaited = told.success && told.data.error === 'unauthorized_client'
  throw new CliFailure(isAwaited ? exitCodes.awaitingApproval : exitCodes.signInFirst, `\`${key.spiffeId}\` gets no token: ${why}`, {
    next: isAwaited
      ? 'In production a service gets tokens once its promotion was approved and crossed.'
      : 'Its key may have been rotated, or the workload suspended: twinlock workload list.',
  })
}
