// What a differential-drive robot is, as plain data: its body, wheels, motors, noise and battery. Readers fill it from a
// URDF and a scenario's drive parameters; `carrierRobot` is the engine's own. Checked once, by checkRobot.

import { EngineError } from '../errors.ts'
import { apply, type Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import { checkInertial } from '../scene/check-scene.ts'
import { at, boxInertial, boxPart, cylinderPart, part } from '../scene/parts.ts'
import type { Body, Collider, Inertial, SceneJoint } from '../scene/scene.ts'
import { materials } from '../worlds/materials.ts'

/** The two driven wheels and their motors. */
export interface DriveSpec {
  /** Metres. */
  readonly wheelRadius: number
  /** Metres between the two contact points. */
  readonly track: number
  /** x of the wheel axis in the base frame, metres. */
  readonly axleX: number
  /** kg m² of one wheel with its gear and rotor. */
  readonly wheelInertia: number
  /** Coulomb coefficient between tyre and floor. */
  readonly tyreFriction: number
  /** Share of the load that resists rolling, about 0.015. */
  readonly rollingResistance: number
  /** Newton metres of one motor at standstill, falling to nothing at `freeSpeed`. */
  readonly stallTorque: number
  /** Radians per second of the wheel without load. */
  readonly freeSpeed: number
  /** Share of the weight on the driven wheels together. */
  readonly loadShare: number
}

/** What the robot is told not to exceed. */
export interface MotionLimits {
  /** m/s, rad/s, m/s², rad/s². */
  readonly linear: number
  readonly angular: number
  readonly linearAcceleration: number
  readonly angularAcceleration: number
}

/** How wheel odometry goes wrong. */
export interface OdometrySpec {
  /** Relative error of the assumed wheel radius, fixed per run, one sigma. */
  readonly radiusSigma: number
  /** Relative error of the assumed track, fixed per run, one sigma. */
  readonly trackSigma: number
  /** Noise per radian of wheel rotation, one sigma, in radians per root radian. */
  readonly walkSigma: number
  /** Encoder ticks per turn of a wheel. */
  readonly ticksPerTurn: number
}

/** How the inertial sensor goes wrong; one sigma each. */
export interface ImuSpec {
  /** rad/s and m/s² of white noise per sample. */
  readonly gyroNoise: number
  readonly accelerationNoise: number
  /** Bias at the start, and its random walk per root second. */
  readonly gyroBias: number
  readonly gyroBiasWalk: number
  readonly accelerationBias: number
}

/** The store of energy. */
export interface BatterySpec {
  /** Watt hours when full. */
  readonly capacityWh: number
  /** Charge at time zero, 0 to 1. */
  readonly startCharge: number
  /** Watts of computer and sensors. */
  readonly idleWatts: number
  /** Electrical to mechanical efficiency of the drive, 0 to 1. */
  readonly efficiency: number
  /** Watts lost in one motor per squared newton metre. */
  readonly copperLoss: number
}

/** A piece of a robot that moves against the rest; its frame is parallel to the base frame when all joints are at 0. */
export interface RobotPart {
  readonly name: string
  readonly colliders: readonly Collider[]
  readonly inertial: Inertial
  /** Where its frame is in the base frame, metres. */
  readonly position: Vec3
}

/** A whole robot. The base frame lies on the floor, x forward, below the middle between the wheels. */
export interface RobotSpec {
  readonly name: string
  readonly colliders: readonly Collider[]
  readonly inertial: Inertial
  /** Pieces on joints, if there are any; joints count the base as 0 and parts from 1. */
  readonly parts?: readonly RobotPart[]
  readonly joints?: readonly SceneJoint[]
  /** Metres of the circle around the base frame that covers the robot's plan. */
  readonly footprintRadius: number
  /** Metres above the floor of its highest part. */
  readonly height: number
  readonly drive: DriveSpec
  readonly limits: MotionLimits
  readonly odometry: OdometrySpec
  readonly imu: ImuSpec
  readonly battery: BatterySpec
  /** Sensor mounts by name, in the base frame; `lidar` must be there, `camera` looks along its +x. */
  readonly mounts: Readonly<Record<string, Transform>> & { readonly lidar: Transform }
}

/** Usual noise of wheel encoders. */
export const usualOdometry: OdometrySpec = { radiusSigma: 0.0025, trackSigma: 0.005, walkSigma: 0.004, ticksPerTurn: 4096 }
/** A MEMS inertial sensor. */
export const usualImu: ImuSpec = {
  gyroNoise: 0.004,
  accelerationNoise: 0.03,
  gyroBias: 0.003,
  gyroBiasWalk: 0.0002,
  accelerationBias: 0.05,
}

/** Parts that carry a robot without dragging: invisible, frictionless spheres where wheels and casters touch the floor. */
export const supports = (points: readonly (readonly [number, number, number])[]): Collider[] =>
  points.map(([x, y, radius]) => part({ kind: 'sphere', radius }, at(x, y, radius), materials.tyre, { friction: 0, drawn: false }))

function carrierParts(): Collider[] {
  const body = { friction: 0.05 }
  const paint = { solid: false }
  const quarter = { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 }
  const wheel = (y: number): Collider =>
    part({ kind: 'cylinder', radius: 0.08, length: 0.04 }, { position: { x: 0, y, z: 0.08 }, rotation: quarter }, materials.tyre, paint)
  return [
    boxPart({ x: 0.66, y: 0.46, z: 0.12 }, at(0, 0, 0.12), materials.bumper, body),
    boxPart({ x: 0.6, y: 0.42, z: 0.1 }, at(0, 0, 0.23), materials.chassis, body),
    boxPart({ x: 0.5, y: 0.36, z: 0.012 }, at(0, 0, 0.286), materials.accent, paint),
    cylinderPart(0.045, 0.06, at(0.2, 0, 0.31), materials.lidar, paint),
    wheel(0.2),
    wheel(-0.2),
    ...supports([
      [0, 0.2, 0.08],
      [0, -0.2, 0.08],
      [0.24, 0, 0.04],
      [-0.24, 0, 0.04],
    ]),
  ]
}

/** The engine's own robot: a flat carrier of 45 kg that drives 1.2 m/s. */
export const carrierRobot: RobotSpec = {
  name: 'carrier',
  colliders: carrierParts(),
  inertial: boxInertial(45, { x: 0.6, y: 0.42, z: 0.2 }, at(0, 0, 0.13)),
  footprintRadius: 0.4,
  height: 0.34,
  drive: {
    wheelRadius: 0.08,
    track: 0.4,
    axleX: 0,
    wheelInertia: 0.03,
    tyreFriction: 0.75,
    rollingResistance: 0.015,
    stallTorque: 9,
    freeSpeed: 24,
    loadShare: 0.7,
  },
  limits: { linear: 1.2, angular: 1.6, linearAcceleration: 1.2, angularAcceleration: 4 },
  odometry: usualOdometry,
  imu: usualImu,
  battery: { capacityWh: 240, startCharge: 0.9, idleWatts: 38, efficiency: 0.7, copperLoss: 0.6 },
  mounts: { lidar: at(0.2, 0, 0.31), lidar3d: at(0, 0, 0.45), camera: at(0.31, 0, 0.25), imu: at(0, 0, 0.13) },
}

const robotRanges: readonly (readonly [string, (r: RobotSpec) => number, number, number])[] = [
  ['footprintRadius', (r) => r.footprintRadius, 0.01, 5],
  ['height', (r) => r.height, 0.01, 5],
  ['drive.wheelRadius', (r) => r.drive.wheelRadius, 0.005, 1],
  ['drive.track', (r) => r.drive.track, 0.02, 5],
  ['drive.axleX', (r) => r.drive.axleX, -5, 5],
  ['drive.wheelInertia', (r) => r.drive.wheelInertia, 1e-7, 100],
  ['drive.tyreFriction', (r) => r.drive.tyreFriction, 0, 5],
  ['drive.rollingResistance', (r) => r.drive.rollingResistance, 0, 1],
  ['drive.stallTorque', (r) => r.drive.stallTorque, 0, 1e5],
  ['drive.freeSpeed', (r) => r.drive.freeSpeed, 0.01, 1e4],
  ['drive.loadShare', (r) => r.drive.loadShare, 0.05, 1],
  ['limits.linear', (r) => r.limits.linear, 0.01, 20],
  ['limits.angular', (r) => r.limits.angular, 0.01, 50],
  ['limits.linearAcceleration', (r) => r.limits.linearAcceleration, 0.01, 100],
  ['limits.angularAcceleration', (r) => r.limits.angularAcceleration, 0.01, 500],
  ['odometry.radiusSigma', (r) => r.odometry.radiusSigma, 0, 0.5],
  ['odometry.trackSigma', (r) => r.odometry.trackSigma, 0, 0.5],
  ['odometry.walkSigma', (r) => r.odometry.walkSigma, 0, 10],
  ['odometry.ticksPerTurn', (r) => r.odometry.ticksPerTurn, 1, 1e7],
  ['imu.gyroNoise', (r) => r.imu.gyroNoise, 0, 100],
  ['imu.accelerationNoise', (r) => r.imu.accelerationNoise, 0, 100],
  ['imu.gyroBias', (r) => r.imu.gyroBias, 0, 100],
  ['imu.gyroBiasWalk', (r) => r.imu.gyroBiasWalk, 0, 100],
  ['imu.accelerationBias', (r) => r.imu.accelerationBias, 0, 100],
  ['battery.capacityWh', (r) => r.battery.capacityWh, 1e-4, 1e6],
  ['battery.startCharge', (r) => r.battery.startCharge, 0, 1],
  ['battery.idleWatts', (r) => r.battery.idleWatts, 0, 1e5],
  ['battery.efficiency', (r) => r.battery.efficiency, 0.01, 1],
  ['battery.copperLoss', (r) => r.battery.copperLoss, 0, 1e4],
]

/** Returns the robot when all of its numbers can be driven; throws a coded EngineError that names the field otherwise. */
export function checkRobot(robot: RobotSpec): RobotSpec {
  for (const [name, read, low, high] of robotRanges) {
    const value = read(robot)
    if (!Number.isFinite(value))
      throw new EngineError('value/not-finite', `Robot \`${robot.name}\`: ${name} is not a finite number`, { field: name })
    if (value < low || value > high)
      throw new EngineError('value/out-of-range', `Robot \`${robot.name}\`: ${name} is ${value}; it must be from ${low} to ${high}`, {
        field: name,
      })
  }
  checkInertial(robot.inertial, `robot ${robot.name}`)
  for (const part of robot.parts ?? []) checkInertial(part.inertial, `robot ${robot.name}, part ${part.name}`)
  return robot
}

/** Kilograms of base and parts together. */
export const robotMass = ({ inertial, parts = [] }: RobotSpec): number =>
  parts.reduce((sum, { inertial: { mass } }) => sum + mass, inertial.mass)

/** The robot as bodies of a scene, its base first, standing at `pose`; ids count from `id`. */
export function robotBodies(robot: RobotSpec, id: number, pose: Transform): Body[] {
  const body = { label: 'robot', motion: 'dynamic' } as const
  const base: Body = { ...body, id, name: robot.name, pose, inertial: robot.inertial, colliders: robot.colliders }
  const parts = (robot.parts ?? []).map(({ name, position, inertial, colliders }, index) => ({
    ...body,
    id: id + 1 + index,
    name: `${robot.name}/${name}`,
    pose: { position: apply(pose, position), rotation: pose.rotation },
    inertial,
    colliders,
  }))
  return [base, ...parts]
}
