// Makes a program's context from its channel: bodies to base64, files to pieces, answers to typed values.
import { createHash } from 'node:crypto'
import type { CallRequest, CallResponse, RunContext, RunCredential } from './context.ts'
import type { RunChannel } from './run-channel.ts'
import { RunRefused } from './run-refused.ts'
import { chunkBytesMax, type Json, type StartMessage } from './wire.ts'

// Beyond this many unsent bytes, progress is left out: the next one says more.
const progressBacklogMax = 64 * 1024

/** The context of the run that `start` begins, over its channel. */
export function openContext(channel: RunChannel, start: StartMessage): RunContext {
  const { id, spiffeId, deadline, seed, parameters } = start.run
  return {
    run: { id, spiffeId, deadline },
    twin: start.twin,
    scenario: start.scenario,
    parameters,
    seed,
    assets: start.assets,
    stopped: channel.stopped,
    call: (connection, request) => call(channel, connection, request),
    asset: (name) => wholeAsset(channel, start, name),
    assetPieces: (name) => assetPieces(channel, start, name),
    output: (name, mediaType, content) => output(channel, name, mediaType, content),
    credential: (audience, subject) => credential(channel, audience, subject),
    progress: (done, total, note = '') => {
      if (channel.unsentBytes < progressBacklogMax) send(channel.notify({ type: 'progress', done, total, note: note.slice(0, 500) }))
    },
    log: (level, text) => send(channel.notify({ type: 'log', level, text: text.toWellFormed().slice(0, 8192) })),
  }
}

// A channel that fails has lost its supervisor, and the launcher ends the process for that; there is nobody left to tell.
function send(sent: Promise<void>): void {
  sent.catch(() => undefined)
}

async function call(channel: RunChannel, connection: string, request: CallRequest): Promise<CallResponse> {
  const { method, path, headers, body, bearer } = request
  const value = await channel.request({
    type: 'call',
    connection,
    method,
    path,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body: encodeBody(body) }),
    ...(bearer === undefined ? {} : { bearer }),
  })
  // The supervisor is trusted, and its reply has this shape by the channel's contract.
  const answer = value as { status: number; headers: Record<string, string>; body: string }
  const bytes = Buffer.from(answer.body, 'base64')
  return {
    status: answer.status,
    headers: answer.headers,
    body: bytes,
    text: () => bytes.toString(),
    json: () => JSON.parse(bytes.toString()),
  }
}

function encodeBody(body: string | Uint8Array): string {
  const bytes = Buffer.from(body)
  if (bytes.length > chunkBytesMax) throw new RunRefused('too_large', `A body has ${bytes.length} bytes; the limit is ${chunkBytesMax}.`)
  return bytes.toString('base64')
}

async function* assetPieces(channel: RunChannel, start: StartMessage, name: string): AsyncGenerator<Uint8Array, void> {
  const digest = createHash('sha256')
  let offset = 0
  for (let last = false; !last; ) {
    const value = await channel.request({ type: 'asset', name, offset, length: chunkBytesMax })
    // The supervisor is trusted, and its reply has this shape by the channel's contract.
    const piece = value as { body: string; last: boolean }
    const bytes = Buffer.from(piece.body, 'base64')
    if (bytes.length === 0 && !piece.last) throw new RunRefused('internal', `Asset \`${name}\` stopped at byte ${offset}.`)
    digest.update(bytes)
    offset += bytes.length
    last = piece.last
    yield bytes
  }
  const declared = start.assets.find((asset) => asset.name === name)
  const found = `sha256:${digest.digest('hex')}`
  if (declared !== undefined && (declared.digest !== found || declared.bytes !== offset)) {
    throw new RunRefused('asset_changed', `Asset \`${name}\` is not the one that was sealed: ${found}.`)
  }
}

async function wholeAsset(channel: RunChannel, start: StartMessage, name: string): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(assetPieces(channel, start, name)))
}

async function output(
  channel: RunChannel,
  name: string,
  mediaType: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
): Promise<void> {
  let offset = 0
  let held: Buffer | undefined
  // One piece is held back, because the last one must say that it is the last.
  for await (const piece of pieces(content)) {
    if (held !== undefined) offset += await writePiece(channel, { name, mediaType, offset, bytes: held, last: false })
    held = piece
  }
  await writePiece(channel, { name, mediaType, offset, bytes: held ?? Buffer.alloc(0), last: true })
}

async function writePiece(
  channel: RunChannel,
  piece: { name: string; mediaType: string; offset: number; bytes: Buffer; last: boolean },
): Promise<number> {
  const { bytes, ...rest } = piece
  await channel.request({ type: 'output', ...rest, body: bytes.toString('base64') })
  return bytes.length
}

async function* pieces(content: string | Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  if (typeof content !== 'string' && !(content instanceof Uint8Array)) {
    for await (const part of content) yield* cut(Buffer.from(part))
    return
  }
  yield* cut(Buffer.from(content))
}

function* cut(bytes: Buffer): Generator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += chunkBytesMax) yield bytes.subarray(at, at + chunkBytesMax)
}

async function credential(channel: RunChannel, audience: string, subject: string | undefined): Promise<RunCredential> {
  const value: Json = await channel.request({ type: 'credential', audience, ...(subject === undefined ? {} : { subject }) })
  // The supervisor is trusted, and its reply has this shape by the channel's contract.
  return value as { token: string; expiresAt: number }
}
