// The people of a run: walks them along their paths, lets the considerate ones wait for a robot ahead, and tells the free
// distance between robot and people. Its state is how far each has walked.

import type { PhysicsWorld } from '../physics/physics-world.ts'
import type { Body } from '../scene/scene.ts'
import { type PersonSpec, personBody, personRadius, Walk } from '../worlds/people.ts'

interface Walker {
  readonly walk: Walk
  readonly index: number
  metres: number
  waited: number
  x: number
  y: number
}

/** Where one person is on their walk, and for how many seconds they have been waiting. */
export interface WalkerState {
  readonly metres: number
  readonly waited: number
}

const PATIENCE = 4

/** The walkers of one run. */
export class Crowd {
  readonly #walkers: Walker[]

  /** `firstIndex` is the place in the scene of the first person's body; the others follow. */
  constructor(people: readonly PersonSpec[], firstIndex: number) {
    this.#walkers = people.map((spec, i) => {
      const walk = new Walk(spec)
      const { position } = walk.poseAt(spec.startMetres ?? 0).pose
      return { walk, index: firstIndex + i, metres: spec.startMetres ?? 0, waited: 0, x: position.x, y: position.y }
    })
  }

  /** The bodies of all walkers, with ids from `firstId` on. */
  bodies(firstId: number): Body[] {
    return this.#walkers.map(({ walk }, i) => personBody(walk, firstId + i))
  }

  /** Sends everyone one step of `dt` seconds further; `x`, `y` is where the robot is. */
  step(physics: PhysicsWorld, x: number, y: number, dt: number): void {
    for (const walker of this.#walkers) {
      const { spec } = walker.walk
      if (spec.speed === 0) continue
      if (this.#waits(walker, x, y)) walker.waited += dt
      else this.#walk(walker, physics, dt)
      if (walker.waited < (spec.patienceSeconds ?? PATIENCE)) continue
      walker.metres = walker.walk.turnedRound(walker.metres)
      walker.waited = 0
    }
  }

  /** Whether a considerate person has the robot near and ahead. */
  #waits(walker: Walker, x: number, y: number): boolean {
    const near = walker.walk.spec.waitsWithinMetres ?? 0
    const [rx, ry] = [x - walker.x, y - walker.y]
    if (near === 0 || rx * rx + ry * ry >= near * near) return false
    const { dx, dy } = walker.walk.poseAt(walker.metres)
    return rx * dx + ry * dy > 0
  }

  #walk(walker: Walker, physics: PhysicsWorld, dt: number): void {
    walker.waited = 0
    walker.metres += walker.walk.spec.speed * dt
    const { pose } = walker.walk.poseAt(walker.metres)
    walker.x = pose.position.x
    walker.y = pose.position.y
    physics.moveKinematic(walker.index, pose)
  }

  /** Tells the free metres between a robot of this radius at (x, y) and each person. */
  measure(x: number, y: number, radius: number, tell: (name: string, metres: number) => void): void {
    for (const walker of this.#walkers) {
      const [dx, dy] = [x - walker.x, y - walker.y]
      tell(walker.walk.spec.name, Math.sqrt(dx * dx + dy * dy) - radius - personRadius)
    }
  }

  /** Where each is on their walk. */
  state(): readonly WalkerState[] {
    return this.#walkers.map(({ metres, waited }) => ({ metres, waited }))
  }

  /** Continues from an earlier state of the same run. */
  restore(state: readonly WalkerState[]): void {
    for (const [i, walker] of this.#walkers.entries()) {
      walker.metres = state[i]?.metres ?? 0
      walker.waited = state[i]?.waited ?? 0
      const { position } = walker.walk.poseAt(walker.metres).pose
      walker.x = position.x
      walker.y = position.y
    }
  }
}
