// Joints of one SDF model: links on fixed joints become one body, and what hangs on a joint that turns or slides becomes a body whose frame lies at
// that joint, as scenes want it (SceneJoint). Joints of other kinds are named in a warning. The file is untrusted: joints may lead nowhere or in
// circles. Poses of the bodies are trusted (sdf.ts has read them).

import { EngineError } from '../errors.ts'
import { conjugate, rotate } from '../math/quat.ts'
import { applyInverse, compose, identity, invert, type Transform } from '../math/transform.ts'
import { normalize, type Vec3 } from '../math/vec3.ts'
import type { Body, SceneJoint } from '../scene/scene.ts'
import { joinInertials } from './join-inertials.ts'
import { booleanFrom, numberFrom, numbersFrom } from './numbers.ts'
import { poseOf } from './sdf-parts.ts'
import type { Warnings } from './warnings.ts'
import { childOf, childrenOf, type XmlElement } from './xml.ts'

/** A model whose links have been read: its pose, and the body of each link, null for a link that has no shape. */
export interface LinkedModel {
  readonly element: XmlElement
  readonly pose: Transform
  readonly links: ReadonlyMap<string, Body | null>
  readonly where: string
}

/** What is left of a model's bodies, and how they hang together: by place among them. */
export interface JointedBodies {
  readonly bodies: readonly Body[]
  readonly joints: readonly SceneJoint[]
}

const kinds = ['fixed', 'revolute', 'continuous', 'prismatic'] as const
/** Limits from here on are how the format says that there are none. */
const noLimit = 1e6

interface JointElement {
  readonly element: XmlElement
  readonly where: string
  readonly kind: (typeof kinds)[number]
  readonly parent: string
  readonly child: string
}

/** Reads the joints of a model whose bodies may move, and joins or rebases the bodies. */
export function joinLinks(model: LinkedModel, warnings: Warnings): JointedBodies {
  const pieces = new Pieces(model, warnings)
  for (const joint of inOrder(readJoints(model, warnings), model.where)) pieces.add(joint)
  return pieces.end()
}

function readJoints(model: LinkedModel, warnings: Warnings): JointElement[] {
  const children = new Set<string>()
  return childrenOf(model.element, 'joint').flatMap((element): JointElement[] => {
    const name = element.attributes.name ?? ''
    const where = `${model.where}/joint[${name}]`
    const kind = kinds.find((known) => known === element.attributes.type)
    const [parent, child] = endsOf(element, name, model)
    const obstacle = children.has(child) ? `\`${child}\` hangs on another joint already` : obstacleOf(kind, parent, child, model)
    if (kind === undefined || obstacle !== undefined) {
      const why = obstacle ?? `its type is \`${element.attributes.type ?? ''}\``
      warnings.add('unsupported-element', where, `The joint is not simulated, and its links are not held together: ${why}`)
      return []
    }
    children.add(child)
    warnings.unsupported(element, where, ['parent', 'child', 'pose', 'axis'])
    return [{ element, where, kind, parent, child }]
  })
}

/** Parent and child of a joint; `sdf/joint-to-nowhere` where one of them is no link of the model. */
function endsOf(joint: XmlElement, name: string, { links, where }: LinkedModel): readonly [string, string] {
  const [parent = '', child = ''] = ['parent', 'child'].map((side) => childOf(joint, side)?.text.trim() ?? '')
  for (const end of [parent, child]) {
    if (!links.has(end) && end !== 'world' && !end.includes('::'))
      throw new EngineError('sdf/joint-to-nowhere', `Joint \`${name}\` leads to \`${end}\`, which is no link of its model (${where})`, {
        joint: name,
        link: end,
      })
  }
  return [parent, child]
}

/** Why a joint between two ends cannot be simulated, if it cannot. */
function obstacleOf(kind: JointElement['kind'] | undefined, parent: string, child: string, { links }: LinkedModel): string | undefined {
  const isHeld = parent === 'world' && kind === 'fixed'
  const absent = [...(isHeld ? [] : [parent]), child].find((end) => (links.get(end) ?? null) === null)
  return absent === undefined || kind === undefined ? undefined : `\`${absent}\` is no body of this model`
}

/** From the outermost parents inwards; `sdf/cyclic-joints` where there is no such order. */
function inOrder(joints: readonly JointElement[], where: string): JointElement[] {
  const ordered: JointElement[] = []
  let waiting = joints
  while (waiting.length > 0) {
    const hanging = new Set(waiting.map(({ child }) => child))
    const ready = waiting.filter(({ parent }) => !hanging.has(parent))
    if (ready.length === 0) throw new EngineError('sdf/cyclic-joints', `The joints of a model lead in a circle (${where})`, { where })
    ordered.push(...ready)
    waiting = waiting.filter((joint) => !ready.includes(joint))
  }
  return ordered
}

class Pieces {
  readonly #model: LinkedModel
  readonly #warnings: Warnings
  readonly #bodies: Map<string, Body>
  /** The link whose body each link has become part of. */
  readonly #pieceOf = new Map<string, string>()
  readonly #joints: { readonly joint: Omit<SceneJoint, 'parent' | 'child'>; readonly parent: string; readonly child: string }[] = []

  constructor(model: LinkedModel, warnings: Warnings) {
    this.#model = model
    this.#warnings = warnings
    this.#bodies = new Map([...model.links].flatMap(([name, body]) => (body === null ? [] : [[name, body] as const])))
  }

  add(joint: JointElement): void {
    const parent = this.#pieceOf.get(joint.parent) ?? joint.parent
    const [holder, body] = [this.#bodies.get(parent), this.#bodies.get(joint.child)]
    if (body === undefined) return
    if (joint.kind !== 'fixed' && holder !== undefined) this.#hang(joint, parent, holder, body)
    else if (holder === undefined) this.#bodies.set(joint.child, { ...body, motion: 'fixed' })
    else {
      this.#bodies.set(parent, joined(holder, body))
      this.#bodies.delete(joint.child)
      this.#pieceOf.set(joint.child, parent)
    }
  }

  /** Moves a body's frame to its joint, parallel to its parent's, and notes the joint. */
  #hang({ element, where, kind, child }: JointElement, parent: string, holder: Body, body: Body): void {
    const at = compose(this.#model.links.get(child)?.pose ?? identity, poseOf(element, where, this.#warnings))
    const pose = { position: at.position, rotation: holder.pose.rotation }
    this.#bodies.set(child, { ...moved(body, compose(invert(pose), body.pose)), pose })
    const axis = childOf(element, 'axis')
    const along = rotate(conjugate(pose.rotation), this.#axis(axis, at, where))
    const limits = limitsOf(childOf(axis, 'limit'), where, this.#warnings)
    const freedom = kind === 'revolute' && limits === undefined ? 'continuous' : kind === 'fixed' ? 'continuous' : kind
    const dynamics = childOf(axis, 'dynamics')
    this.#warnings.unsupported(axis ?? element, `${where}/axis`, [
      'xyz',
      'limit',
      'dynamics',
      'use_parent_model_frame',
      'parent',
      'child',
      'pose',
    ])
    this.#warnings.unlessIdle(dynamics, `${where}/axis/dynamics`, { spring_reference: '', spring_stiffness: '' })
    this.#joints.push({
      parent,
      child,
      joint: {
        name: `${this.#model.where.replace(/^.*model\[/, '').replace(/\]$/, '')}/${element.attributes.name ?? child}`,
        kind: freedom,
        anchor: applyInverse(holder.pose, at.position),
        axis: along,
        ...(limits === undefined || freedom === 'continuous' ? {} : { limits }),
        damping: resistance(dynamics, 'damping', where),
        friction: resistance(dynamics, 'friction', where),
      },
    })
  }

  /** The axis in the world: in the joint's frame, or in the model's where the file says so. */
  #axis(axis: XmlElement | undefined, at: Transform, where: string): Vec3 {
    const element = childOf(axis, 'xyz')
    const [x = 0, y = 0, z = 1] = numbersFrom(element?.text ?? '0 0 1', 3, `${where}/axis/xyz`)
    if (!(x * x + y * y + z * z > 1e-18))
      throw new EngineError('value/out-of-range', `The axis of a joint points nowhere (${where})`, { where })
    const inModel = booleanFrom(childOf(axis, 'use_parent_model_frame')?.text, false) || element?.attributes.expressed_in === '__model__'
    return rotate(inModel ? this.#model.pose.rotation : at.rotation, normalize({ x, y, z }))
  }

  end(): JointedBodies {
    const names = [...this.#bodies.keys()]
    const joints = this.#joints.map(({ joint, parent, child }) => ({
      ...joint,
      parent: names.indexOf(parent),
      child: names.indexOf(child),
    }))
    return { bodies: [...this.#bodies.values()], joints }
  }
}

/** A body in another frame: `by` is its old frame in the new one. */
function moved(body: Body, by: Transform): Body {
  const { inertial } = body
  return {
    ...body,
    colliders: body.colliders.map((collider) => ({ ...collider, pose: compose(by, collider.pose) })),
    ...(inertial === undefined ? {} : { inertial: { ...inertial, pose: compose(by, inertial.pose) } }),
  }
}

function joined(holder: Body, body: Body): Body {
  const by = compose(invert(holder.pose), body.pose)
  const inertials = [
    ...(holder.inertial === undefined ? [] : [{ pose: identity, inertial: holder.inertial }]),
    ...(body.inertial === undefined ? [] : [{ pose: by, inertial: body.inertial }]),
  ]
  return {
    ...holder,
    colliders: [...holder.colliders, ...moved(body, by).colliders],
    ...(inertials.length === 0 ? {} : { inertial: joinInertials(inertials) }),
  }
}

function limitsOf(limit: XmlElement | undefined, where: string, warnings: Warnings): readonly [number, number] | undefined {
  if (limit === undefined) return undefined
  // What a motor may do says nothing where there is no motor.
  warnings.unlessIdle(limit, `${where}/axis/limit`, { stiffness: '1e+08', dissipation: '1' })
  const end = (name: string, none: number): number => {
    const text = childOf(limit, name)?.text.trim() ?? ''
    return text === '' || /^[+-]?inf(?:inity)?$/i.test(text) ? none : numberFrom(text, `${where}/axis/limit/${name}`)
  }
  const [low, high] = [end('lower', -noLimit), end('upper', noLimit)]
  if (low <= -noLimit && high >= noLimit) return undefined
  if (low > high) throw new EngineError('value/out-of-range', `A joint's limits are the wrong way round (${where})`, { where })
  return [low, high]
}

function resistance(dynamics: XmlElement | undefined, name: string, where: string): number {
  const value = numberFrom(childOf(dynamics, name)?.text ?? '0', `${where}/axis/dynamics/${name}`)
  if (value < 0) throw new EngineError('value/out-of-range', `A joint's ${name} is ${value}; it must be 0 or more (${where})`, { where })
  return value
}
