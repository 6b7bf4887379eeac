// People of the warehouse: how one looks, and how one walks along a path of waypoints. A person is a kinematic body: it
// pushes and is not pushed. Where a person is depends on how far they have walked, so waiting for a robot is a pause.

import { EngineError } from '../errors.ts'
import { fromPlanar, type Transform } from '../math/transform.ts'
import { atan2 } from '../math/trig.ts'
import { at, boxPart, cylinderPart, part } from '../scene/parts.ts'
import type { Body, Collider } from '../scene/scene.ts'
import { materials } from './materials.ts'

/** A walker. */
export interface PersonSpec {
  readonly name: string
  /** Waypoints x, y in metres, at least one; several make a round trip there and back. */
  readonly path: readonly (readonly [number, number])[]
  /** Metres per second, 0 to 3. */
  readonly speed: number
  /** Metres already walked along the round trip at time zero. */
  readonly startMetres?: number
  /** A considerate person waits while the robot is nearer than this ahead; 0 walks on regardless. */
  readonly waitsWithinMetres?: number
  /** Seconds that a waiting person waits before they turn round; default 4. */
  readonly patienceSeconds?: number
}

/** Metres from a person's centre to their shoulders. */
export const personRadius = 0.25

/** The colliders of a person of 1.76 m, standing on the floor, facing +X. */
function personParts(): Collider[] {
  const leg = (y: number): Collider => cylinderPart(0.085, 0.82, at(0, y, 0.42), materials.trousers)
  const arm = (y: number): Collider => boxPart({ x: 0.1, y: 0.09, z: 0.6 }, at(0, y, 1.12), materials.vest)
  return [
    leg(-0.11),
    leg(0.11),
    boxPart({ x: 0.24, y: 0.38, z: 0.62 }, at(0, 0, 1.14), materials.vest),
    arm(-0.24),
    arm(0.24),
    part({ kind: 'sphere', radius: 0.115 }, at(0, 0, 1.6), materials.skin),
    cylinderPart(0.125, 0.09, at(0, 0, 1.69), materials.helmet),
  ]
}

function checkPerson(person: PersonSpec): void {
  const ok = person.path.length > 0 && person.path.length <= 1000 && person.path.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  if (!ok) throw new EngineError('run/bad-input', `Person \`${person.name}\` needs 1 to 1000 finite waypoints`, { person: person.name })
  if (!(person.speed >= 0 && person.speed <= 3))
    throw new EngineError('value/out-of-range', `Person \`${person.name}\` walks at ${person.speed} m/s; it must be from 0 to 3`, {
      person: person.name,
    })
}

/** A checked walk: lengths along the path, and the pose at any distance walked. */
export class Walk {
  readonly spec: PersonSpec
  readonly #ends: number[] = [0]

  constructor(spec: PersonSpec) {
    checkPerson(spec)
    this.spec = spec
    for (let i = 1; i < spec.path.length; i++) {
      const [[ax, ay], [bx, by]] = [this.#point(i - 1), this.#point(i)]
      this.#ends.push(this.#end(i - 1) + Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)))
    }
  }

  #point(i: number): readonly [number, number] {
    return this.spec.path[i] ?? [0, 0]
  }

  #end(i: number): number {
    return this.#ends[i] ?? 0
  }

  /** Metres on the round trip at the same place, walking the other way. */
  turnedRound(metres: number): number {
    const total = this.#end(this.#ends.length - 1)
    return total === 0 ? metres : 2 * total - (metres - 2 * total * Math.floor(metres / (2 * total)))
  }

  /** The pose after `metres` on the round trip, and the unit direction of walking. */
  poseAt(metres: number): { readonly pose: Transform; readonly dx: number; readonly dy: number } {
    const total = this.#end(this.#ends.length - 1)
    if (total === 0) return { pose: fromPlanar(this.#point(0)[0], this.#point(0)[1], 0), dx: 1, dy: 0 }
    const lap = metres - 2 * total * Math.floor(metres / (2 * total))
    const back = lap > total
    const along = back ? 2 * total - lap : lap
    let i = 1
    while (i < this.#ends.length - 1 && this.#end(i) < along) i++
    const [[ax, ay], [bx, by]] = [this.#point(i - 1), this.#point(i)]
    const span = this.#end(i) - this.#end(i - 1)
    const t = span === 0 ? 0 : (along - this.#end(i - 1)) / span
    const sign = back ? -1 : 1
    const [dx, dy] = span === 0 ? [1, 0] : [(sign * (bx - ax)) / span, (sign * (by - ay)) / span]
    return { pose: fromPlanar(ax + (bx - ax) * t, ay + (by - ay) * t, atan2(dy, dx)), dx, dy }
  }
}

/** The body of a person at the start of their walk. */
export const personBody = (walk: Walk, id: number): Body => ({
  id,
  name: walk.spec.name,
  label: 'person',
  motion: 'kinematic',
  pose: walk.poseAt(walk.spec.startMetres ?? 0).pose,
  colliders: personParts(),
})
