// What a map tells of a drive: where the robot went, where it thought it was, where people walked, and the moments that matter.

import type { Verdict } from '../run/assertions.ts'
import type { Moment } from '../run/sensor-hooks.ts'
import { poseAt } from '../scene/scene.ts'
import type { DriveOnMap, PlanMoment, PlanPoint } from './svg-map.ts'

/** Most remembered points per track; a longer drive keeps every second one, again and again. */
const trackPointsMax = 20_000

/** Gathers tracks and moments while a run goes on. */
export class DriveStory {
  readonly #path: PlanPoint[] = []
  readonly #believed: PlanPoint[] = []
  readonly #people = new Map<string, PlanPoint[]>()
  readonly #moments: PlanMoment[] = []
  #goalsReached = 0
  #faults = ''
  #waiting = false

  /** Takes one moment. */
  tell(moment: Moment): void {
    const { x, y } = moment.motion.position
    const seconds = moment.timeNs / 1e9
    remember(this.#path, [x, y])
    if (moment.estimate !== null) remember(this.#believed, [moment.estimate.x, moment.estimate.y])
    for (const [index, body] of moment.scene.bodies.entries()) {
      if (body.label !== 'person') continue
      const { position } = poseAt(moment.snapshot, index)
      const track = this.#people.get(body.name) ?? []
      remember(track, [position.x, position.y])
      this.#people.set(body.name, track)
    }
    this.#changes(moment, seconds, [x, y])
  }

  #changes(moment: Moment, seconds: number, at: PlanPoint): void {
    const { status, reason } = moment.command
    if (moment.goalsReached > this.#goalsReached)
      this.#moments.push({ at, seconds, text: `goal ${moment.goalsReached} reached`, kind: 'good' })
    this.#goalsReached = moment.goalsReached
    const faults = moment.faults.map(({ kind }) => kind).join(', ')
    if (faults !== this.#faults && faults !== '') this.#moments.push({ at, seconds, text: faults, kind: 'note' })
    this.#faults = faults
    const waiting = status === 'waiting' && seconds > 1
    if (waiting && !this.#waiting)
      this.#moments.push({ at, seconds, text: `waits${reason === undefined ? '' : `: ${reason}`}`, kind: 'note' })
    this.#waiting = waiting
    // A drive that stutters must not bury its map.
    if (this.#moments.length > 40) this.#moments.splice(20, 1)
  }

  /** Takes the outcome. */
  end(verdict: Verdict): void {
    const at = this.#path.at(-1)
    if (at === undefined || verdict.passed) return
    const seconds = verdict.momentNs === null ? verdict.measures.seconds : verdict.momentNs / 1e9
    this.#moments.push({ at, seconds, text: verdict.reason, kind: 'bad' })
  }

  /** What the map draws. */
  drawn(): Pick<DriveOnMap, 'path' | 'believed' | 'people' | 'moments'> {
    const people = [...this.#people].map(([name, track]) => ({ name, track }))
    return { path: this.#path, believed: this.#believed, people, moments: this.#moments }
  }
}

function remember(track: PlanPoint[], point: PlanPoint): void {
  track.push(point)
  if (track.length <= trackPointsMax) return
  const kept = track.filter((_, index) => index % 2 === 0)
  track.splice(0, track.length, ...kept)
}
