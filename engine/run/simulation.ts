// The closed loop. One step: people walk, the controller decides when its period is over, motors and tyres push, physics
// steps, odometry and battery follow, the monitor judges, sensors look. Everything that a step depends on is in `snapshot`.
// Trusts its parts and its checked input; does not trust the controller, whose commands are limited and whose failures
// become the verdict.

import { type Command, type Controller, ControllerFailure, standStill } from '../control/controller.ts'
import { Navigator } from '../control/navigator.ts'
import { EngineError } from '../errors.ts'
import { yawOf } from '../math/quat.ts'
import { createRandom } from '../math/random.ts'
import { cos, sin } from '../math/trig.ts'
import type { Vec3 } from '../math/vec3.ts'
import { PhysicsWorld } from '../physics/physics-world.ts'
import { loadRapier, type Rapier } from '../physics/rapier.ts'
import { PlainScanner } from '../robot/plain-scanner.ts'
import { initialPoses, type PoseSnapshot, poseStride, type Scene } from '../scene/scene.ts'
import { type FailureKind, usualAssertions, type Verdict } from './assertions.ts'
import type { WalkerState } from './crowd.ts'
import { DigestChain } from './digest.ts'
import { Faults } from './faults.ts'
import { LidarFeed, type LidarFeedState } from './lidar-feed.ts'
import { Monitor, type MonitorState } from './monitor.ts'
import { composeRun, type RunScene } from './run-scene.ts'
import type { Moment } from './sensor-hooks.ts'
import { SensorSlots, type SlotState } from './sensor-slots.ts'
import { checkInput, type SimulationInput } from './simulation-input.ts'
import { Vehicle, type VehicleState } from './vehicle.ts'

/** The whole state of a run at one step, as structured-cloneable data. */
export interface SimulationSnapshot {
  readonly step: number
  readonly physics: Uint8Array
  readonly vehicle: VehicleState
  readonly crowd: readonly WalkerState[]
  readonly lidar: LidarFeedState
  readonly monitor: MonitorState
  readonly digest: Uint8Array
  readonly command: Command
  readonly nextDecisionNs: number
  readonly controller: unknown
  readonly sensors: readonly SlotState[]
}

const WORLD_EDGE = 1e5
const failedCommand: Command = { twist: standStill, status: 'gave-up', reason: 'the controller failed' }

/** One run. Make it with `createSimulation`; call `free` at the end. */
export class Simulation {
  /** World, people and robot. */
  readonly scene: Scene
  readonly robotIndex: number
  readonly stepNs: number
  readonly #input: SimulationInput
  readonly #rapier: Rapier
  readonly #physics: PhysicsWorld
  readonly #run: RunScene
  readonly #faults: Faults
  readonly #vehicle: Vehicle
  readonly #lidar: LidarFeed
  readonly #monitor: Monitor
  readonly #controller: Controller
  readonly #sensors: SensorSlots
  readonly #digest = new DigestChain()
  readonly #poses: { step: number; timeNs: number; poses: Float64Array }
  readonly #moving: readonly number[]
  #posesFresh = true
  #step = 0
  #nextDecisionNs = 0
  #command: Command = { twist: standStill, status: 'waiting', reason: 'not started' }

  /** Use `createSimulation`: it loads the physics first and starts the controller. */
  constructor(rapier: Rapier, input: SimulationInput) {
    this.#rapier = rapier
    this.#input = checkInput(input)
    this.stepNs = input.stepNs ?? 10_000_000
    this.#run = composeRun(rapier, input)
    this.scene = this.#run.scene
    this.robotIndex = this.#run.robotIndex
    this.#physics = new PhysicsWorld(rapier, this.scene, this.stepNs / 1e9)
    this.#poses = { ...initialPoses(this.scene) }
    this.#moving = this.scene.bodies.flatMap((body, index) => (body.motion === 'fixed' ? [] : [index]))
    this.#faults = new Faults(input.faults ?? [])
    this.#vehicle = new Vehicle(input.robot, this.robotIndex, this.#physics, this.#faults, createRandom(input.seed), this.scene.gravity)
    this.#lidar = new LidarFeed(input.scanner ?? new PlainScanner(input.seed), this.#faults)
    const charge = this.#vehicle.battery.read().charge
    this.#monitor = new Monitor(input.goals, input.goalTolerance ?? 0.3, input.assertions ?? usualAssertions, input.start, charge)
    this.#controller = input.controller ?? new Navigator()
    this.#sensors = new SensorSlots(input.sensors ?? [])
  }

  /** Simulated nanoseconds since the start. */
  get timeNs(): number {
    return this.#step * this.stepNs
  }

  /** Whether the outcome is known. */
  hasEnded(): boolean {
    return this.#monitor.hasEnded()
  }

  /** Tells the controller its task; `createSimulation` does so once. */
  async begin(): Promise<void> {
    const { robot, map, keepOut, goals, start, seed } = this.#input
    const random = createRandom(seed).stream('start')
    const { position, rotation } = robot.mounts.lidar
    // Whoever puts a robot down knows its place to a few centimetres only.
    const roughly = {
      x: start.x + 0.05 * random.gaussian(),
      y: start.y + 0.05 * random.gaussian(),
      yaw: start.yaw + 0.02 * random.gaussian(),
    }
    await this.#guard(() =>
      this.#controller.start({
        limits: robot.limits,
        footprintRadius: robot.footprintRadius,
        lidar: { x: position.x, y: position.y, yaw: yawOf(rotation) },
        map,
        keepOut: keepOut ?? null,
        goals,
        goalTolerance: this.#input.goalTolerance ?? 0.3,
        start: roughly,
        controlPeriodNs: this.#periodNs(),
        seed,
      }),
    )
  }

  #periodNs(): number {
    return this.#input.controlPeriodNs ?? 100_000_000
  }

  /** Runs what belongs to the controller; its failures end the run instead of escaping. */
  #guard<T>(act: () => T | Promise<T>): T | undefined | Promise<T | undefined> {
    const failed = (cause: unknown): undefined => {
      const told = cause instanceof Error ? cause.message : String(cause)
      this.#monitor.fail('controller-failed', cause instanceof ControllerFailure ? told : `the controller failed: ${told}`)
    }
    try {
      const result = act()
      return result instanceof Promise ? result.catch(failed) : result
    } catch (cause) {
      return failed(cause)
    }
  }

  /** One step. With a controller that answers later this returns a promise, which must be awaited before the next step. */
  step(): Promise<void> | undefined {
    if (this.#step === 0) this.#look()
    this.#lidar.step(this.timeNs, () => this.moment())
    if (this.timeNs < this.#nextDecisionNs) return this.#advance()
    this.#nextDecisionNs += this.#periodNs()
    const { odometry, imu, battery } = this.#vehicle
    const observation = {
      timeNs: this.timeNs,
      odometry: odometry.read(),
      imu: imu.read(),
      battery: battery.read(),
      scan: this.#lidar.take(),
    }
    const answer = this.#guard(() => this.#controller.decide(observation))
    return answer instanceof Promise ? answer.then((command) => this.#obey(command)) : this.#obey(answer)
  }

  #obey(command: Command | undefined): undefined {
    const { linear, angular } = command?.twist ?? standStill
    const isTwist = Number.isFinite(linear) && Number.isFinite(angular)
    if (!isTwist) this.#monitor.fail('controller-failed', `the controller asked for ${linear} m/s and ${angular} rad/s`)
    this.#command = isTwist && command !== undefined ? command : failedCommand
    this.#monitor.decided(this.#command.estimate ?? null, this.#odometryDrift())
    if (this.#command.status === 'gave-up')
      this.#monitor.fail('controller-gave-up', `the controller gave up: ${this.#command.reason ?? 'no reason given'};`)
    this.#hashFrame()
    return this.#advance()
  }

  #odometryDrift(): number {
    const { start } = this.#input
    const { x, y } = this.#vehicle.odometry.read()
    const [c, s] = [cos(start.yaw), sin(start.yaw)]
    const { position } = this.#vehicle.motion
    const [dx, dy] = [start.x + c * x - s * y - position.x, start.y + s * x + c * y - position.y]
    return Math.sqrt(dx * dx + dy * dy)
  }

  #advance(): undefined {
    const dt = this.stepNs / 1e9
    const { x, y } = this.#vehicle.motion.position
    this.#run.crowd.step(this.#physics, x, y, dt)
    this.#vehicle.push(this.#command.twist, this.timeNs, dt)
    this.#physics.step()
    this.#step += 1
    this.#posesFresh = false
    this.#vehicle.feel(this.timeNs, dt)
    this.#judge()
    this.#look()
  }

  #judge(): void {
    const { position } = this.#vehicle.motion
    const { x, y, z } = position
    this.#monitor.observe({ timeNs: this.timeNs, step: this.#step, x, y, charge: this.#vehicle.battery.read().charge })
    const isPlace = Math.abs(x) < WORLD_EDGE && Math.abs(y) < WORLD_EDGE && Math.abs(z) < WORLD_EDGE
    if (!isPlace) this.#monitor.fail('physics-exploded', 'the robot left the world: its position is not a place')
    this.#physics.drainTouches((a, b) => {
      const other = this.scene.bodies[a >= this.robotIndex ? b : a]
      if (other !== undefined && other.label !== 'floor' && other.label !== 'robot') this.#monitor.touched(other.label, other.name)
    })
    this.#run.crowd.measure(x, y, this.#input.robot.footprintRadius, (name, metres) => this.#monitor.personAt(name, metres))
  }

  #look(): void {
    this.#sensors.look(this.timeNs, () => this.moment())
  }

  /** Where everything is now; borrowed until the next step. */
  poses(): PoseSnapshot {
    if (!this.#posesFresh) this.#physics.readPoses(this.#poses.poses)
    this.#posesFresh = true
    this.#poses.step = this.#step
    this.#poses.timeNs = this.timeNs
    return this.#poses
  }

  readonly #cast = (origin: Vec3, direction: Vec3, metres: number): number =>
    this.#physics.castRay(origin, direction, metres, this.robotIndex)

  /** The present moment as sensors see it; borrowed until the next step. */
  moment(): Moment {
    const vehicle = this.#vehicle
    return {
      timeNs: this.timeNs,
      step: this.#step,
      scene: this.scene,
      snapshot: this.poses(),
      robotIndex: this.robotIndex,
      motion: vehicle.motion,
      mount: (name) => vehicle.mount(name),
      cast: this.#cast,
      odometry: vehicle.odometry.read(),
      imu: vehicle.imu.read(),
      battery: vehicle.battery.read(),
      scan: this.#lidar.latest(),
      command: this.#command,
      estimate: this.#command.estimate ?? null,
      goalsReached: this.#monitor.goalsReached(),
      faults: this.#faults.active(this.timeNs),
    }
  }

  /** Steps until the outcome is known, or `stepsMax` more steps were made. */
  async run(stepsMax = Number.POSITIVE_INFINITY): Promise<Verdict> {
    for (let i = 0; i < stepsMax && !this.hasEnded(); i++) {
      const waiting = this.step()
      if (waiting !== undefined) await waiting
    }
    return this.verdict()
  }

  /** The outcome so far. */
  verdict(): Verdict {
    return this.#monitor.verdict()
  }

  /** Ends the run for a reason of the caller, as a deadline. */
  fail(kind: FailureKind, reason: string): void {
    this.#monitor.fail(kind, reason)
  }

  #hashFrame(): void {
    const own = [this.#step, ...this.#vehicle.numbers(), this.#command.twist.linear, this.#command.twist.angular]
    const frame = new Float64Array(own.length + this.#moving.length * poseStride)
    frame.set(own)
    const { poses } = this.poses()
    for (const [i, index] of this.#moving.entries()) {
      frame.set(poses.subarray(poseStride * index, poseStride * (index + 1)), own.length + poseStride * i)
    }
    this.#digest.add(frame)
  }

  /** The digest of every decision so far: `sha256:<hex>`, the same for the same input on every machine. */
  digest(): string {
    return this.#digest.text()
  }

  /** Everything that the next step depends on, as a copy. */
  snapshot(): SimulationSnapshot {
    return structuredClone({
      step: this.#step,
      physics: this.#physics.snapshot(),
      vehicle: this.#vehicle.state(),
      crowd: this.#run.crowd.state(),
      lidar: this.#lidar.state(),
      monitor: this.#monitor.state(),
      digest: this.#digest.state(),
      command: this.#command,
      nextDecisionNs: this.#nextDecisionNs,
      controller: this.#controller.state(),
      sensors: this.#sensors.state(),
    })
  }

  /** Continues from a snapshot of a run with the same input; what follows is bit-identical to what followed there. */
  restore(snapshot: SimulationSnapshot): void {
    if (snapshot.sensors.length !== this.#sensors.size || snapshot.crowd.length !== (this.#input.people?.length ?? 0))
      throw new EngineError('run/snapshot-mismatch', 'The snapshot belongs to a run with other people or sensors')
    if (snapshot.controller === undefined)
      throw new EngineError('run/snapshot-mismatch', 'The controller of this run keeps its state to itself: it cannot be restored')
    const copy = structuredClone(snapshot)
    this.#physics.restore(copy.physics)
    this.#step = copy.step
    this.#vehicle.restore(copy.vehicle)
    this.#run.crowd.restore(copy.crowd)
    this.#lidar.restore(copy.lidar)
    this.#monitor.restore(copy.monitor)
    this.#digest.restore(copy.digest)
    this.#command = copy.command
    this.#nextDecisionNs = copy.nextDecisionNs
    this.#controller.restore(copy.controller)
    this.#sensors.restore(copy.sensors)
    this.#posesFresh = false
  }

  /** A second run that continues from here on its own, unwatched unless `own` brings as many sensors as this run has. */
  async fork(own: Pick<SimulationInput, 'controller' | 'scanner' | 'sensors'> = {}): Promise<Simulation> {
    const { controller, scanner, sensors: _, ...rest } = this.#input
    if ((controller !== undefined && own.controller === undefined) || (scanner !== undefined && own.scanner === undefined))
      throw new EngineError('run/bad-input', 'A fork needs a controller and a scanner of its own where the run was given one')
    const forked = new Simulation(this.#rapier, { ...rest, ...own })
    await forked.begin()
    const snapshot = this.snapshot()
    forked.restore(own.sensors === undefined ? { ...snapshot, sensors: [] } : snapshot)
    return forked
  }

  /** Gives the memory of the physics back and ends an external controller. */
  free(): void {
    this.#controller.stop?.()
    this.#physics.free()
  }
}

/** Loads the physics, composes the run and tells the controller its task. Everything comes in as data. */
export async function createSimulation(input: SimulationInput): Promise<Simulation> {
  const simulation = new Simulation(await loadRapier(), input)
  await simulation.begin()
  return simulation
}
