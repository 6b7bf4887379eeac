// A camera of a recording: pictures at its rate into the log, and every so many of them, with exact labels, into the dataset.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import type { Random, RandomState } from '../math/random.ts'
import type { Moment, SensorHook } from '../run/sensor-hooks.ts'
import { classIdOf } from '../scene/scene.ts'
import { Camera, type CameraFrame, type CameraSpec } from '../sensors/camera.ts'
import type { ObjectLabel } from '../sensors/labels.ts'
import type { SensedWorld } from '../sensors/sensed-world.ts'
import { activeFaults } from '../sensors/sensor-faults.ts'
import { placeBodies } from '../sensors/visual-world.ts'
import { CocoBuilder } from './coco.ts'
import { ContactSheet } from './contact-sheet.ts'
import type { DatasetFiles } from './dataset-files.ts'
import { type DriveLog, depthMillimetres } from './drive-log.ts'
import { encodeJpeg } from './jpeg.ts'
import { encodePng } from './png.ts'

/** As many other bodies as a person is worth. */
const personWorth = 20

/** Where a camera's pictures go, and how many of them are labelled. */
export interface CameraTrackPlan {
  readonly files: DatasetFiles
  readonly log: DriveLog
  readonly world: SensedWorld
  readonly labelEvery: number
  /** Frames on the contact sheet at most. */
  readonly sheetFrames: number
}

/** Records one camera, mounted under its own name. */
export class CameraTrack implements SensorHook {
  readonly name: string
  readonly periodNs: number
  pictureCount = 0
  readonly #spec: CameraSpec
  readonly #random: Random
  readonly #plan: CameraTrackPlan
  readonly #coco = new CocoBuilder()
  readonly #sheet: ContactSheet
  #camera: Camera | undefined
  #last: CameraFrame | undefined
  #labelled = 0

  constructor(spec: CameraSpec, random: Random, plan: CameraTrackPlan) {
    this.name = spec.name
    this.periodNs = spec.periodNs
    this.#spec = spec
    this.#random = random
    this.#plan = plan
    this.#sheet = new ContactSheet(plan.sheetFrames)
  }

  /** Takes a picture now, unless a fault says otherwise. A frozen camera repeats its last one, which is not labelled again. */
  sample(moment: Moment): void {
    const faults = activeFaults(this.#spec.faults ?? [], moment.faults, 'camera', moment.timeNs)
    if (faults.drop) return
    const frozen = faults.freeze ? this.#last : undefined
    const camera = this.#cameraOf(moment)
    const frame = frozen ?? camera.look(moment.timeNs, moment.mount(this.name), faults)
    this.#last = frame
    const labels = frozen === undefined && this.pictureCount % this.#plan.labelEvery === 0 ? camera.label(frame) : []
    this.#write(moment.timeNs, frame, labels, frozen === undefined && this.pictureCount % this.#plan.labelEvery === 0)
    this.pictureCount++
  }

  #cameraOf(moment: Moment): Camera {
    const world = this.#plan.world.visual(moment.scene)
    placeBodies(world, moment.snapshot.poses)
    this.#camera ??= new Camera(world, this.#spec, this.#random, this.#plan.world.lighting(moment.scene))
    return this.#camera
  }

  #write(timeNs: number, frame: CameraFrame, labels: readonly ObjectLabel[], isLabelled: boolean): void {
    const { log, files } = this.#plan
    const receivedNs = timeNs + this.#spec.latencyNs
    log.picture(this.name, frame, encodeJpeg(frame.width, frame.height, frame.rgb), labels, timeNs, receivedNs)
    if (!isLabelled) return
    log.depth(this.name, frame, timeNs, receivedNs)
    const base = `${this.name}/${String(++this.#labelled).padStart(6, '0')}`
    files.put(`${base}.png`, encodePng(frame.width, frame.height, frame.rgb, 'rgb', 'fast'))
    files.put(`${base}.depth.png`, encodePng(frame.width, frame.height, bigEndian(depthMillimetres(frame.depth)), 'grey16'))
    files.put(`${base}.instances.png`, encodePng(frame.width, frame.height, bigEndian(frame.instances), 'grey16'))
    files.put(`${base}.classes.png`, encodePng(frame.width, frame.height, this.#camera?.classes() ?? new Uint8Array(0), 'grey'))
    this.#coco.add(frame, labels, `${base}.png`)
    this.#sheet.offer(frame, worthOf(labels))
  }

  /** Labels per class so far. */
  counts(): ReadonlyMap<string, number> {
    return this.#coco.counts()
  }

  /** Writes annotations and contact sheet. */
  finish(title: string): void {
    const { files } = this.#plan
    files.put(`${this.name}/annotations.coco.json`, new TextEncoder().encode(JSON.stringify(this.#coco.build(title))))
    if (this.#sheet.count === 0) return
    const { width, height, pixels } = this.#sheet.build(this.#sheet.count > 3 ? 2 : 1)
    files.put(`${this.name}/contact-sheet.png`, encodePng(width, height, pixels))
  }

  /** The state of the noise. */
  state(): RandomState {
    return this.#random.state()
  }

  /** Continues the noise from an earlier state. */
  restore(state: unknown): void {
    // The run hands back what `state` gave.
    this.#random.restore(state as RandomState)
  }
}

/** What a frame is worth on a contact sheet: what it shows, and people above all. */
function worthOf(labels: readonly ObjectLabel[]): number {
  const person = classIdOf('person')
  return labels.reduce((sum, { classId }) => sum + (classId === person ? personWorth : 1), 0)
}

/** Sixteen-bit numbers as PNG has them: highest byte first. */
function bigEndian(values: Uint16Array): Uint8Array {
  const out = new Uint8Array(values.length * 2)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    out[i * 2] = value >> 8
    out[i * 2 + 1] = value & 255
  }
  return out
}
