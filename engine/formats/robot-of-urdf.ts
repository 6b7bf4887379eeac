// Makes a drivable robot of a URDF: links are joined at their rest positions, two continuous joints become the driven
// wheels, and what a URDF does not say (motors, noise, battery) comes from drive parameters. The wheels' own friction is the
// tyre model's; physics gets frictionless feet in their place.

import { EngineError } from '../errors.ts'
import { type Quat, rotate } from '../math/quat.ts'
import { compose, identity, type Transform } from '../math/transform.ts'
import { subtract, type Vec3 } from '../math/vec3.ts'
import { checkRobot, type DriveSpec, type MotionLimits, type RobotSpec, supports, usualImu, usualOdometry } from '../robot/robot-spec.ts'
import type { Collider, Inertial, SceneWarning } from '../scene/scene.ts'
import type { RobotDescription, UrdfJoint } from './urdf.ts'

/** What a URDF does not say. */
export interface DriveParameters {
  readonly stallTorque: number
  readonly freeSpeed: number
  readonly tyreFriction: number
  readonly limits: MotionLimits
  readonly battery: RobotSpec['battery']
  /** Link names of the sensors. */
  readonly lidarLink: string
  readonly cameraLink: string
  readonly imuLink: string
}

/** The TurtleBot3 Waffle: its makers' limits of 0.26 m/s and 1.82 rad/s, and an 11.1 V battery of 1.8 Ah. */
export const turtlebotDrive: DriveParameters = {
  stallTorque: 1.5,
  freeSpeed: 14,
  tyreFriction: 0.9,
  limits: { linear: 0.26, angular: 1.82, linearAcceleration: 1, angularAcceleration: 6 },
  battery: { capacityWh: 19.98, startCharge: 1, idleWatts: 7, efficiency: 0.6, copperLoss: 2 },
  lidarLink: 'base_scan',
  cameraLink: 'camera_rgb_frame',
  imuLink: 'imu_link',
}

type Matrix3 = readonly [Vec3, Vec3, Vec3]

const columns = (q: Quat): Matrix3 => [rotate(q, { x: 1, y: 0, z: 0 }), rotate(q, { x: 0, y: 1, z: 0 }), rotate(q, { x: 0, y: 0, z: 1 })]

/** Poses of all links in the root's frame. */
function linkPoses(robot: RobotDescription): Map<string, Transform> {
  const poses = new Map<string, Transform>([[robot.root, identity]])
  for (const joint of robot.joints) poses.set(joint.child, compose(poses.get(joint.parent) ?? identity, joint.origin))
  return poses
}

interface Tensor {
  readonly xx: number
  readonly yy: number
  readonly zz: number
  readonly xy: number
  readonly xz: number
  readonly yz: number
}

/** An inertia tensor turned by a rotation: R I Rᵀ. */
function turned(i: Inertial, rotation: Quat): Tensor {
  const [a, b, c] = columns(rotation)
  const entry = (p: keyof Vec3, q: keyof Vec3): number =>
    i.ixx * a[p] * a[q] +
    i.iyy * b[p] * b[q] +
    i.izz * c[p] * c[q] +
    i.ixy * (a[p] * b[q] + b[p] * a[q]) +
    i.ixz * (a[p] * c[q] + c[p] * a[q]) +
    i.iyz * (b[p] * c[q] + c[p] * b[q])
  return { xx: entry('x', 'x'), yy: entry('y', 'y'), zz: entry('z', 'z'), xy: entry('x', 'y'), xz: entry('x', 'z'), yz: entry('y', 'z') }
}

/** One body's mass properties from those of its pieces, each with its pose in the body. */
export function joinInertials(pieces: readonly { readonly pose: Transform; readonly inertial: Inertial }[]): Inertial {
  const placed = pieces.map(({ pose, inertial }) => ({ inertial, at: compose(pose, inertial.pose) }))
  const mass = placed.reduce((sum, { inertial }) => sum + inertial.mass, 0)
  if (!(mass > 0)) throw new EngineError('mass/not-positive', 'The robot states no mass')
  const mean = (axis: keyof Vec3): number => placed.reduce((sum, { inertial, at }) => sum + inertial.mass * at.position[axis], 0) / mass
  const centre = { x: mean('x'), y: mean('y'), z: mean('z') }
  const total = { ixx: 0, iyy: 0, izz: 0, ixy: 0, ixz: 0, iyz: 0 }
  for (const { inertial, at } of placed) {
    const t = turned(inertial, at.rotation)
    const d = subtract(at.position, centre)
    const m = inertial.mass
    total.ixx += t.xx + m * (d.y * d.y + d.z * d.z)
    total.iyy += t.yy + m * (d.x * d.x + d.z * d.z)
    total.izz += t.zz + m * (d.x * d.x + d.y * d.y)
    total.ixy += t.xy - m * d.x * d.y
    total.ixz += t.xz - m * d.x * d.z
    total.iyz += t.yz - m * d.y * d.z
  }
  return { mass, pose: { position: centre, rotation: identity.rotation }, ...total }
}

interface Wheel {
  readonly joint: UrdfJoint
  readonly position: Vec3
  readonly radius: number
}

function wheelsOf(robot: RobotDescription, poses: ReadonlyMap<string, Transform>): readonly [Wheel, Wheel] {
  const wheels = robot.joints.flatMap((joint) => {
    const round = robot.links.get(joint.child)?.colliders.find(({ shape }) => shape.kind === 'cylinder' || shape.kind === 'sphere')?.shape
    const radius = round?.kind === 'cylinder' || round?.kind === 'sphere' ? round.radius : 0
    return joint.kind === 'continuous' && radius > 0 ? [{ joint, radius, position: (poses.get(joint.child) ?? identity).position }] : []
  })
  const [a, b] = wheels.sort((p, q) => q.position.y - p.position.y)
  if (a === undefined || b === undefined || wheels.length !== 2)
    throw new EngineError(
      'urdf/not-urdf',
      `A differential drive has two round wheels on continuous joints; this robot has ${wheels.length}`,
      { wheels: wheels.length },
    )
  return [a, b]
}

/** Half the greatest extent of a shape: enough to tell how far a robot reaches. */
function reachOf({ shape, pose }: Collider): { readonly plan: number; readonly top: number } {
  const { x, y, z } = pose.position
  const at = Math.sqrt(x * x + y * y)
  switch (shape.kind) {
    case 'box': {
      const corners = [-1, 1].flatMap((i) =>
        [-1, 1].flatMap((j) => [-1, 1].map((k) => ({ x: (i * shape.size.x) / 2, y: (j * shape.size.y) / 2, z: (k * shape.size.z) / 2 }))),
      )
      const placed = corners.map((corner) => rotate(pose.rotation, corner))
      return {
        plan: Math.max(...placed.map((p) => Math.sqrt((p.x + x) * (p.x + x) + (p.y + y) * (p.y + y)))),
        top: z + Math.max(...placed.map((p) => p.z)),
      }
    }
    case 'cylinder':
      return { plan: at + shape.radius, top: z + Math.max(shape.radius, shape.length / 2) }
    case 'sphere':
      return { plan: at + shape.radius, top: z + shape.radius }
    case 'plane':
      return { plan: at, top: z }
    case 'mesh': {
      const size = shape.positions.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      return { plan: at + size, top: z + size }
    }
  }
}

/** Colliders of every link in the base frame; the wheels are only drawn, because feet carry the robot in their place. */
function bodyColliders(
  robot: RobotDescription,
  poses: ReadonlyMap<string, Transform>,
  wheels: ReadonlySet<string>,
  lift: number,
): Collider[] {
  return [...robot.links.values()].flatMap((link) =>
    link.colliders.map((collider) => {
      const placed = compose(poses.get(link.name) ?? identity, collider.pose)
      const pose = { position: { ...placed.position, z: placed.position.z + lift }, rotation: placed.rotation }
      return { ...collider, pose, friction: 0.05, solid: collider.solid && !wheels.has(link.name) }
    }),
  )
}

/** A robot to drive, and what of its file had to be changed for that. */
export interface DrivableRobot {
  readonly robot: RobotSpec
  readonly warnings: readonly SceneWarning[]
}

const FOOT = 0.012

/** Makes a robot of a description; the base frame is put on the floor below the wheels. */
export function robotOfUrdf(description: RobotDescription, parameters: DriveParameters): DrivableRobot {
  const poses = linkPoses(description)
  const [left, right] = wheelsOf(description, poses)
  const lift = left.radius - left.position.z
  const lifted = (pose: Transform): Transform => ({ position: { ...pose.position, z: pose.position.z + lift }, rotation: pose.rotation })
  const mountOf = (link: string): Transform => {
    const pose = poses.get(link)
    if (pose === undefined) throw new EngineError('run/bad-input', `The robot has no link \`${link}\` for its sensor`, { link })
    return lifted(pose)
  }
  const pieces = [...description.links.values()].flatMap(({ name, inertial }) =>
    inertial === undefined ? [] : [{ pose: lifted(poses.get(name) ?? identity), inertial }],
  )
  const inertial = joinInertials(pieces)
  const colliders = bodyColliders(description, poses, new Set([left.joint.child, right.joint.child]), lift)
  const reaches = colliders.map(reachOf)
  const plan = Math.max(...reaches.map((reach) => reach.plan))
  const axleX = left.position.x
  const { feet, warnings } = feetFor(description, inertial.pose.position.x - axleX, axleX, plan)
  const drive: DriveSpec = {
    wheelRadius: left.radius,
    track: left.position.y - right.position.y,
    axleX,
    wheelInertia: Math.max(1e-5, description.links.get(left.joint.child)?.inertial?.izz ?? 0) * 20,
    tyreFriction: parameters.tyreFriction,
    rollingResistance: 0.02,
    stallTorque: parameters.stallTorque,
    freeSpeed: parameters.freeSpeed,
    loadShare: 0.85,
  }
  const robot = checkRobot({
    name: description.name,
    colliders: [...colliders, ...supports([[axleX, left.position.y, left.radius], [axleX, right.position.y, right.radius], ...feet])],
    inertial,
    footprintRadius: plan,
    height: Math.max(...reaches.map((reach) => reach.top)),
    drive,
    limits: parameters.limits,
    odometry: usualOdometry,
    imu: usualImu,
    battery: parameters.battery,
    mounts: { lidar: mountOf(parameters.lidarLink), camera: mountOf(parameters.cameraLink), imu: mountOf(parameters.imuLink) },
  })
  return { robot, warnings: [...description.warnings, ...warnings] }
}

/** Small frictionless feet before and behind the axle. A robot that balances on its axle would tip when it brakes. */
function feetFor(
  description: RobotDescription,
  centreAhead: number,
  axleX: number,
  plan: number,
): { readonly feet: [number, number, number][]; readonly warnings: SceneWarning[] } {
  const feet: [number, number, number][] = [
    [axleX + 0.25 * plan, 0, FOOT],
    [axleX - 0.6 * plan, 0, FOOT],
  ]
  const lies = `${Math.abs(centreAhead * 1000).toFixed(0)} mm ${centreAhead < 0 ? 'behind' : 'before'} its axle`
  const message = `The robot's centre of mass lies ${lies}: invisible sliding feet before and behind it keep it from tipping`
  return { feet, warnings: [{ code: 'replaced-value', where: `robot[${description.name}]`, message }] }
}
