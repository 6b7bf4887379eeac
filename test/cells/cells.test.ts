import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { frame, type Json, type Notice, type Request, type SupervisorMessage, SupervisorReader } from '../../sdk/run/wire.ts'
import { ErrorTail } from '../../src/host/cells/error-tail.ts'
import { nodeArguments, planFolder, planTwin, readyMadeTwinsFolder } from '../../src/host/cells/launch-plan.ts'
import { findMemoryGroups } from '../../src/host/cells/memory-group.ts'
import { MessageQueue } from '../../src/host/cells/message-queue.ts'
import { NodeCell } from '../../src/host/cells/node-cell.ts'
import { nodePermissionDriver } from '../../src/host/cells/node-permission.ts'
import { probeCell } from '../../src/host/cells/probe-cell.ts'
import { mayChangeUid, RunUids, uidRange } from '../../src/host/cells/run-uid.ts'
import { serveCell } from '../../src/host/cells/serve-cell.ts'
import { isCoded, type RunId } from '../../src/kernel/index.ts'
import {
  type CellStrength,
  type ChildMessage,
  encodeSupervisorMessage,
  FrameDecoder,
  openSupervisorSide,
  parseChildMessage,
  type RequestMessage,
  type SupervisorMessage as RoomSupervisorMessage,
} from '../../src/runs/index.ts'
import { fakeSupervisor } from './fake-supervisor.ts'

describe('the probe of a cell', () => {
  it('finds network, files and execution denied, and the uid as it is', async () => {
    const driver = nodePermissionDriver({ openChannel: openSupervisorSide })
    const strength = await driver.probe()
    assert.deepEqual(
      strength.probed.filter((probe) => !probe.held && !/memory|signals its supervisor|becomes root/.test(probe.what)),
      [],
    )
    assert.deepEqual([strength.network, strength.fileSystem, strength.execution], ['denied', 'denied', 'denied'])
    if (process.getuid?.() !== 0) assert.equal(strength.uid, 'shared')
    assert.equal(await driver.probe(), strength, 'found out once per driver')
  })

  it('sees through a cell that confines nothing', async () => {
    const plan = planFolder(fileURLToPath(new URL('../../src/host/cells/probe/', import.meta.url)))
    const strength: CellStrength = {
      kind: 'process',
      uid: 'shared',
      network: 'open',
      fileSystem: 'open',
      execution: 'open',
      memory: 'unlimited',
      probed: [],
    }
    const found = await probeCell(async () => {
      const child = spawn(process.execPath, [plan.launcher, plan.programFile, '-'], {
        cwd: '/',
        env: {},
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      })
      await once(child, 'spawn')
      const [, , errors, channel] = child.stdio
      assert.ok(
        errors !== null && errors !== undefined && 'read' in errors && channel !== null && channel !== undefined && 'write' in channel,
      )
      return new NodeCell({ child, errors, side: openSupervisorSide(), channel: channel as typeof channel & PassThrough }, strength) // a socketpair is a duplex
    })
    const open = Object.values(found)
      .flat()
      .filter((probe) => !probe.held)
    for (const what of [
      'connects to a TCP port on loopback',
      'reaches a listener that waited for it',
      'reads a file that everyone may read',
      'writes where everyone may write',
      'writes through an embedded database',
      'writes a file by a flag of the engine',
      'leaves a file behind',
      'starts a process',
      'starts a thread',
      'signals its supervisor',
    ]) {
      assert.ok(
        open.some((probe) => probe.what === what),
        what,
      )
    }
  })
})

describe('the start of a cell', () => {
  it('lets a program read the run library and its own folder alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinlock-plan-'))
    mkdirSync(join(folder, 'plain'))
    writeFileSync(join(folder, 'plain', 'program.ts'), '')
    const { readable } = planTwin(folder, 'plain')
    assert.equal(readable.length, 2)
    assert.ok(readable[0]?.endsWith(join('sdk', 'run')) && readable[1]?.endsWith('plain'))
    rmSync(folder, { recursive: true })
  })

  it('adds the engine and its packages for a twin that says it needs them, and never all packages', () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinlock-plan-'))
    mkdirSync(join(folder, 'robot'))
    writeFileSync(join(folder, 'robot', 'program.ts'), '')
    writeFileSync(join(folder, 'robot', 'twin.json'), '{"needs":["engine"]}')
    const { readable } = planTwin(folder, 'robot')
    assert.ok(readable.some((path) => path.endsWith(join('node_modules', '@mcap', 'core'))))
    assert.ok(readable.some((path) => path.endsWith(`${readyMadeTwinsFolder.slice(0, -'twins'.length)}engine`)))
    assert.equal(
      readable.some((path) => path.endsWith('node_modules') || path.includes('fastify')),
      false,
    )
    rmSync(folder, { recursive: true })
  })

  it('always closes what reaches around the permission model', () => {
    const args = nodeArguments({ launcher: 'l', programFile: 'p', readable: ['r'], packages: [] }, 7, 64)
    for (const flag of [
      '--permission',
      '--no-experimental-sqlite',
      '--freeze-flags-after-init',
      '--no-experimental-ffi',
      '--disable-sigusr1',
    ]) {
      assert.ok(args.includes(flag), flag)
    }
    assert.equal(
      args.some((flag) => flag.startsWith('--allow-') && !flag.startsWith('--allow-fs-read=')),
      false,
    )
    assert.deepEqual(args.slice(-4), ['l', 'p', '7', ''])
  })
})

describe('uids for runs', () => {
  it('come from a range that the namespace maps whole', () => {
    assert.equal(uidRange('         0          0 4294967295\n')?.first, 1_900_000_000)
    assert.equal(uidRange('0 100000 65536\n')?.first, 30_000)
    assert.equal(uidRange('0 1000 1\n'), undefined)
    assert.equal(uidRange('0 1000 1\n1 100000 65535\n')?.first, 30_000)
  })

  it('are not handed out twice while taken', () => {
    const uids = new RunUids({ first: 100, count: 3 })
    const taken = [uids.take(), uids.take(), uids.take()]
    assert.deepEqual(taken.toSorted(), [100, 101, 102])
    uids.release(101)
    assert.equal(uids.take(), 101)
  })

  it('are not promised to a root without the capability', () => {
    assert.equal(mayChangeUid('CapEff:\t000001ffffffffff\n'), true)
    assert.equal(mayChangeUid('CapEff:\t0000000000000040\n'), false)
    assert.equal(mayChangeUid('CapEff:\t0000000000000000\n'), false)
    assert.equal(mayChangeUid(''), false)
    assert.equal(mayChangeUid(undefined), true)
  })
})

describe('memory groups', () => {
  it('are not claimed where the file system has none', () => {
    const empty = mkdtempSync(join(tmpdir(), 'twinlock-group-'))
    assert.equal(findMemoryGroups(empty, '/x').available, false)
    // A folder that takes mkdir without making the control files is no cgroup.
    writeFileSync(join(empty, 'cgroup.controllers'), 'memory')
    mkdirSync(join(empty, 'x'))
    assert.equal(findMemoryGroups(empty, '/x').available, false)
    assert.throws(() => findMemoryGroups(empty, '/x').make('1', 1))
    assert.equal(existsSync(join(empty, 'x', `twinlock-trial-${process.pid}`)), false, 'the trial is cleared away')
    rmSync(empty, { recursive: true })
  })

  it('limit a process where they can be made', (t) => {
    if (!findMemoryGroups().available) return t.skip('This machine has no cgroup v2 that this process may write.')
    const group = findMemoryGroups().make(`test-${process.pid}`, 64 * 1024 * 1024)
    group.remove()
  })
})

describe('the queue of messages', () => {
  it('is full by number or by weight, and says when there is room', async () => {
    let rooms = 0
    const queue = new MessageQueue<number>({ itemsMax: 2, weightMax: 10 }, () => rooms++)
    queue.push(1, 10)
    assert.equal(queue.isFull, true)
    await queue.next()
    assert.deepEqual([rooms, queue.isFull], [1, false])
    queue.push(2, 1)
    queue.push(3, 1)
    assert.equal(queue.isFull, true)
    queue.end()
    assert.deepEqual(await Array.fromAsync(queue), [2, 3])
  })

  it('has one reader', async () => {
    const queue = new MessageQueue<number>({ itemsMax: 1, weightMax: 1 }, () => undefined)
    const first = queue.next()
    await assert.rejects(queue.next(), /one reader/)
    queue.push(7, 1)
    assert.deepEqual(await first, { done: false, value: 7 })
  })
})

describe('the error output of a cell', () => {
  it('is kept to its last 4 KiB', async () => {
    const stream = new PassThrough()
    const tail = new ErrorTail(stream)
    stream.write('a'.repeat(5000))
    stream.end('the end')
    await tail.closed
    assert.equal(tail.text.length, 4096)
    assert.ok(tail.text.endsWith('the end'))
  })

  it('is not listened to for ever', async () => {
    const stream = new PassThrough()
    const tail = new ErrorTail(stream)
    for (let sent = 0; sent < 20 && !stream.destroyed; sent++) {
      stream.write(Buffer.alloc(100_000))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await tail.closed
    assert.equal(stream.destroyed, true)
  })
})

describe('the two ends of the channel', () => {
  // The run library may not import the rooms, so it says the same again; these do not compile when the two differ.
  type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
  const sameFromSupervisor: Same<SupervisorMessage, RoomSupervisorMessage> = true
  const sameRequests: Same<Request & { id: number }, RequestMessage> = true
  const sameNotices: Same<Notice, Exclude<ChildMessage, RequestMessage>> = true

  it('agree on the types of messages', () => {
    assert.deepEqual([sameFromSupervisor, sameRequests, sameNotices], [true, true, true])
  })

  it('agree on frames, in both directions', () => {
    const summary: Json = { text: 'ä𝄞', list: [1, 2] }
    const [payload] = [...new FrameDecoder().push(frame({ type: 'finish', verdict: 'passed', summary }))]
    assert.deepEqual(parseChildMessage(payload ?? new Uint8Array()), { type: 'finish', verdict: 'passed', summary })
    const reader = new SupervisorReader()
    const bytes = encodeSupervisorMessage({ type: 'stop', reason: 'ä' })
    const read = [...bytes].flatMap((byte) => reader.read(Uint8Array.of(byte)))
    assert.deepEqual(read, [{ type: 'stop', reason: 'ä' }])
  })

  it('agree on the limits', async () => {
    const [library, room] = await Promise.all([import('../../sdk/run/wire.ts'), import('../../src/runs/index.ts')])
    for (const name of ['frameBytesMax', 'chunkBytesMax', 'outstandingRequestsMax'] as const) assert.equal(library[name], room[name])
  })

  it('refuse a frame over the limit', () => {
    assert.throws(() => frame({ type: 'finish', verdict: 'passed', summary: 'x'.repeat(1024 * 1024) }), RangeError)
    assert.throws(() => new SupervisorReader().read(Uint8Array.of(0xff, 0, 0, 0)), RangeError)
  })
})

describe('a program of the house', () => {
  it('simulates with the engine, in a cell that reads the engine and its packages', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinlock-engine-'))
    const engine = (file: string) => JSON.stringify(new URL(`../../engine/${file}`, import.meta.url).href)
    mkdirSync(join(folder, 'robot'))
    writeFileSync(join(folder, 'robot', 'twin.json'), '{"needs":["engine"]}')
    writeFileSync(
      join(folder, 'robot', 'program.ts'),
      `import { loadRapier } from ${engine('physics/rapier.ts')}
      export async function run() {
        const rapier = await loadRapier()
        const world = new rapier.World({ x: 0, y: 0, z: -9.81 })
        const body = world.createRigidBody(rapier.RigidBodyDesc.dynamic())
        body.setAdditionalMass(1, true)
        for (let step = 0; step < 60; step++) world.step()
        return { verdict: 'passed', summary: { fell: body.translation().z < -4 } }
      }`,
    )
    const driver = nodePermissionDriver({ openChannel: openSupervisorSide, twinsFolder: folder })
    const cell = await driver.launch({ runId: 'run_00000000000000000000000000' as RunId, program: 'robot', memoryMegabytesMax: 128 }) // well-formed
    const { start, answers } = fakeSupervisor({ twin: 'payments', connections: {} })
    const { finish, exit } = await serveCell(cell, start, answers)
    assert.deepEqual(finish?.summary, { fell: true }, exit.stderrTail)
    rmSync(folder, { recursive: true })
  })

  it('is named by its folder, and is there', () => {
    for (const name of ['payments', 'assembly-line']) {
      assert.ok(readFileSync(planTwin(readyMadeTwinsFolder, name).programFile).length > 0)
    }
    assert.throws(
      () => planTwin(readyMadeTwinsFolder, 'unheard-of'),
      (error) => isCoded(error, 'not_found'),
    )
  })
})
