// A supervisor for tests: allows what a twin's own manifest template allows, adds each upstream's key, refuses everything else with a code, and keeps
// what the run wrote. The product's supervisor and broker do this with policy, records and redaction; here it is enough to run a program for real.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { CellAnswers } from '../../src/host/cells/serve-cell.ts'
import { fail } from '../../src/kernel/index.ts'
import { covers } from '../../src/promotion/index.ts'
import type { CallMessage, CallValue, StartMessage } from '../../src/runs/index.ts'

/** Where a connection leads, and the key that the run never sees. */
export interface FakeConnection {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** What a test sets. */
export interface FakeSupervisorOptions {
  readonly twin: string
  readonly connections: Readonly<Record<string, FakeConnection>>
  readonly assets?: Readonly<Record<string, Uint8Array>>
  readonly parameters?: Record<string, string | number | boolean>
  readonly seed?: number
  readonly runId?: string
}

interface Template {
  readonly scenario: {
    readonly connections: readonly { connection: string; allow: readonly { methods: readonly string[]; path: string }[] }[]
  }
}

/** Makes the start message, the answers and the collected outputs of one run. */
export function fakeSupervisor(options: FakeSupervisorOptions): {
  start: StartMessage
  answers: CellAnswers
  outputs: Map<string, Buffer>
} {
  const template: Template = JSON.parse(readFileSync(new URL(`../../twins/${options.twin}/twin.json`, import.meta.url), 'utf8'))
  const outputs = new Map<string, Buffer>()
  const spiffeId = `spiffe://staging.test.invalid/twin/${options.twin}/run/1`
  const assets = options.assets ?? {}
  return {
    outputs,
    start: {
      type: 'start',
      run: {
        id: options.runId ?? 'run_1',
        spiffeId,
        deadline: 4_102_444_800_000,
        seed: options.seed ?? 7,
        parameters: options.parameters ?? {},
      },
      twin: options.twin,
      scenario: 'baseline',
      program: options.twin,
      assets: Object.entries(assets).map(([name, bytes]) => ({
        name,
        bytes: bytes.length,
        digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      })),
    },
    answers: {
      call: (message) => forward(message, template, options.connections),
      asset: async ({ name, offset, length }) => {
        const bytes = assets[name]
        if (bytes === undefined) throw fail('not_found', 'The manifest declares no such asset.')
        return { body: Buffer.from(bytes.subarray(offset, offset + length)).toString('base64'), last: offset + length >= bytes.length }
      },
      output: async ({ name, offset, body }) => {
        const before = outputs.get(name) ?? Buffer.alloc(0)
        if (before.length !== offset) throw fail('conflict', 'Pieces of an output come in order.')
        outputs.set(name, Buffer.concat([before, Buffer.from(body, 'base64')]))
        return { bytes: offset + Buffer.from(body, 'base64').length }
      },
      credential: async ({ subject }) => {
        if (subject !== undefined && subject !== spiffeId) throw fail('denied', 'A run gets credentials of its own alone.')
        return { token: 'e30.e30.c2ln', expiresAt: 4_102_444_800_000 }
      },
    },
  }
}

async function forward(
  message: CallMessage,
  template: Template,
  connections: Readonly<Record<string, FakeConnection>>,
): Promise<CallValue> {
  const rules = template.scenario.connections.find(({ connection }) => connection === message.connection)?.allow
  const connection = connections[message.connection]
  if (rules === undefined || connection === undefined)
    throw fail('denied', `The manifest declares no connection \`${message.connection}\`.`)
  if (message.bearer !== undefined) throw fail('denied', 'The token is not one of this run.')
  const path = message.path.split('?')[0] ?? ''
  if (!path.startsWith('/') || path.includes('..')) throw fail('denied', 'The path is not one below the connection.')
  if (!rules.some((rule) => rule.methods.includes(message.method) && covers(rule.path, path)))
    throw fail('denied', 'No rule of the manifest allows this.')
  const response = await fetch(connection.url + message.path, {
    method: message.method,
    headers: { ...message.headers, ...connection.headers },
    ...(message.body === undefined ? {} : { body: Buffer.from(message.body, 'base64') }),
  })
  const body = Buffer.from(await response.arrayBuffer()).toString('base64')
  return { status: response.status, headers: { 'content-type': response.headers.get('content-type') ?? '' }, body }
}
