// What a run's requests come to: each goes through the door as the run itself, by its channel. The messages are the child's: parsed, and hostile.
import { base64, CodedError, concat, type Digest, fail, fromBase64, type OrgId, type Ports, type RunId } from '../../kernel/index.ts'
import type {
  AssetMessage,
  AssetValue,
  CallMessage,
  CallValue,
  CredentialMessage,
  CredentialValue,
  OutputMessage,
  OutputValue,
  RequestMessage,
} from '../../runs/index.ts'
import type { Broker } from '../broker.ts'
import type { Credential } from '../door/credential.ts'
import type { Door } from '../door/govern.ts'
import { InLine } from '../door/in-line.ts'
import type { FreezeGate } from './freeze-gate.ts'

/** The run that asks, and what it was given. */
export interface RunContext {
  readonly org: OrgId
  readonly run: RunId
  /** Where requests wait while the run is frozen. */
  readonly gate: FreezeGate
  readonly assets: readonly { readonly name: string; readonly digest: string; readonly bytes: number }[]
  readonly outputs: { readonly filesMax: number; readonly bytesMax: number }
}

/** What answering needs. */
export interface AnswerParts {
  readonly door: Door
  readonly broker: Broker
  readonly ports: Ports
}

/** A run whose requests are answered: it remembers the files that are being written. */
export class RunAnswers {
  readonly #parts: AnswerParts
  readonly #context: RunContext
  readonly #files = new Map<string, { chunks: Uint8Array[]; bytes: number }>()
  /** The files of a run are numbered one after the other: whoever waits for that here takes no connection of the store from other runs. */
  readonly #line = new InLine()
  #bytes = 0

  constructor(parts: AnswerParts, context: RunContext) {
    this.#parts = parts
    this.#context = context
  }

  /** Answers one request. Throws the coded failure that the run is told. */
  answer(message: RequestMessage): Promise<CallValue | AssetValue | OutputValue | CredentialValue> {
    switch (message.type) {
      case 'call':
        return this.#call(message)
      case 'asset':
        return this.#asset(message)
      case 'output':
        return this.#output(message)
      case 'credential':
        return this.#credential(message)
    }
  }

  /** Does something as the run, once it is not frozen. */
  #asRun<T>(work: (credential: Credential) => Promise<T>): Promise<T> {
    const { org, run, gate } = this.#context
    return gate.pass((epoch) => work({ kind: 'channel', org, run, epoch }))
  }

  get #requestId(): string {
    return `channel:${this.#context.run}`
  }

  async #call(message: CallMessage): Promise<CallValue> {
    const call = {
      connection: message.connection,
      method: message.method,
      path: message.path,
      headers: message.headers ?? {},
      body: message.body === undefined ? undefined : fromBase64(message.body),
      ...(message.bearer === undefined ? {} : { bearer: message.bearer }),
      requestId: this.#requestId,
    }
    const { status, headers, body } = await this.#asRun((credential) => this.#parts.broker.call({ ...call, credential }))
    return { status, headers, body: base64(body) }
  }

  async #asset(message: AssetMessage): Promise<AssetValue> {
    const asset = this.#context.assets.find((one) => one.name === message.name)
    if (asset === undefined) throw fail('not_found', 'The manifest declares no input with this name.')
    const bytes = await this.#context.gate.pass(() => this.#parts.ports.blobs.get(asset.digest as Digest)) // sealed by the scenario, and re-hashed by the store
    const end = Math.min(bytes.length, message.offset + message.length)
    return { body: base64(bytes.subarray(Math.min(message.offset, end), end)), last: end >= bytes.length }
  }

  async #output(message: OutputMessage): Promise<OutputValue> {
    const chunk = fromBase64(message.body)
    const file = this.#files.get(message.name) ?? { chunks: [], bytes: 0 }
    if (message.offset !== file.bytes) throw fail('conflict', `The next piece of \`${message.name}\` begins at byte ${file.bytes}.`)
    if (this.#bytes + chunk.length > this.#context.outputs.bytesMax)
      throw fail('output_limit', `The manifest allows ${this.#context.outputs.bytesMax} bytes of output.`)
    if (!this.#files.has(message.name) && this.#files.size >= this.#context.outputs.filesMax)
      throw fail('output_limit', `The manifest allows ${this.#context.outputs.filesMax} output files.`)
    this.#bytes += chunk.length
    file.chunks.push(chunk)
    file.bytes += chunk.length
    this.#files.set(message.name, file)
    if (message.last) await this.#keep(message, file.chunks)
    return { bytes: file.bytes }
  }

  async #keep(message: OutputMessage, chunks: Uint8Array[]): Promise<void> {
    const digest = await this.#parts.ports.blobs.put(concat(...chunks.splice(0)))
    const input = { run: this.#context.run, name: message.name, mediaType: message.mediaType, digest }
    const requestId = this.#requestId
    await this.#line.go(this.#context.run, () =>
      this.#asRun((credential) => this.#parts.door.govern({ action: 'artifact:write', credential, input, requestId })),
    )
  }

  async #credential(message: CredentialMessage): Promise<CredentialValue> {
    const input = {
      run: this.#context.run,
      audience: message.audience,
      ...(message.subject === undefined ? {} : { subject: message.subject }),
    }
    const requestId = this.#requestId
    const { result } = await this.#asRun((credential) =>
      this.#parts.door.govern({ action: 'run:credential', credential, input, requestId }),
    )
    const { token, expiresAt } = result as { token: string; expiresAt: number } // the action's output schema has just checked it
    return { token, expiresAt }
  }
}

/** What a run is told of a failure: the public text of a coded one, and nothing of a bug. */
export function problemOf(error: unknown): { code: string; detail: string } {
  if (error instanceof CodedError) return { code: error.code, detail: error.message.slice(0, 2000) }
  return { code: 'internal', detail: 'Something went wrong on our side; nothing was done.' }
}
