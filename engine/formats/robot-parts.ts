// Which links of a robot move against which: links on fixed joints are one piece, and each movable joint begins another. A joint that cannot
// be simulated is held where it is at rest, and a warning says so. Trusts a description whose joints form a tree (urdf.ts).

import { rotate } from '../math/quat.ts'
import { compose, identity, type Transform } from '../math/transform.ts'
import { add, subtract, type Vec3, zero3 } from '../math/vec3.ts'
import type { RobotPart } from '../robot/robot-spec.ts'
import type { SceneJoint, SceneWarning } from '../scene/scene.ts'
import { joinInertials } from './join-inertials.ts'
import type { RobotDescription, UrdfJoint } from './urdf.ts'

/** Poses of all links in the root's frame, with every joint at 0. */
export function linkPoses(robot: RobotDescription): Map<string, Transform> {
  const poses = new Map<string, Transform>([[robot.root, identity]])
  for (const joint of robot.joints) poses.set(joint.child, compose(poses.get(joint.parent) ?? identity, joint.origin))
  return poses
}

/** The pieces of a robot beside its base. */
export interface RobotPieces {
  /** Links that are one with the base. */
  readonly base: ReadonlySet<string>
  readonly parts: readonly RobotPart[]
  readonly joints: readonly SceneJoint[]
  readonly warnings: readonly SceneWarning[]
}

/** The link that each link's piece begins with. */
function pieceOf(robot: RobotDescription, movable: ReadonlySet<UrdfJoint>): Map<string, string> {
  const pieces = new Map([[robot.root, robot.root]])
  for (const joint of robot.joints) pieces.set(joint.child, movable.has(joint) ? joint.child : (pieces.get(joint.parent) ?? robot.root))
  return pieces
}

/** Why a joint has to be held still, if it has. */
function obstacle(robot: RobotDescription, links: readonly string[], sensors: readonly string[]): string | undefined {
  const sensor = links.find((link) => sensors.includes(link))
  if (sensor !== undefined) return `it carries the sensor link \`${sensor}\`, whose mount is fixed`
  if (links.every((link) => robot.links.get(link)?.inertial === undefined)) return 'what hangs on it states no mass'
  return undefined
}

/** Takes a robot apart at its movable joints. `wheels` stay with the base; `sensors` are links that must not move; `lift` raises all links. */
export function takeApart(robot: RobotDescription, wheels: ReadonlySet<string>, sensors: readonly string[], lift: number): RobotPieces {
  const movable = new Set(
    robot.joints.filter(({ kind, child }) => (kind === 'revolute' || kind === 'continuous' || kind === 'prismatic') && !wheels.has(child)),
  )
  const warnings: SceneWarning[] = []
  let pieces = pieceOf(robot, movable)
  const linksOf = (piece: string): string[] => [...pieces].filter(([, first]) => first === piece).map(([link]) => link)
  for (const joint of movable) {
    const reason = obstacle(robot, linksOf(joint.child), sensors)
    if (reason === undefined) continue
    movable.delete(joint)
    pieces = pieceOf(robot, movable)
    warnings.push({ code: 'replaced-value', where: `joint[${joint.name}]`, message: `The joint is held at rest: ${reason}` })
  }
  const firsts = [robot.root, ...robot.joints.filter((joint) => movable.has(joint)).map(({ child }) => child)]
  const poses = linkPoses(robot)
  const placeOf = (first: string): Vec3 =>
    first === robot.root ? zero3 : add((poses.get(first) ?? identity).position, { x: 0, y: 0, z: lift })
  const joints = robot.joints.flatMap((joint): SceneJoint[] => {
    const { name, kind, limits, damping, friction, child } = joint
    if (!movable.has(joint) || (kind !== 'revolute' && kind !== 'continuous' && kind !== 'prismatic')) return []
    const parent = pieces.get(joint.parent) ?? robot.root
    const axis = rotate((poses.get(child) ?? identity).rotation, joint.axis)
    const ends = { parent: firsts.indexOf(parent), child: firsts.indexOf(child), anchor: subtract(placeOf(child), placeOf(parent)) }
    return [{ name, kind, ...ends, axis, damping, friction, ...(limits === undefined ? {} : { limits }) }]
  })
  const parts = firsts.slice(1).map((first) => partOf(robot, first, linksOf(first), poses, placeOf(first), lift))
  return { base: new Set(linksOf(robot.root)), parts, joints, warnings }
}

function partOf(
  robot: RobotDescription,
  name: string,
  links: readonly string[],
  poses: ReadonlyMap<string, Transform>,
  position: Vec3,
  lift: number,
): RobotPart {
  const inPart = (link: string): Transform => {
    const { position: place, rotation } = poses.get(link) ?? identity
    return { position: subtract({ ...place, z: place.z + lift }, position), rotation }
  }
  const held = links.flatMap((link) => robot.links.get(link) ?? [])
  const inertial = joinInertials(
    held.flatMap((link) => (link.inertial === undefined ? [] : [{ pose: inPart(link.name), inertial: link.inertial }])),
  )
  const colliders = held.flatMap((link) =>
    link.colliders.map((collider) => ({ ...collider, pose: compose(inPart(link.name), collider.pose) })),
  )
  return { name, position, inertial, colliders }
}
