// URDF robots: links with inertia and collision shapes, joints with their frames. The file is untrusted: joints may lead
// nowhere or in circles, masses may be negative, numbers may be anything.

import { EngineError } from '../errors.ts'
import { fromXyzRpy, identity, type Transform } from '../math/transform.ts'
import type { Vec3 } from '../math/vec3.ts'
import { checkInertial } from '../scene/check-scene.ts'
import type { Collider, Inertial, Material, SceneWarning, Shape } from '../scene/scene.ts'
import { materials } from '../worlds/materials.ts'
import { type FileSource, normalPath, readText } from './file-source.ts'
import { MeshLibrary } from './mesh-library.ts'
import { numberFrom, numbersFrom } from './numbers.ts'
import { colourFrom } from './sdf-parts.ts'
import { Warnings } from './warnings.ts'
import { Xacro, type XacroArguments } from './xacro.ts'
import { childOf, childrenOf, parseXml, type XmlElement } from './xml.ts'

/** A rigid piece of a robot. */
export interface UrdfLink {
  readonly name: string
  readonly inertial?: Inertial
  readonly colliders: readonly Collider[]
}

/** How two links hang together; `axis` is in the child's frame. */
export interface UrdfJoint {
  readonly name: string
  readonly kind: 'fixed' | 'continuous' | 'revolute' | 'prismatic' | 'floating' | 'planar'
  readonly parent: string
  readonly child: string
  readonly origin: Transform
  /** Unit length. */
  readonly axis: Vec3
  /** Least and most, radians or metres; revolute and prismatic joints have them. */
  readonly limits?: readonly [number, number]
  /** What its motor can: newton metres (newtons) and radians (metres) per second, where the file says so. */
  readonly effort?: number
  readonly velocity?: number
  readonly damping: number
  readonly friction: number
}

/** A robot as its file describes it. */
export interface RobotDescription {
  readonly name: string
  readonly root: string
  readonly links: ReadonlyMap<string, UrdfLink>
  /** From the root outwards. */
  readonly joints: readonly UrdfJoint[]
  /** Newton metres of a wheel's motor, as a differential-drive plugin states them. */
  readonly wheelTorque?: number
  readonly warnings: readonly SceneWarning[]
}

const linksMax = 1000
const kinds = ['fixed', 'continuous', 'revolute', 'prismatic', 'floating', 'planar'] as const

class UrdfReader {
  readonly warnings = new Warnings()
  readonly #file: string
  readonly #xacro: Xacro
  readonly #files: FileSource
  readonly #meshes: MeshLibrary
  readonly #materials = new Map<string, Material>()

  constructor(root: XmlElement, files: FileSource, file: string, given: XacroArguments) {
    this.#file = file
    this.#files = files
    this.#xacro = new Xacro(root, given, file)
    this.#meshes = new MeshLibrary(files)
    for (const element of childrenOf(root, 'material')) this.#noteMaterial(element)
  }

  attribute(element: XmlElement | undefined, name: string): string | undefined {
    const text = element?.attributes[name]
    return text === undefined ? undefined : this.#xacro.expand(text)
  }

  #noteMaterial(element: XmlElement): void {
    const colour = colourFrom(this.attribute(childOf(element, 'color'), 'rgba'), `${this.#file}: material`)
    if (colour !== null) this.#materials.set(element.attributes.name ?? '', { baseColor: colour, texture: 'none', textureScale: 1 })
  }

  #origin(element: XmlElement, where: string): Transform {
    const origin = childOf(element, 'origin')
    if (origin === undefined) return identity
    const [x = 0, y = 0, z = 0] = numbersFrom(this.attribute(origin, 'xyz') ?? '0 0 0', 3, `${where}/origin`)
    const [roll = 0, pitch = 0, yaw = 0] = numbersFrom(this.attribute(origin, 'rpy') ?? '0 0 0', 3, `${where}/origin`)
    return fromXyzRpy(x, y, z, roll, pitch, yaw)
  }

  #inertial(link: XmlElement, where: string): Inertial | undefined {
    const element = childOf(link, 'inertial')
    if (element === undefined) return undefined
    const tensor = childOf(element, 'inertia')
    const number = (name: string, usual?: string): number =>
      numberFrom(this.attribute(tensor, name) ?? usual, `${where}/inertial/inertia/${name}`)
    const mass = numberFrom(this.attribute(childOf(element, 'mass'), 'value'), `${where}/inertial/mass`)
    const [ixx, iyy, izz] = [number('ixx'), number('iyy'), number('izz')]
    const inertial = {
      mass,
      pose: this.#origin(element, `${where}/inertial`),
      ixx,
      iyy,
      izz,
      ixy: number('ixy', '0'),
      ixz: number('ixz', '0'),
      iyz: number('iyz', '0'),
    }
    checkInertial(inertial, `${where}/inertial`)
    return inertial
  }

  link(element: XmlElement): UrdfLink {
    const name = this.attribute(element, 'name') ?? ''
    const where = `${this.#file}: link[${name}]`
    this.warnings.unsupported(element, where, ['inertial', 'collision', 'visual'])
    const visuals = childrenOf(element, 'visual').map((visual) => this.#visual(visual, where))
    const areDrawn = visuals.length > 0 && visuals.every((visual) => visual !== null)
    const solids = childrenOf(element, 'collision').flatMap((collision) => {
      const look = this.#look(childOf(element, 'visual'))
      return this.#part(collision, `${where}/collision`, { material: look, friction: 0.4, restitution: 0, solid: true, drawn: !areDrawn })
    })
    const inertial = this.#inertial(element, where)
    const colliders = areDrawn ? [...solids, ...visuals.flatMap((visual) => visual ?? [])] : solids
    return { name, colliders, ...(inertial === undefined ? {} : { inertial }) }
  }

  #look(visual: XmlElement | undefined): Material {
    const material = childOf(visual, 'material')
    if (material !== undefined) this.#noteMaterial(material)
    return this.#materials.get(material?.attributes.name ?? '') ?? materials.grey
  }

  #visual(visual: XmlElement, where: string): Collider[] | null {
    const mesh = childOf(childOf(visual, 'geometry'), 'mesh')
    const uri = this.attribute(mesh, 'filename')
    if (uri !== undefined && !this.#meshes.has(this.#path(uri))) {
      this.warnings.add('missing-visual', `${where}/visual`, `The visual mesh \`${uri}\` is not there: collision shapes are drawn instead`)
      return null
    }
    return this.#part(visual, `${where}/visual`, { material: this.#look(visual), friction: 0, restitution: 0, solid: false, drawn: true })
  }

  #path(uri: string): string {
    const raw = uri.replace(/^(?:package|file|model):\/\//, '')
    const folder = this.#file.slice(0, Math.max(0, this.#file.lastIndexOf('/')))
    const candidates = [normalPath(raw), normalPath(`${folder}/${raw}`)]
    return candidates.find((path) => path !== null && this.#files.read(path) !== null) ?? candidates[0] ?? raw
  }

  #part(element: XmlElement, where: string, rest: Omit<Collider, 'shape' | 'pose'>): Collider[] {
    const shape = this.#shape(childOf(element, 'geometry'), where)
    return shape === null ? [] : [{ ...rest, shape, pose: this.#origin(element, where) }]
  }

  #shape(geometry: XmlElement | undefined, where: string): Shape | null {
    const element = geometry?.children[0]
    if (element === undefined) throw new EngineError('value/missing', `A geometry is empty (${where})`, { where })
    const number = (name: string): number => numberFrom(this.attribute(element, name), `${where}/${element.name}/${name}`)
    switch (element.name) {
      case 'box': {
        const [x = 0, y = 0, z = 0] = numbersFrom(this.attribute(element, 'size'), 3, `${where}/box/size`)
        return { kind: 'box', size: { x, y, z } }
      }
      case 'cylinder':
        return { kind: 'cylinder', radius: number('radius'), length: number('length') }
      case 'sphere':
        return { kind: 'sphere', radius: number('radius') }
      case 'mesh': {
        const [x = 1, y = 1, z = 1] = numbersFrom(this.attribute(element, 'scale') ?? '1 1 1', 3, `${where}/mesh/scale`)
        return { kind: 'mesh', ...this.#meshes.load(this.#path(this.attribute(element, 'filename') ?? ''), [x, y, z]) }
      }
      default:
        this.warnings.add(
          'unsupported-element',
          `${where}/${element.name}`,
          `The geometry <${element.name}> is not simulated: the shape was left out`,
        )
        return null
    }
  }

  joint(element: XmlElement, links: ReadonlyMap<string, UrdfLink>): UrdfJoint {
    const name = this.attribute(element, 'name') ?? ''
    const where = `${this.#file}: joint[${name}]`
    this.warnings.unsupported(element, where, ['parent', 'child', 'origin', 'axis', 'limit', 'dynamics'])
    const stated = element.attributes.type
    const kind = kinds.find((known) => known === stated)
    if (kind === undefined) throw new EngineError('urdf/not-urdf', `Joint \`${name}\` has the unknown type \`${stated}\``, { joint: name })
    const [parent, child] = ['parent', 'child'].map((side) => this.attribute(childOf(element, side), 'link') ?? '')
    for (const end of [parent ?? '', child ?? ''])
      if (!links.has(end))
        throw new EngineError('urdf/joint-to-nowhere', `Joint \`${name}\` leads to \`${end}\`, which is no link of this robot`, {
          joint: name,
          link: end,
        })
    if (kind === 'floating' || kind === 'planar')
      this.warnings.add('unsupported-value', where, `A ${kind} joint is not simulated: \`${child}\` is held where it is at rest`)
    return {
      name,
      kind,
      parent: parent ?? '',
      child: child ?? '',
      origin: this.#origin(element, where),
      ...this.#freedom(element, kind, where),
    }
  }

  #freedom(element: XmlElement, kind: UrdfJoint['kind'], where: string): Omit<UrdfJoint, 'name' | 'kind' | 'parent' | 'child' | 'origin'> {
    const [x = 1, y = 0, z = 0] = numbersFrom(this.attribute(childOf(element, 'axis'), 'xyz') ?? '1 0 0', 3, `${where}/axis`)
    const length = Math.sqrt(x * x + y * y + z * z)
    if (!(length > 1e-9)) throw new EngineError('value/out-of-range', `The axis of a joint points nowhere (${where})`, { where })
    const [limit, dynamics] = [childOf(element, 'limit'), childOf(element, 'dynamics')]
    const positive = (from: XmlElement | undefined, name: string): number | undefined => {
      const text = this.attribute(from, name)
      if (text === undefined) return undefined
      const value = numberFrom(text, `${where}/${name}`)
      if (value < 0)
        throw new EngineError('value/out-of-range', `A joint's ${name} is ${value}; it must be 0 or more (${where})`, { where })
      return value
    }
    const [effort, velocity] = [positive(limit, 'effort'), positive(limit, 'velocity')]
    return {
      axis: { x: x / length, y: y / length, z: z / length },
      ...(kind === 'revolute' || kind === 'prismatic' ? { limits: this.#limits(limit, where) } : {}),
      ...(effort === undefined ? {} : { effort }),
      ...(velocity === undefined ? {} : { velocity }),
      damping: positive(dynamics, 'damping') ?? 0,
      friction: positive(dynamics, 'friction') ?? 0,
    }
  }

  /** Both ends of a joint's way; each is 0 where it is left out (as the format says), but one of them must be there. */
  #limits(limit: XmlElement | undefined, where: string): readonly [number, number] {
    const [low, high] = ['lower', 'upper'].map((name) => numberFrom(this.attribute(limit, name) ?? '0', `${where}/limit/${name}`))
    if (limit === undefined) throw new EngineError('value/missing', `A joint of limited way states no <limit> (${where})`, { where })
    if (low === undefined || high === undefined || low > high)
      throw new EngineError('value/out-of-range', `A joint's limits are ${low} to ${high} (${where})`, { where })
    return [low, high]
  }
}

/** The root link and the joints from it outwards; refuses circles, second parents and parts that hang on nothing. */
function orderJoints(
  links: ReadonlyMap<string, UrdfLink>,
  joints: readonly UrdfJoint[],
): { readonly root: string; readonly ordered: UrdfJoint[] } {
  const parents = new Map<string, UrdfJoint>()
  for (const joint of joints) {
    if (parents.has(joint.child))
      throw new EngineError('urdf/cyclic-joints', `Link \`${joint.child}\` hangs on two joints`, { link: joint.child })
    parents.set(joint.child, joint)
  }
  const roots = [...links.keys()].filter((name) => !parents.has(name))
  const [root] = roots
  if (root === undefined) throw new EngineError('urdf/cyclic-joints', 'The joints of the robot form a circle: no link is the root')
  if (roots.length > 1)
    throw new EngineError('urdf/joint-to-nowhere', `Links \`${roots.join('`, `')}\` hang on nothing: a robot has one root`, {
      links: roots.join(' '),
    })
  const ordered: UrdfJoint[] = []
  const reached = new Set([root])
  for (let found = true; found; ) {
    const next = joints.filter((joint) => reached.has(joint.parent) && !reached.has(joint.child))
    for (const joint of next) {
      ordered.push(joint)
      reached.add(joint.child)
    }
    found = next.length > 0
  }
  if (ordered.length < joints.length) throw new EngineError('urdf/cyclic-joints', 'Some joints of the robot form a circle')
  return { root, ordered }
}

/** What Gazebo's differential-drive plugins say of a wheel's motor. */
function wheelTorqueOf(root: XmlElement, file: string): number | undefined {
  const plugins = childrenOf(root, 'gazebo').flatMap((element) => childrenOf(element, 'plugin'))
  const stated = plugins
    .map((plugin) => childOf(plugin, 'max_wheel_torque') ?? childOf(plugin, 'wheelTorque'))
    .find((it) => it !== undefined)
  if (stated === undefined) return undefined
  const torque = numberFrom(stated.text, `${file}: gazebo/plugin/${stated.name}`)
  if (torque < 0) throw new EngineError('value/out-of-range', `A wheel's torque is ${torque}; it must be 0 or more (${file})`, { file })
  return torque > 0 ? torque : undefined
}

/** Reads a URDF file out of a source. `given` fills its xacro arguments, as `namespace`. Throws coded errors. */
export function readUrdf(files: FileSource, file: string, given: XacroArguments = {}): RobotDescription {
  const text = readText(files, file)
  if (text === null) throw new EngineError('sdf/include-missing', `The robot \`${file}\` is not there`, { file })
  const root = parseXml(text, file)
  if (root.name !== 'robot') throw new EngineError('urdf/not-urdf', `\`${file}\` is not URDF: its root is <${root.name}>`, { file })
  const reader = new UrdfReader(root, files, file, given)
  reader.warnings.unsupported(root, `${file}: robot`, ['link', 'joint', 'material', 'xacro:arg', 'xacro:property'])
  const elements = childrenOf(root, 'link')
  if (elements.length === 0 || elements.length > linksMax)
    throw new EngineError('urdf/not-urdf', `\`${file}\` has ${elements.length} links; 1 to ${linksMax} are read`, { file })
  const links = new Map(elements.map((element) => reader.link(element)).map((link) => [link.name, link]))
  const joints = childrenOf(root, 'joint').map((element) => reader.joint(element, links))
  const { root: rootLink, ordered } = orderJoints(links, joints)
  const torque = wheelTorqueOf(root, file)
  const name = root.attributes.name ?? 'robot'
  return {
    name,
    root: rootLink,
    links,
    joints: ordered,
    ...(torque === undefined ? {} : { wheelTorque: torque }),
    warnings: reader.warnings.list(),
  }
}
