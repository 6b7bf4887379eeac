// What lies in files and is typed at a terminal: key files, sealed secrets, the session file, workloads' key files, lines of the command line.
import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { catalogue } from '../../../src/app/index.ts'
import { commands, exitCodes, type Io, runCommand } from '../../../src/cli/index.ts'
import { openEnvelope, sealEnvelope } from '../../../src/host/keys/envelope.ts'
import { KeyFileError } from '../../../src/host/keys/errors.ts'
import { readKeyFile } from '../../../src/host/keys/key-file.ts'
import type { Seeded } from '../../harness/seeded.ts'
import { hostileTexts, hostileValue, spoilBytes, spoilJsonText, spoilText } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinlock-fuzz-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const wrapping = createSecretKey(new Uint8Array(32).fill(9))
const sideKey = { side: 'simulation', id: new Uint8Array(8).fill(7), wrapping, fingerprints: wrapping } as const
const sealedFor = {
  org: 'org_01j0zq7y3f8k9m2n4p5q6r7s8t',
  environment: 'env_01j0zq7y3f8k9m2n4p5q6r7s8t',
  purpose: 'connection',
  id: 'x',
  version: 1,
}

const sessions = {
  version: 1,
  current: { url: 'http://127.0.0.1:1', slug: 'operator' },
  sessions: [
    {
      url: 'http://127.0.0.1:1',
      token: 'tws_x',
      person: { id: 'per_1', slug: 'operator' },
      organization: 'org_1',
      expiresAt: '2026-01-01T00:00:00Z',
    },
  ],
}

/** What a server may answer a command with: anything. */
interface Said {
  readonly status: number
  readonly type: string
  readonly body: string
}

interface Line {
  readonly args: readonly string[]
  readonly sessionFile: string
  readonly keyFile: string
  readonly said: Said
}

const words = [...new Set(catalogue.flatMap(({ noun, verb }) => [noun, verb]))]
// `start` begins a server, and an import reads a world in a process of its own.
const own = commands
  .map((one) => one.words)
  .filter((one) => !['start', 'status', 'stop', 'backup', 'restore', 'twin'].includes(one[0] ?? ''))
const flags = [
  '--json',
  '-q',
  '--as',
  '--key',
  '--url',
  '--no-color',
  '--help',
  '--reason',
  '--run',
  '--limit',
  '--twin',
  '--parameters',
  '--',
]

function lineOf(random: Seeded): readonly string[] {
  const { noun, verb } = random.pick(catalogue)
  const first = random.once(3) ? random.pick(own) : random.once(4) ? [random.pick(words), random.pick(words)] : [noun, verb]
  const rest = Array.from({ length: random.below(7) }, () =>
    random.pick<() => string>([
      () => random.pick(flags),
      () => random.pick(hostileTexts),
      () => `${random.pick(flags)}=${random.pick(hostileTexts)}`,
      () => `@${random.pick(['no-such-file', '..', 'key.json'])}`,
      () => 'key.json',
      () => 'run_01j0zq7y3f8k9m2n4p5q6r7s8t',
      () => JSON.stringify(hostileValue(random)) ?? '',
    ])(),
  )
  const args = [...first, ...rest]
  // Without slashes, so that whatever a verb writes stays in the folder of this test.
  return (random.once(6) ? args.map((arg) => spoilText(random, arg)) : args).map((arg) => arg.replaceAll('/', '_'))
}

function outside({ sessionFile, keyFile, said }: Line): { io: Io; printed: () => string } {
  mkdirSync(join(folder, 'twinlock'), { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'twinlock', 'sessions.json'), sessionFile)
  writeFileSync(join(folder, 'key.json'), keyFile)
  let printed = ''
  const print = (text: string): void => {
    printed += text
  }
  // A run that never ends is watched a few times.
  let looks = 0
  const io: Io = {
    out: print,
    err: print,
    env: { XDG_CONFIG_HOME: folder, HOME: folder, TWINLOCK_DATA: folder },
    cwd: folder,
    outIsTerminal: false,
    errIsTerminal: false,
    width: 100,
    now: () => 1_800_000_000_000,
    wait: async () => {
      looks++
      if (looks > 20) throw new Error('the terminal was closed')
    },
    fetch: async () =>
      new Response([204, 205, 304].includes(said.status) ? null : said.body, {
        status: said.status,
        headers: { 'content-type': said.type },
      }),
  }
  return { io, printed: () => printed }
}

const problem = { type: 'x', title: 'Denied', status: 403, detail: 'no', code: 'denied', requestId: 'hrq_1', next: 'Ask.' }
const workload = {
  kind: 'service',
  slug: 'payments',
  organization: 'org_1',
  environment: 'env_1',
  spiffeId: 'spiffe://a.b/service/x',
  tokenEndpoint: 'http://127.0.0.1:1/token',
  audience: 'http://127.0.0.1:1',
  jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'the-private-half-of-it' },
}

/** Readers of files and lines. */
export const fileTargets: readonly Target[] = [
  target<{ bytes: Uint8Array; mode: number; linked: boolean }>({
    name: 'key-file',
    share: 3,
    draw: (random) => ({
      bytes: random.once(3) ? new Uint8Array(32).fill(random.below(256)) : spoilBytes(random, new Uint8Array(32)),
      mode: random.pick([0o600, 0o400, 0o640, 0o604, 0o666, 0o000]),
      linked: random.once(5),
    }),
    put({ bytes, mode, linked }) {
      const path = join(folder, 'key')
      rmSync(path, { force: true })
      if (linked) symlinkSync(join(folder, 'key.json'), path)
      else writeFileSync(path, bytes, { mode: 0o600 })
      if (!linked) chmodSync(path, mode)
      const read = readKeyFile(path)
      assert.ok(read !== undefined && !linked && read.length === 32 && (mode & 0o077) === 0)
    },
    promises: (error) => error instanceof KeyFileError,
  }),
  target<Uint8Array>({
    name: 'sealed-secret',
    share: 10,
    draw: (random) => spoilBytes(random, sealEnvelope(sideKey, 'secret', sealedFor, Buffer.from('an-upstream-key'))),
    put: (sealed) => assert.equal(Buffer.from(openEnvelope(sideKey, 'secret', sealedFor, sealed)).toString(), 'an-upstream-key'),
  }),
  target<Line>({
    name: 'command-line',
    share: 8,
    draw: (random) => ({
      args: lineOf(random),
      sessionFile: random.once(3) ? spoilJsonText(random, sessions) : JSON.stringify(sessions),
      keyFile: spoilJsonText(random, workload),
      said: {
        status: random.pick([200, 200, 200, 201, 204, 400, 401, 403, 404, 409, 429, 500, 503]),
        type: random.pick(['application/json', 'application/problem+json', 'text/html', '']),
        body: spoilJsonText(
          random,
          random.pick<unknown>([problem, { items: [{ id: 'run_1', state: 'ended' }], next: null }, { id: 'run_1', state: 'running' }]),
        ),
      },
    }),
    async put(line) {
      const { io, printed } = outside(line)
      const exit = await runCommand(line.args, io, catalogue)
      assert.ok(Object.values(exitCodes).includes(exit), `it ended with ${exit}`)
      assert.equal(printed().includes('the-private-half-of-it') && !line.args.includes('@key.json'), false, 'a key was printed')
      assert.doesNotMatch(printed(), /^\s+at .*:\d+:\d+\)?$/m, 'a stack was printed')
    },
  }),
]
