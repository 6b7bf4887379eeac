// Makes a drivable robot of a URDF: links are joined at their rest positions, two continuous joints become the driven
// wheels, and what a URDF does not say (motors, noise, battery) comes from drive parameters. The wheels' own friction is the
// tyre model's; physics gets frictionless feet in their place.

import { EngineError } from '../errors.ts'
import { rotate } from '../math/quat.ts'
import { compose, identity, type Transform } from '../math/transform.ts'
import { add, type Vec3 } from '../math/vec3.ts'
import {
  checkRobot,
  type DriveSpec,
  type MotionLimits,
  type RobotPart,
  type RobotSpec,
  supports,
  usualImu,
  usualOdometry,
} from '../robot/robot-spec.ts'
import type { Collider, SceneWarning } from '../scene/scene.ts'
import { joinInertials } from './join-inertials.ts'
import { linkPoses, takeApart } from './robot-parts.ts'
import type { RobotDescription, UrdfJoint } from './urdf.ts'

/** What a URDF does not say. Its torque and speed serve where the file's wheel joints state no effort or velocity. */
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

interface Wheel {
  readonly joint: UrdfJoint
  readonly position: Vec3
  readonly radius: number
}

function wheelsOf(robot: RobotDescription, poses: ReadonlyMap<string, Transform>): readonly [Wheel, Wheel] {
  const wheels = robot.joints.flatMap((joint) => {
    const round = robot.links.get(joint.child)?.colliders.find(({ shape }) => shape.kind === 'cylinder' || shape.kind === 'sphere')?.shape
    const radius = round?.kind === 'cylinder' || round?.kind === 'sphere' ? round.radius : 0
    // What turns around the vertical is no wheel.
    const pose = poses.get(joint.child) ?? identity
    const isUpright = Math.abs(rotate(pose.rotation, joint.axis).z) > 0.7
    return joint.kind === 'continuous' && radius > 0 && !isUpright ? [{ joint, radius, position: pose.position }] : []
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

/** Colliders of the base's links in its frame; the wheels are only drawn, because feet carry the robot in their place. */
function bodyColliders(
  robot: RobotDescription,
  poses: ReadonlyMap<string, Transform>,
  links: ReadonlySet<string>,
  wheels: ReadonlySet<string>,
  lift: number,
): Collider[] {
  return [...robot.links.values()].flatMap((link) =>
    (links.has(link.name) ? link.colliders : []).map((collider) => {
      const placed = compose(poses.get(link.name) ?? identity, collider.pose)
      const pose = { position: { ...placed.position, z: placed.position.z + lift }, rotation: placed.rotation }
      return { ...collider, pose, friction: 0.05, solid: collider.solid && !wheels.has(link.name) }
    }),
  )
}

/** Colliders of a part in the base frame, with all joints at 0. */
const inBase = ({ position, colliders }: RobotPart): Collider[] =>
  colliders.map((collider) => ({ ...collider, pose: { ...collider.pose, position: add(collider.pose.position, position) } }))

/** What a wheel's motor can: the weaker wheel of the file's joints, then the file's drive plugin, then the drive parameters. */
function motorsOf(
  robot: RobotDescription,
  joints: readonly UrdfJoint[],
  usual: DriveParameters,
): Pick<DriveSpec, 'stallTorque' | 'freeSpeed'> {
  const least = (stated: readonly number[]): number | undefined => {
    const known = stated.filter((value) => value > 0)
    return known.length === 0 ? undefined : Math.min(...known)
  }
  return {
    stallTorque: least(joints.map(({ effort = 0 }) => effort)) ?? robot.wheelTorque ?? usual.stallTorque,
    freeSpeed: least(joints.map(({ velocity = 0 }) => velocity)) ?? usual.freeSpeed,
  }
}

function motorWarnings(robot: RobotDescription, joints: readonly UrdfJoint[]): SceneWarning[] {
  const missing = [
    ...(joints.some(({ effort = 0 }) => effort > 0) || robot.wheelTorque !== undefined ? [] : ['torque (effort)']),
    ...(joints.some(({ velocity = 0 }) => velocity > 0) ? [] : ['speed (velocity)']),
  ]
  if (missing.length === 0) return []
  const message = `The wheels' joints do not state the ${missing.join(' and ')} of their motors: the drive parameters' serve`
  return [{ code: 'replaced-value', where: `robot[${robot.name}]/wheels`, message }]
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
  const wheels = new Set([left.joint.child, right.joint.child])
  const sensors = [parameters.lidarLink, parameters.cameraLink, parameters.imuLink]
  const apart = takeApart(description, wheels, sensors, lift)
  const pieces = [...description.links.values()].flatMap(({ name, inertial }) =>
    inertial === undefined || !apart.base.has(name) ? [] : [{ pose: lifted(poses.get(name) ?? identity), inertial }],
  )
  const inertial = joinInertials(pieces)
  const colliders = bodyColliders(description, poses, apart.base, wheels, lift)
  const reaches = [...colliders, ...apart.parts.flatMap(inBase)].map(reachOf)
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
    ...motorsOf(description, [left.joint, right.joint], parameters),
    loadShare: 0.85,
  }
  const topSpeed = Math.min(parameters.limits.linear, drive.freeSpeed * left.radius)
  const robot = checkRobot({
    name: description.name,
    colliders: [...colliders, ...supports([[axleX, left.position.y, left.radius], [axleX, right.position.y, right.radius], ...feet])],
    inertial,
    footprintRadius: plan,
    height: Math.max(...reaches.map((reach) => reach.top)),
    drive,
    ...(apart.parts.length === 0 ? {} : { parts: apart.parts, joints: apart.joints }),
    limits: { ...parameters.limits, linear: topSpeed },
    odometry: usualOdometry,
    imu: usualImu,
    battery: parameters.battery,
    mounts: { lidar: mountOf(parameters.lidarLink), camera: mountOf(parameters.cameraLink), imu: mountOf(parameters.imuLink) },
  })
  return {
    robot,
    warnings: [...description.warnings, ...apart.warnings, ...motorWarnings(description, [left.joint, right.joint]), ...warnings],
  }
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
