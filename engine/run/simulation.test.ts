import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Command, type Controller, type Observation, standStill } from '../control/controller.ts'
import { EngineError } from '../errors.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario, withParameters } from '../scenarios/scenario.ts'
import { at, boxInertial, boxPart } from '../scene/parts.ts'
import { activeFaults } from '../sensors/sensor-faults.ts'
import { materials } from '../worlds/materials.ts'
import { Faults } from './faults.ts'
import type { Moment, SensorHook } from './sensor-hooks.ts'
import { createSimulation } from './simulation.ts'
import type { SimulationInput } from './simulation-input.ts'

/** The digest of `small-drive` on every machine. It changes only when the engine means to behave differently. */
const SMALL_DRIVE = 'sha256:9194f4d921d5d478e86cba3969058f55e2c40b38cd9b3f19f5f458e65365502c'

const scenario = loadScenario('small-drive')
const base = inputOfScenario(scenario)

const scripted = (decide: (observation: Observation) => Command): Controller => ({
  start: () => undefined,
  decide,
  state: () => 0,
  restore: () => undefined,
})
const forward = scripted(() => ({ twist: { linear: 1, angular: 0 }, status: 'driving' }))

async function drive(changes: Partial<SimulationInput>, steps?: number): Promise<Awaited<ReturnType<typeof createSimulation>>> {
  const simulation = await createSimulation({ ...base, ...changes })
  await simulation.run(steps)
  return simulation
}

test('the same seed gives the same digest twice, in another process, and the one written in the repository', async () => {
  const here = await drive({})
  assert.equal(here.verdict().passed, true, here.verdict().reason)
  const program = fileURLToPath(new URL('digest-of-drive.ts', import.meta.url))
  const there = execFileSync(process.execPath, [program, 'small-drive'], { encoding: 'utf8' }).trim()
  assert.equal(there, here.digest())
  assert.equal(here.digest(), SMALL_DRIVE)
  here.free()
})

test('another seed gives another digest', async () => {
  const other = await drive(inputOfScenario(withParameters(scenario, { seed: 12 })), 100)
  const same = await drive({}, 100)
  assert.notEqual(other.digest(), same.digest())
  other.free()
  same.free()
})

test('a run that is restored, and one that is forked, continue bit for bit as the uninterrupted one', async () => {
  const run = await drive({}, 250)
  const middle = run.snapshot()
  const fork = await run.fork()
  await run.run(200)
  const digest = run.digest()
  const poses = Float64Array.from(run.poses().poses)
  await fork.run(200)
  assert.equal(fork.digest(), digest)
  assert.deepEqual(fork.poses().poses, poses)
  run.restore(middle)
  await run.run(200)
  assert.equal(run.digest(), digest)
  assert.deepEqual(run.poses().poses, poses)
  run.free()
  fork.free()
})

test('a snapshot of another run is refused', async () => {
  const [run, lonely] = [await drive({}, 5), await drive({ people: [] }, 5)]
  assert.throws(
    () => lonely.restore(run.snapshot()),
    (error) => error instanceof EngineError && error.code === 'run/snapshot-mismatch',
  )
  run.free()
  lonely.free()
})

test('sensors see each multiple of their period once, and do not change the run', async () => {
  const seen: number[] = []
  const hook = { name: 'watch', periodNs: 250_000_000, sample: (moment: Moment) => void seen.push(moment.timeNs / 1e6) }
  const watched = await drive({ sensors: [hook] }, 100)
  const alone = await drive({}, 100)
  assert.deepEqual(seen, [0, 250, 500, 750, 1000])
  assert.equal(watched.digest(), alone.digest())
  watched.free()
  alone.free()
})

/** A sensor that counts its samples and notes when each was. */
function counter(): { readonly times: number[]; readonly hook: SensorHook } {
  const times: number[] = []
  let count = 0
  const hook: SensorHook = {
    name: 'counter',
    periodNs: 300_000_000,
    sample: (moment) => {
      count += 1
      times.push(count * 1000 + moment.timeNs / 1e6)
    },
    state: () => count,
    restore: (state) => {
      count = Number(state)
    },
  }
  return { times, hook }
}

test('a fork with a sensor of its own continues its clock and its state', async () => {
  const [first, second] = [counter(), counter()]
  const run = await drive({ sensors: [first.hook] }, 70)
  const fork = await run.fork({ sensors: [second.hook] })
  await fork.run(30)
  assert.deepEqual(first.times, [1000, 2300, 3600])
  assert.deepEqual(second.times, [4900])
  run.free()
  fork.free()
})

test('a robot that drives into the racks is judged to have touched one, at the moment of the touch', async () => {
  const run = await drive({ controller: forward, start: { x: 2.5, y: 7, yaw: 0 } })
  const verdict = run.verdict()
  assert.equal(verdict.failure, 'touches-nothing')
  assert.match(verdict.reason, /touched (rack|pallet|box) `.+` near/)
  assert.ok(verdict.momentNs !== null && verdict.momentNs > 0 && verdict.momentNs < 5e9)
  run.free()
})

test('a robot that ignores people is judged for coming too near', async () => {
  const people = [{ name: 'pedestrian', path: [[4, 8] as const], speed: 0 }]
  const run = await drive({
    controller: forward,
    people,
    start: { x: 4, y: 3.6, yaw: Math.PI / 2 },
    scene: { ...base.scene, bodies: base.scene.bodies.filter((b) => b.label === 'floor') },
  })
  assert.equal(run.verdict().failure, 'keeps-distance')
  assert.match(run.verdict().reason, /pedestrian/)
  run.free()
})

test('a robot that stands is judged by time, and one whose battery drains by charge', async () => {
  const still = scripted(() => ({ twist: standStill, status: 'waiting' }))
  const late = await drive({ controller: still, assertions: [{ kind: 'reaches-goals' }, { kind: 'within-seconds', seconds: 1 }] })
  assert.equal(late.verdict().failure, 'within-seconds')
  const faults = [{ kind: 'battery-drain', fromSeconds: 0, untilSeconds: 100, amount: 1e6 }] as const
  const flat = await drive({ controller: still, faults })
  assert.equal(flat.verdict().failure, 'keeps-charge')
  late.free()
  flat.free()
})

test('a controller that throws, or commands what is not a number, ends in a verdict, standing still', async () => {
  const bad = scripted(() => {
    throw new Error('wires crossed')
  })
  const thrown = await drive({ controller: bad })
  assert.equal(thrown.verdict().failure, 'controller-failed')
  assert.match(thrown.verdict().reason, /wires crossed/)
  const nan = await drive(
    { controller: scripted(() => ({ twist: { linear: Number.NaN, angular: Number.POSITIVE_INFINITY }, status: 'driving' })) },
    100,
  )
  assert.ok(nan.verdict().measures.distance < 0.01)
  assert.equal(nan.verdict().failure, 'controller-failed')
  assert.match(nan.verdict().reason, /NaN m\/s and Infinity rad\/s/)
  thrown.free()
  nan.free()
})

test('a controller that is wrong about where it is fails the promise to stay localised', async () => {
  const lost = scripted(() => ({ twist: standStill, status: 'driving', estimate: { x: Number.NaN, y: 0, yaw: 0 } }))
  const run = await drive({ controller: lost, assertions: [{ kind: 'stays-localised', metres: 0.5 }] }, 50)
  assert.equal(run.verdict().failure, 'stays-localised')
  run.free()
})

test('slippery floors and weak motors change the drive', async () => {
  const metres = async (faults: SimulationInput['faults']): Promise<number> => {
    const run = await drive({ controller: forward, ...(faults === undefined ? {} : { faults }) }, 150)
    const { distance } = run.verdict().measures
    run.free()
    return distance
  }
  const normal = await metres([])
  const always = { fromSeconds: 0, untilSeconds: 100 }
  assert.ok((await metres([{ kind: 'slippery-floor', amount: 0.02, ...always }])) < 0.8 * normal)
  assert.ok((await metres([{ kind: 'weak-motors', amount: 0, ...always }])) < 0.05)
})

test('odometry drifts, and the navigator corrects what odometry gets wrong', async () => {
  const run = await drive(inputOfScenario(withParameters(scenario, { 'robot.odometry.radiusSigma': 0.03 })))
  const { measures, reason, passed } = run.verdict()
  assert.equal(passed, true, reason)
  assert.ok(measures.odometryDrift > 0.1, `odometry was right within ${measures.odometryDrift} m`)
  assert.ok((measures.worstEstimate ?? 9) < 0.3, `the estimate was wrong by ${measures.worstEstimate} m`)
  run.free()
})

test('a robot with a part on a joint drives it along, does not count it as touched, and ends in the same digest', async () => {
  const part = {
    name: 'arm',
    colliders: [boxPart({ x: 0.1, y: 0.1, z: 0.3 }, at(0, 0, 0.2), materials.grey, {})],
    position: { x: 0, y: 0, z: 0.4 },
  }
  const arm = { ...part, inertial: boxInertial(1, { x: 0.1, y: 0.1, z: 0.3 }, at(0, 0, 0.2)) }
  const ends = { name: 'lift', parent: 0, child: 1, anchor: { x: 0, y: 0, z: 0.4 }, axis: { x: 0, y: 1, z: 0 } }
  const joint = { ...ends, kind: 'revolute', limits: [-0.4, 0.4], damping: 0.1, friction: 0.2 } as const
  const robot = { ...base.robot, parts: [arm], joints: [joint] }
  const first = await drive({ robot }, 240)
  const again = await drive({ robot }, 240)
  const { poses } = first.poses()
  const [own, its] = [first.robotIndex * 7, (first.robotIndex + 1) * 7]
  const apart = Math.hypot((poses[own] ?? 0) - (poses[its] ?? 0), (poses[own + 1] ?? 0) - (poses[its + 1] ?? 0))
  assert.ok(apart < 0.05 && Math.abs((poses[its + 2] ?? 0) - (poses[own + 2] ?? 0) - 0.4) < 0.05, `${apart}`)
  assert.notEqual(first.verdict().failure, 'touches-nothing', first.verdict().reason)
  assert.equal(first.digest(), again.digest())
  first.free()
  again.free()
})

test('noise bursts of camera and lidar are faults of a run', () => {
  const faults = new Faults([
    { kind: 'camera-noise-burst', fromSeconds: 1, untilSeconds: 2, amount: 20 },
    { kind: 'lidar-noise-burst', fromSeconds: 1, untilSeconds: 2 },
  ])
  assert.equal(activeFaults([], faults.active(1.5e9), 'camera', 1.5e9).noise, 20)
  assert.equal(activeFaults([], faults.active(1.5e9), 'lidar', 1.5e9).noise, 8)
  assert.equal(activeFaults([], faults.active(2.5e9), 'lidar', 2.5e9).noise, 1)
})

test('a burst of lidar noise reaches the scans that the navigator gets, inside its window alone', async () => {
  const scansOf = async (faults: NonNullable<SimulationInput['faults']>): Promise<readonly (readonly number[])[]> => {
    const scans: (readonly number[])[] = []
    const controller = scripted(({ scan }) => {
      if (scan !== null) scans.push([...scan.ranges])
      return { twist: standStill, status: 'driving' }
    })
    const simulation = await drive({ controller, faults, people: [] }, 120)
    simulation.free()
    return scans
  }
  const [clean, noisy] = [await scansOf([]), await scansOf([{ kind: 'lidar-noise-burst', fromSeconds: 0.45, untilSeconds: 2, amount: 50 }])]
  assert.equal(noisy.length, clean.length)
  assert.deepEqual(noisy.slice(0, 4), clean.slice(0, 4))
  const worst = noisy.slice(6).map((scan, k) => Math.max(...scan.map((range, i) => Math.abs(range - (clean[k + 6]?.[i] ?? 0)) || 0)))
  assert.ok(worst.length > 0 && worst.every((metres) => metres > 0.2), `${worst}`)
})

test('input that cannot be run is refused with a code before anything starts', async () => {
  const refuse = (changes: Partial<SimulationInput>, code: string): Promise<void> =>
    assert.rejects(drive(changes), (error) => error instanceof EngineError && error.code === code)
  await refuse({ seed: 1.5 }, 'run/bad-input')
  await refuse({ stepNs: 1 }, 'run/bad-input')
  await refuse({ start: { x: Number.NaN, y: 0, yaw: 0 } }, 'run/bad-input')
  await refuse({ start: { x: 500, y: 0, yaw: 0 } }, 'run/bad-input')
  await refuse({ goals: [{ name: 'nowhere', x: Number.POSITIVE_INFINITY, y: 0 }] }, 'run/bad-input')
  await refuse({ people: [{ name: 'ghost', path: [], speed: 1 }] }, 'run/bad-input')
  await refuse({ robot: { ...base.robot, inertial: { ...base.robot.inertial, mass: -4 } } }, 'mass/not-positive')
  await refuse({ faults: [{ kind: 'lidar-drop', fromSeconds: 3, untilSeconds: 1 }] }, 'run/bad-input')
})
