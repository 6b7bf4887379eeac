// Sends a drawn request over a real socket, and says what is wrong with the answer: a 5xx, a second of waiting, a refusal that is no problem document,
// a header that a browser needs and did not get, a secret that came back.
import { Agent, request as send } from 'node:http'
import type { Drawn } from './requests.ts'
import { slowestMs, triesOfTheSlow } from './target.ts'

/** What came back. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
  readonly ms: number
}

/** A client with a few connections that are used again and again. */
export interface Client {
  ask(drawn: Drawn): Promise<Answered>
  close(): void
}

/** Opens a client of a server on loopback. */
export function openClient(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  return {
    ask: ({ method, target: path, headers, body }) =>
      new Promise((resolve, reject) => {
        const began = performance.now()
        const asked = send({
          host: '127.0.0.1',
          port,
          method,
          path,
          agent,
          headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
        })
        asked.on('error', reject)
        asked.on('response', (answer) => {
          const pieces: Buffer[] = []
          const done = (): void =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(pieces).toString(),
              ms: performance.now() - began,
            })
          answer.on('error', reject)
          answer.on('data', (piece: Buffer) => pieces.push(piece))
          answer.on('end', done)
          // A stream of events ends when its reader goes.
          if (String(answer.headers['content-type']).startsWith('text/event-stream')) {
            answer.removeAllListeners('error')
            answer.on('error', () => undefined)
            asked.destroy()
            done()
          }
        })
        asked.end(body)
      }),
    close: () => agent.destroy(),
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What a request is answered that is asked for by itself. One that was slow is asked for again: what is slow by itself is slow each time. */
async function answerAlone(client: Client, drawn: Drawn): Promise<Answered> {
  let answered = await client.ask(drawn)
  for (let tries = 1; tries < triesOfTheSlow && answered.ms > slowestMs; tries++) answered = await client.ask(drawn)
  return answered
}

/** How requests are sent, and what is thought of them. */
export interface Asking {
  readonly client: Client
  readonly requests: number
  readonly atOnce: number
  readonly secrets?: readonly string[]
  /** The seed of a request, by its number, and the request. */
  draw(number: number): { readonly seed: number; readonly drawn: Drawn }
  /** Hears of each answer. */
  answered?(drawn: Drawn, answer: Answered): void
  /** What a person is told of a fault. */
  tell(seed: number, drawn: Drawn, fault: string): string
}

/**
 * Asks many requests, some of them at once; answers what is wrong, at most three times. How long an answer took says little while others are asked for: those
 * that were slow are asked for again when nothing else is.
 */
export async function askAll({ client, requests, atOnce, secrets, draw, answered, tell }: Asking): Promise<string[]> {
  const faults: string[] = []
  const slow: ReturnType<Asking['draw']>[] = []
  let number = 0
  const judge = ({ seed, drawn }: ReturnType<Asking['draw']>, answer: Answered): void => {
    const fault = faultOf(drawn, answer, secrets)
    if (fault !== undefined) faults.push(tell(seed, drawn, fault))
  }
  const one = async (): Promise<void> => {
    while (number < requests && faults.length < 3) {
      const it = draw(number++)
      const answer = await client.ask(it.drawn)
      answered?.(it.drawn, answer)
      if (answer.ms > slowestMs) slow.push(it)
      judge(it, { ...answer, ms: 0 })
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  for (const it of slow) judge(it, await answerAlone(client, it.drawn))
  return faults
}

/** What is wrong with an answer, in one sentence; nothing where it is as promised. `secrets` never come back. */
export function faultOf(
  { method, target }: Drawn,
  { status, headers, body, ms }: Answered,
  secrets: readonly string[] = [],
): string | undefined {
  const type = String(headers['content-type'] ?? '')
  if (status < 200 || status >= 500) return `It was answered with ${status}: ${body.slice(0, 600)}`
  if (ms > slowestMs) return `It took ${Math.round(ms)} ms; nothing may take longer than ${slowestMs}.`
  if (headers['x-content-type-options'] !== 'nosniff' || headers['x-request-id'] === undefined)
    return 'Its answer lacks the headers that every answer has.'
  const leaked = secrets.find((secret) => body.includes(secret) || JSON.stringify(headers).includes(secret))
  if (leaked !== undefined) return `Its answer holds a secret: ${leaked.slice(0, 12)}…`
  if (status < 400 || method === 'HEAD') return undefined
  // AuthZEN says its errors as plain text (Authorization API 1.0).
  if (target.startsWith('/access/v1/') && /^text\/plain/.test(type)) return undefined
  if (!/^application\/(problem\+)?json/.test(type)) return `It was refused with ${status} and \`${type}\`, which is no problem document.`
  return isJson(body) ? undefined : `Its refusal is not JSON: ${body.slice(0, 200)}`
}
