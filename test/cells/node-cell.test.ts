import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { nodePermissionDriver } from '../../src/host/cells/node-permission.ts'
import { type CellAnswers, type ServedRun, serveCell } from '../../src/host/cells/serve-cell.ts'
import { isCoded, type RunId } from '../../src/kernel/index.ts'
import {
  type Cell,
  type CellDriver,
  type ChildMessage,
  openSupervisorSide,
  outstandingRequestsMax,
  type StartMessage,
} from '../../src/runs/index.ts'

const frame = `import { writeSync } from 'node:fs'
function frame(text) { const body = Buffer.from(text); const head = Buffer.alloc(4); head.writeUInt32BE(body.length); return Buffer.concat([head, body]) }
function say(bytes) { for (let at = 0; at < bytes.length; ) { try { at += writeSync(3, bytes, at) } catch (error) { if (error.code !== 'EAGAIN') throw error } } }
`
const passed = `{ verdict: 'passed', summary: null }`

/** Programs as hostile as a twin could be; each is the text of a program.ts. */
const programs: Record<string, string> = {
  echo: `export async function run(c) { const r = await c.call('api', { method: 'POST', path: '/x', body: 'hello' }); return { verdict: 'passed', summary: { status: r.status, text: r.text(), seed: c.seed, environment: Object.keys(process.env).length, uid: process.getuid(), cwd: process.cwd() } } }`,
  eager: `export const uid = process.getuid(); export async function run() { return { verdict: 'passed', summary: { evaluatedAs: uid } } }`,
  refused: `export async function run(c) { try { await c.credential('x', 'spiffe://other') } catch (e) { return { verdict: 'passed', summary: { name: e.name, code: e.code, message: e.message } } } }`,
  window: `export async function run(c) { await Promise.all(Array.from({ length: 100 }, (_, n) => c.call('api', { method: 'GET', path: '/' + n }))); return ${passed} }`,
  large: `export async function run(c) { await c.output('a/big.bin', 'application/octet-stream', new Uint8Array(1_300_000).fill(7)); await c.output('empty.txt', 'text/plain', ''); const a = await c.asset('input.bin'); return { verdict: 'passed', summary: { bytes: a.length } } }`,
  tampered: `export async function run(c) { try { await c.asset('input.bin') } catch (e) { return { verdict: 'passed', summary: { code: e.code } } } }`,
  stop: `export async function run(c) { c.log('info', 'ready'); const { promise, resolve } = Promise.withResolvers(); c.stopped.addEventListener('abort', resolve); await promise; return { verdict: 'failed', summary: { reason: c.stopped.reason.message } } }`,
  neighbour: `import { readFileSync } from 'node:fs'; export async function run() { const of = (path) => { try { return readFileSync(new URL(path, import.meta.url), 'utf8').length } catch (error) { return error.code } }; return { verdict: 'passed', summary: { own: of('./program.ts') > 0, neighbour: of('../neighbour-of-it/program.ts'), other: of('../echo/program.ts') } } }`,
  'neighbour-of-it': `export const secret = 1`,
  throws: `export async function run() { throw new Error('the model diverged') }`,
  missing: `export const nothing = 1`,
  absent: `import './nowhere.ts'`,
  forbidden: `import '../echo/program.ts'`,
  unparsed: `export const = 1`,
  garbage: `${frame} export async function run() { say(Buffer.from('GET / HTTP/1.1\\r\\n\\r\\n')); return new Promise(() => {}) }`,
  announced: `${frame} export async function run() { say(Buffer.from([0xff, 0xff, 0xff, 0xff])); return new Promise(() => {}) }`,
  endless: `${frame} export async function run() { say(Buffer.from([0, 0x10, 0, 0])); for (;;) say(Buffer.alloc(65536, 32)) }`,
  unknown: `${frame} export async function run() { say(frame('{"type":"launch-missiles"}')); return new Promise(() => {}) }`,
  named: `${frame} export async function run() { say(frame('{"type":"hello","protocol":1,"the valve stuck":1}')); return new Promise(() => {}) }`,
  twice: `${frame} export async function run() { const c = '{"type":"call","id":5,"connection":"api","method":"GET","path":"/"}'; say(frame(c)); say(frame(c)); return new Promise(() => {}) }`,
  hoard: `${frame} export async function run() { for (let id = 1; id < 100; id++) say(frame('{"type":"credential","id":' + id + ',"audience":"a"}')); return new Promise(() => {}) }`,
  good: `${frame} export async function run() { say(frame('{"type":"log","level":"info","text":"before"}')); say(Buffer.from([0,0,0,0])); return new Promise(() => {}) }`,
  flood: `${frame} export async function run(c) { const line = frame(JSON.stringify({ type: 'log', level: 'info', text: 'x'.repeat(8000) })); for (;;) say(line) }`,
  unheard: `import { writeSync } from 'node:fs'; ${frame.replace(/^import.*/, '')} export async function run() {
    const line = frame(JSON.stringify({ type: 'log', level: 'info', text: 'x'.repeat(8000) }))
    let taken = 0
    for (let refused = 0, at = 0; refused < 200_000 && taken < 64_000_000; ) {
      try { const more = writeSync(3, line, at); taken += more; at = (at + more) % line.length; refused = 0 } catch { refused += 1 }
    }
    writeSync(2, 'taken ' + taken)
    process.exit(9)
  }`,
  early: `export const nothing = process.exit(0)`,
  code: `export const nothing = process.exit(3)`,
  cut: `${frame} export async function run() { say(Buffer.from([0, 0, 1, 0, 65])); process.exit(0) }`,
  loop: `export async function run(c) { c.log('info', 'looping'); await new Promise((r) => setImmediate(r)); for (;;); }`,
  heap: `export async function run() { const a = []; for (;;) a.push(new Array(1000).fill({})) }`,
  buffers: `export async function run() { const a = []; for (;;) { a.push(Buffer.alloc(8_000_000, 1)); await new Promise((r) => setImmediate(r)) } }`,
  shout: `import { writeSync } from 'node:fs'; export async function run() { for (let n = 0; n < 50_000; n++) { try { writeSync(2, 'noise'.repeat(100)) } catch (error) { if (error.code === 'EPIPE') break; if (error.code !== 'EAGAIN') throw error } } return ${passed} }`,
  hangup: `import { closeSync } from 'node:fs'; export async function run() { closeSync(3); for (;;); }`,
  survivor: `process.on('exit', () => { for (;;); }); export async function run(c) { c.log('info', 'here'); return new Promise(() => {}) }`,
}

/** One turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function startOf(program: string, assets: StartMessage['assets'] = []): StartMessage {
  const run = { id: 'run_1', spiffeId: 'spiffe://test.invalid/twin/x/run/1', deadline: 0, seed: 42, parameters: {} }
  return { type: 'start', run, twin: 'x', scenario: 'x', program, assets }
}

const runId = 'run_00000000000000000000000000' as RunId // well-formed; no parser is needed here

describe('a cell', () => {
  let folder: string
  let driver: CellDriver
  const launched: Cell[] = []

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'twinlock-cells-'))
    for (const [name, source] of Object.entries(programs)) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'program.ts'), source)
    }
    driver = nodePermissionDriver({ openChannel: openSupervisorSide, twinsFolder: folder })
  })
  after(async () => {
    await Promise.all(launched.map((cell) => cell.kill()))
    rmSync(folder, { recursive: true })
  })

  async function launch(program: string, memoryMegabytesMax = 64): Promise<Cell> {
    const cell = await driver.launch({ runId, program, memoryMegabytesMax })
    launched.push(cell)
    return cell
  }
  async function serve(program: string, answers: CellAnswers = {}, start = startOf(program)): Promise<ServedRun> {
    return serveCell(await launch(program), start, answers)
  }

  describe('with a well-behaved program', () => {
    it('answers its calls, in an empty environment, as a user of its own', async () => {
      const { finish, exit } = await serve('echo', {
        call: async (message) => ({
          status: 201,
          headers: {},
          body: Buffer.from(`${message.path} ${atob(message.body ?? '')}`).toString('base64'),
        }),
      })
      assert.ok(finish !== undefined && typeof finish.summary === 'object')
      const { uid, ...rest } = finish.summary as Record<string, unknown> // the program above wrote it
      assert.deepEqual(rest, { status: 201, text: '/x hello', seed: 42, environment: 0, cwd: '/' })
      if (process.getuid?.() === 0) assert.ok(Number(uid) >= 30_000)
      assert.equal(exit.reason, 'ended')
      assert.equal(exit.code, 0)
    })

    it('evaluates no line of the program before it has given up its privileges', async () => {
      const { finish } = await serve('eager')
      assert.notDeepEqual(finish?.summary, { evaluatedAs: 0 })
    })

    it('gives two runs two users', async (t) => {
      if (process.getuid?.() !== 0) return t.skip('Only root can give a run a uid of its own.')
      const [one, other] = await Promise.all([serve('eager'), serve('eager')])
      assert.notDeepEqual(one.finish?.summary, other.finish?.summary)
    })

    it('reads no folder beside its own, not even one whose name begins alike', async () => {
      const { finish } = await serve('neighbour')
      const { own, ...others } = Object(finish?.summary)
      assert.deepEqual(others, { neighbour: 'ERR_ACCESS_DENIED', other: 'ERR_ACCESS_DENIED' })
      // The folder of these programs is open to this user alone, and a run with a uid of its own may read its sources only before it drops to it.
      if (process.getuid?.() !== 0) assert.equal(own, true)
    })

    it('tells the program why it was refused', async () => {
      const { finish } = await serve('refused')
      assert.deepEqual(finish?.summary, { name: 'RunRefused', code: 'denied', message: 'This run has no such request.' })
    })

    it('keeps its requests within the window by waiting', async () => {
      let open = 0
      let most = 0
      const { finish, exit } = await serve('window', {
        call: async () => {
          most = Math.max(most, ++open)
          await turn()
          open -= 1
          return { status: 204, headers: {}, body: '' }
        },
      })
      assert.equal(finish?.verdict, 'passed', exit.stderrTail)
      assert.ok(most > 1 && most <= outstandingRequestsMax, `${most} at once`)
    })

    it('moves files larger than a frame, in order, and empty ones', async () => {
      const written = new Map<string, { bytes: number; sealed: boolean }>()
      const input = Buffer.alloc(700_000, 3)
      const digest = `sha256:${(await import('node:crypto')).createHash('sha256').update(input).digest('hex')}`
      const { finish, exit } = await serve(
        'large',
        {
          output: async (message) => {
            const file = written.get(message.name) ?? { bytes: 0, sealed: false }
            assert.equal(message.offset, file.bytes)
            written.set(message.name, { bytes: file.bytes + Buffer.from(message.body, 'base64').length, sealed: message.last })
            return { bytes: file.bytes }
          },
          asset: async ({ offset, length }) => ({
            body: input.subarray(offset, offset + length).toString('base64'),
            last: offset + length >= input.length,
          }),
        },
        startOf('large', [{ name: 'input.bin', bytes: input.length, digest }]),
      )
      assert.deepEqual(finish?.summary, { bytes: 700_000 }, exit.stderrTail)
      assert.deepEqual(Object.fromEntries(written), {
        'a/big.bin': { bytes: 1_300_000, sealed: true },
        'empty.txt': { bytes: 0, sealed: true },
      })
    })

    it('does not let a changed input pass for the sealed one', async () => {
      const assets = [{ name: 'input.bin', bytes: 1, digest: `sha256:${'0'.repeat(64)}` }]
      const { finish } = await serve('tampered', { asset: async () => ({ body: 'AA==', last: true }) }, startOf('tampered', assets))
      assert.deepEqual(finish?.summary, { code: 'asset_changed' })
    })

    it('hears that it should stop', async () => {
      const cell = await launch('stop')
      const { finish } = await serveCell(cell, startOf('stop'), {
        notice: (message) => {
          if (message.type === 'log') void cell.send({ type: 'stop', reason: 'the operator asked' })
        },
      })
      assert.deepEqual(finish?.summary, { reason: 'the operator asked' })
    })

    it('reports a program that throws as failed, with its message', async () => {
      const { finish, exit } = await serve('throws')
      assert.equal(finish?.verdict, 'failed')
      assert.deepEqual(finish?.summary, { error: { name: 'Error', message: 'the model diverged' } })
      assert.equal(finish?.because, 'threw')
      assert.match(exit.stderrTail, /the model diverged[\s\S]*program\.ts/, 'and where')
      assert.deepEqual([exit.reason, exit.code], ['crashed', 1])
    })

    it('reports a program that it cannot load, because of what it imports or may not read, as such', async () => {
      for (const program of ['absent', 'forbidden', 'unparsed']) {
        const { finish, exit } = await serve(program)
        assert.deepEqual([finish?.verdict, finish?.because], ['failed', 'not_loaded'], program)
        assert.match(exit.stderrTail, /nowhere\.ts|ERR_ACCESS_DENIED|SyntaxError/, program)
      }
    })

    it('reports a program without a run as failed', async () => {
      const { finish } = await serve('missing')
      assert.match(JSON.stringify(finish?.summary), /exports neither/)
      assert.equal(finish?.because, 'not_loaded')
    })
  })

  describe('with a hostile program', () => {
    const protocol: Record<string, RegExp> = {
      garbage: /limit is/,
      announced: /4294967295 bytes; the limit is 1048576/,
      endless: /not JSON/,
      unknown: /not acceptable/,
      named: /not acceptable: it has members that are not known\.$/,
      twice: /Request 5 is open already/,
      hoard: /More than 32 requests/,
      good: /empty/,
    }
    for (const [program, detail] of Object.entries(protocol)) {
      it(`ends for what its channel does not allow: ${program}`, async () => {
        const cell = await launch(program)
        const served = consume(cell, program)
        const exit = await cell.exited
        assert.equal(exit.reason, 'protocol')
        assert.match(exit.detail ?? '', detail)
        await served
      })
    }

    it('delivers what was said rightly before it was said wrongly', async () => {
      const cell = await launch('good')
      const said = await consume(cell, 'good')
      assert.deepEqual(
        said.map((message) => message.type),
        ['hello', 'log'],
      )
    })

    it('makes a flood wait instead of holding it', async () => {
      const cell = await launch('flood')
      await cell.send(startOf('flood'))
      let heard = 0
      for await (const _ of cell.messages) if (++heard === 2000) break
      await cell.kill()
      assert.equal(heard, 2000)
    })

    it('takes little from a child that nobody hears', async () => {
      const cell = await launch('unheard')
      await cell.send(startOf('unheard'))
      const exit = await cell.exited
      const taken = Number(/taken (\d+)/.exec(exit.stderrTail)?.[1])
      assert.ok(taken > 0 && taken < 8 * 1024 * 1024, `${taken} bytes were taken: ${exit.stderrTail}`)
    })

    it('ends a loop that never pauses', async () => {
      const cell = await launch('loop')
      await cell.send(startOf('loop'))
      for await (const message of cell.messages) if (message.type === 'log') break
      await cell.kill()
      assert.deepEqual([(await cell.exited).reason, (await cell.exited).signal], ['killed', 'SIGKILL'])
      assert.equal(isAlive(cell.pid ?? 0), false)
    })

    it('does not wait for a child that never reads', async () => {
      const cell = await launch('loop')
      await cell.send(startOf('loop'))
      for await (const message of cell.messages) if (message.type === 'log') break
      const reason = 'x'.repeat(500)
      const sends = Array.from({ length: 2000 }, () =>
        cell.send({ type: 'stop', reason }).then(
          () => 'sent',
          (error: unknown) => (isCoded(error) ? error.code : 'other'),
        ),
      )
      await cell.kill()
      const outcomes = new Set(await Promise.all(sends))
      assert.deepEqual(
        [...outcomes].filter((outcome) => !['sent', 'busy', 'stale'].includes(outcome)),
        [],
      )
      assert.ok(outcomes.has('busy'), 'the limit on waiting sends was reached')
    })

    it('is not taken for ended when it leaves early with an error', async () => {
      assert.deepEqual(await exitOf('early'), { reason: 'ended', code: 0 })
      assert.deepEqual(await exitOf('code'), { reason: 'crashed', code: 3 })
      assert.deepEqual(await exitOf('cut'), { reason: 'protocol', code: 0 })
    })

    it('ends when it hangs up and stays', async () => {
      const { exit } = await serve('hangup')
      assert.equal(exit.reason, 'protocol')
      assert.match(exit.detail ?? '', /left its channel/)
    })

    it('ends when its heap is full', async () => {
      const { exit, finish } = await serve('heap')
      assert.deepEqual([exit.reason, exit.detail], ['memory', 'Its heap was full.'])
      assert.match(exit.stderrTail, /heap/)
      assert.equal(finish, undefined)
    })

    it('ends when it holds too much beside its heap', async (t) => {
      if (!existsSync('/proc/self/status')) return t.skip('This system does not tell how much memory a process holds.')
      const { exit } = await serve('buffers')
      assert.equal(exit.reason, 'memory')
      assert.match(exit.detail ?? '', /64 megabytes/)
    })

    it('keeps the last few kilobytes of what it shouts', async () => {
      const { exit } = await serve('shout')
      assert.ok(exit.stderrTail.length > 0 && exit.stderrTail.length <= 4096)
      assert.equal(exit.stderrCut, true)
      assert.equal((await serve('throws')).exit.stderrCut, false)
    })

    async function exitOf(program: string): Promise<{ reason: string; code: number | null }> {
      const { exit } = await serve(program)
      return { reason: exit.reason, code: exit.code }
    }
  })

  describe('once it is gone', () => {
    it('can be killed again, and refuses to be spoken to', async () => {
      const cell = await launch('echo')
      await Promise.all([cell.kill(), cell.kill()])
      await cell.kill()
      await assert.rejects(cell.send({ type: 'stop', reason: '' }), (error) => isCoded(error, 'stale'))
    })

    it('is answered only once per request', async () => {
      const cell = await launch('echo')
      await assert.rejects(cell.send({ type: 'reply', id: 9, ok: true, value: null }), (error) => isCoded(error, 'conflict'))
      await cell.kill()
    })
  })

  describe('whose supervisor is killed', () => {
    for (const program of ['loop', 'survivor']) {
      it(`dies too: ${program}`, async () => {
        const source = `
          import { openSupervisorSide } from ${JSON.stringify(new URL('../../src/runs/index.ts', import.meta.url).href)}
          import { nodePermissionDriver } from ${JSON.stringify(new URL('../../src/host/cells/node-permission.ts', import.meta.url).href)}
          const cell = await nodePermissionDriver({ openChannel: openSupervisorSide, twinsFolder: process.argv[1] }).launch({ runId: 'r', program: process.argv[2], memoryMegabytesMax: 64 })
          await cell.send(JSON.parse(process.argv[3]))
          for await (const message of cell.messages) if (message.type === 'log') console.log(cell.pid)`
        const supervisor = spawn(
          process.execPath,
          ['--input-type=module', '-e', source, folder, program, JSON.stringify(startOf(program))],
          {
            stdio: ['ignore', 'pipe', 'inherit'],
          },
        )
        const [line] = await once(supervisor.stdout, 'data')
        const pid = Number(String(line))
        assert.ok(isAlive(pid))
        supervisor.kill('SIGKILL')
        await isGone(pid)
      })
    }
  })

  describe('that cannot be made', () => {
    it('because its program is not a name, is refused', async () => {
      for (const program of ['../x', '/etc', 'A', 'a/b', '', 'a'.repeat(64)]) {
        await assert.rejects(launch(program), (error) => isCoded(error, 'invalid'))
      }
    })
    it('because its program is not there, is refused', async () => {
      await assert.rejects(launch('nowhere'), (error) => isCoded(error, 'not_found'))
    })
    it('because its memory is out of range, is refused', async () => {
      for (const megabytes of [0, 31, 65_537, 64.5, Number.NaN])
        await assert.rejects(launch('echo', megabytes), (error) => isCoded(error, 'invalid'))
    })
    it('because too many are there, is refused until one ends', async () => {
      const small = nodePermissionDriver({ openChannel: openSupervisorSide, twinsFolder: folder, cellsMax: 1 })
      const first = await small.launch({ runId, program: 'loop', memoryMegabytesMax: 64 })
      await assert.rejects(small.launch({ runId, program: 'loop', memoryMegabytesMax: 64 }), (error) => isCoded(error, 'busy'))
      await first.kill()
      const second = await small.launch({ runId, program: 'loop', memoryMegabytesMax: 64 })
      await second.kill()
    })
  })
})

/** Starts a program and collects what it says, without waiting for answers that never come. */
async function consume(cell: Cell, program: string): Promise<ChildMessage[]> {
  const said: ChildMessage[] = []
  await cell.send(startOf(program))
  for await (const message of cell.messages) said.push(message)
  return said
}

function stateOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')
  } catch {
    return []
  }
}

/** A process that was reaped, or waits to be, is gone. */
function isAlive(pid: number): boolean {
  if (existsSync('/proc/self/stat')) return !['Z', 'X', undefined].includes(stateOf(pid)[0])
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function isGone(pid: number): Promise<void> {
  const until = performance.now() + 120_000
  while (isAlive(pid)) {
    assert.ok(performance.now() < until, 'The cell outlived its supervisor.')
    await turn()
  }
}
