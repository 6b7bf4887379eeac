// The leaves of SDF: poses, inertia, geometry, surfaces, lights. One function per element; each takes the element and the
// place that errors and warnings name.

import { EngineError } from '../errors.ts'
import { fromAxisAngle, identityQuat, type Quat } from '../math/quat.ts'
import { fromXyzRpy, identity, type Transform } from '../math/transform.ts'
import { acos } from '../math/trig.ts'
import { cross, dot, normalize, type Vec3 } from '../math/vec3.ts'
import { checkInertial, isPhysicalInertia } from '../scene/check-scene.ts'
import type { Inertial, Light, LinearColour, Material, Shape } from '../scene/scene.ts'
import type { MeshLibrary } from './mesh-library.ts'
import { booleanFrom, numberFrom, numbersFrom } from './numbers.ts'
import type { Warnings } from './warnings.ts'
import { childOf, descend, type XmlElement } from './xml.ts'

/** What every part of the reader needs. */
export interface SdfContext {
  readonly warnings: Warnings
  readonly meshes: MeshLibrary
  /** The path of a URI inside the import, whether or not a file is there. */
  resolve(uri: string, file: string): string
}

/** The pose of an element: identity when it states none. Poses relative to other frames are not followed, and said so. */
export function poseOf(element: XmlElement, where: string, warnings: Warnings): Transform {
  const pose = childOf(element, 'pose')
  if (pose === undefined || pose.text.trim() === '') return identity
  const frame = pose.attributes.relative_to ?? pose.attributes.frame ?? ''
  if (frame !== '' && frame !== '__model__' && frame !== 'world')
    warnings.add('unsupported-value', `${where}/pose`, `A pose relative to \`${frame}\` was read as relative to its parent`)
  if ((pose.attributes.rotation_format ?? 'euler_rpy') !== 'euler_rpy') return quaternionPose(pose, where)
  const [x = 0, y = 0, z = 0, roll = 0, pitch = 0, yaw = 0] = numbersFrom(pose.text, 6, `${where}/pose`)
  const k = booleanFrom(pose.attributes.degrees, false) ? Math.PI / 180 : 1
  return fromXyzRpy(x, y, z, roll * k, pitch * k, yaw * k)
}

function quaternionPose(pose: XmlElement, where: string): Transform {
  const [x = 0, y = 0, z = 0, qx = 0, qy = 0, qz = 0, qw = 1] = numbersFrom(pose.text, 7, `${where}/pose`)
  return { position: { x, y, z }, rotation: { x: qx, y: qy, z: qz, w: qw } }
}

/** The mass properties of a link; undefined when it states none. A fixed link may state impossible ones, and is warned about. */
export function inertialOf(link: XmlElement, where: string, isFixed: boolean, warnings: Warnings): Inertial | undefined {
  const element = childOf(link, 'inertial')
  if (element === undefined) return undefined
  const place = `${where}/inertial`
  const tensor = childOf(element, 'inertia')
  const mass = numberFrom(childOf(element, 'mass')?.text ?? '1', `${place}/mass`)
  if (mass <= 0) throw new EngineError('mass/not-positive', `A mass is ${mass} kg; it must be above 0 (${place})`, { where: place })
  const moment = (name: string, usual: string): number => numberFrom(childOf(tensor, name)?.text ?? usual, `${place}/inertia/${name}`)
  const [ixx, iyy, izz] = [moment('ixx', '1'), moment('iyy', '1'), moment('izz', '1')]
  const inertial = {
    mass,
    pose: poseOf(element, place, warnings),
    ixx,
    iyy,
    izz,
    ixy: moment('ixy', '0'),
    ixz: moment('ixz', '0'),
    iyz: moment('iyz', '0'),
  }
  if (!isFixed) checkInertial(inertial, place)
  else if (!isPhysicalInertia(inertial))
    warnings.add('replaced-value', place, 'The inertia belongs to no real body; the model is static, so it was left out')
  return inertial
}

/** The rotation that takes +Z to a direction. */
function fromZ(direction: Vec3): Quat {
  const n = normalize(direction)
  const axis = cross({ x: 0, y: 0, z: 1 }, n)
  const size = Math.sqrt(dot(axis, axis))
  if (size < 1e-9) return n.z >= 0 ? identityQuat : { x: 1, y: 0, z: 0, w: 0 }
  return fromAxisAngle({ x: axis.x / size, y: axis.y / size, z: axis.z / size }, acos(n.z))
}

/** A shape with the turn that its geometry needs against the frame of its collision. */
export interface ReadShape {
  readonly shape: Shape
  readonly turn: Quat
}

/** Reads a geometry; null, with a warning, when its kind is not supported. Throws for missing and broken meshes. */
export function shapeOf(geometry: XmlElement | undefined, where: string, file: string, context: SdfContext): ReadShape | null {
  const element = geometry?.children[0]
  if (element === undefined) throw new EngineError('value/missing', `A geometry is empty (${where})`, { where })
  const place = `${where}/${element.name}`
  const number = (name: string): number => numberFrom(childOf(element, name)?.text, `${place}/${name}`)
  const straight = (shape: Shape): ReadShape => ({ shape, turn: identityQuat })
  switch (element.name) {
    case 'box': {
      const [x = 0, y = 0, z = 0] = numbersFrom(childOf(element, 'size')?.text, 3, `${place}/size`)
      return straight({ kind: 'box', size: { x, y, z } })
    }
    case 'cylinder':
      return straight({ kind: 'cylinder', radius: number('radius'), length: number('length') })
    case 'sphere':
      return straight({ kind: 'sphere', radius: number('radius') })
    case 'plane':
      return planeShape(element, place)
    case 'mesh':
      return straight(meshShape(element, place, file, context))
    default:
      context.warnings.add('unsupported-element', place, `The geometry <${element.name}> is not simulated: the shape was left out`)
      return null
  }
}

function planeShape(element: XmlElement, place: string): ReadShape {
  const [x = 0, y = 0, z = 1] = numbersFrom(childOf(element, 'normal')?.text ?? '0 0 1', 3, `${place}/normal`)
  const [width = 1, depth = 1] = numbersFrom(childOf(element, 'size')?.text ?? '1 1', 2, `${place}/size`)
  return { shape: { kind: 'plane', size: { x: width, y: depth } }, turn: fromZ({ x, y, z }) }
}

function meshShape(element: XmlElement, place: string, file: string, context: SdfContext): Shape {
  const uri = childOf(element, 'uri')?.text.trim() ?? ''
  context.warnings.unsupported(element, place, ['uri', 'scale'])
  const [x = 1, y = 1, z = 1] = numbersFrom(childOf(element, 'scale')?.text ?? '1 1 1', 3, `${place}/scale`)
  return { kind: 'mesh', ...context.meshes.load(context.resolve(uri, file), [x, y, z]) }
}

/** Friction and restitution of a collision; defaults 0.6 and 0. What of a surface is not simulated is warned about. */
export function surfaceOf(
  collision: XmlElement,
  where: string,
  warnings: Warnings,
): { readonly friction: number; readonly restitution: number } {
  const surface = childOf(collision, 'surface')
  if (surface === undefined) return { friction: 0.6, restitution: 0 }
  const ode = descend(surface, 'friction', 'ode')
  const mu = numberFrom(childOf(ode, 'mu')?.text ?? '0.6', `${where}/surface/friction/ode/mu`)
  const mu2 = numberFrom(childOf(ode, 'mu2')?.text ?? String(mu), `${where}/surface/friction/ode/mu2`)
  if (mu < 0 || mu2 < 0)
    throw new EngineError('value/out-of-range', `Friction is ${Math.min(mu, mu2)}; it must be 0 or more (${where})`, { where })
  if (mu !== mu2)
    warnings.add(
      'replaced-value',
      `${where}/surface/friction/ode/mu2`,
      `Friction that depends on the direction (${mu}, ${mu2}) was replaced by its mean`,
    )
  warnings.unlessIdle(ode, `${where}/surface/friction/ode`, { fdir1: '', slip1: '', slip2: '' })
  const torsional = descend(surface, 'friction', 'torsional')
  if (torsional !== undefined)
    warnings.add('unsupported-element', `${where}/surface/friction/torsional`, '<torsional> friction is not simulated: it was left out')
  warnings.unsupported(surface, `${where}/surface`, ['friction', 'bounce'])
  const bounce = descend(surface, 'bounce', 'restitution_coefficient')
  return { friction: (mu + mu2) / 2, restitution: bounce === undefined ? 0 : numberFrom(bounce.text, `${where}/surface/bounce`) }
}

/** sRGB from 0 to 1 to linear; a cube and a square stand in for the power, well within what eyes tell apart. */
const linear = (v: number): number => v * v * (0.3 * v + 0.7)

/** A colour `r g b a` from a file, from sRGB to linear. */
export function colourFrom(text: string | undefined, where: string): LinearColour | null {
  if (text === undefined) return null
  const [r = 0, g = 0, b = 0] = (text.trim().split(/\s+/).length === 3 ? numbersFrom(text, 3, where) : numbersFrom(text, 4, where)).map(
    (v) => linear(Math.min(1, Math.max(0, v))),
  )
  return { r, g, b }
}

/** The look of a visual, or `otherwise` when it states none that is known. */
export function materialOf(visual: XmlElement, where: string, otherwise: Material, warnings: Warnings): Material {
  const material = childOf(visual, 'material')
  if (material === undefined) return otherwise
  const baseColor = colourFrom((childOf(material, 'diffuse') ?? childOf(material, 'ambient'))?.text, `${where}/material`)
  if (baseColor !== null) return { baseColor, texture: 'none', textureScale: 1 }
  warnings.unsupported(material, `${where}/material`, [])
  return otherwise
}

/** A lamp of the world; null, with a warning, for kinds that are not drawn. */
export function lightOf(element: XmlElement, where: string, warnings: Warnings): Light | null {
  const kind = element.attributes.type ?? 'point'
  const name = element.attributes.name ?? 'light'
  const colour = colourFrom(childOf(element, 'diffuse')?.text ?? '1 1 1 1', `${where}/diffuse`) ?? { r: 1, g: 1, b: 1 }
  const castShadow = booleanFrom(childOf(element, 'cast_shadows')?.text, false)
  const { position } = poseOf(element, where, warnings)
  warnings.unsupported(element, where, ['pose', 'diffuse', 'specular', 'attenuation', 'cast_shadows', 'direction', 'intensity'])
  const [x = 0, y = 0, z = -1] = numbersFrom(childOf(element, 'direction')?.text ?? '0 0 -1', 3, `${where}/direction`)
  if (kind === 'directional') return { kind, name, direction: normalize({ x, y, z }), intensity: 1, colour, castShadow }
  if (kind !== 'point') {
    warnings.add('unsupported-value', where, `A light of type \`${kind}\` is not drawn: it was left out`)
    return null
  }
  const range = numberFrom(descend(element, 'attenuation', 'range')?.text ?? '20', `${where}/attenuation/range`)
  return { kind, name, position, intensity: lampIntensity(element, where, position.z), range, colour, castShadow }
}

/** Gazebo fades with constant, linear and quadratic parts; this is the square-law lamp that is as bright on the floor below. */
function lampIntensity(element: XmlElement, where: string, height: number): number {
  const factor = (name: string, usual: string): number =>
    numberFrom(descend(element, 'attenuation', name)?.text ?? usual, `${where}/attenuation/${name}`)
  const d = Math.max(1, Math.abs(height))
  const fade = factor('constant', '1') + factor('linear', '0') * d + factor('quadratic', '0') * d * d
  return (d * d) / Math.max(0.05, fade)
}
