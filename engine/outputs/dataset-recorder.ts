// A drive made into a dataset: hooks that watch a run (engine/run/sensor-hooks.ts) and fill MCAP, pictures, COCO, contact sheet, map, glTF and
// card. Sees and never changes the run. Names of scenario and goals are untrusted and only ever quoted.

import { createRandom } from '../math/random.ts'
import type { Verdict } from '../run/assertions.ts'
import type { Moment, SensorHook } from '../run/sensor-hooks.ts'
import type { Scene } from '../scene/scene.ts'
import type { CameraSpec } from '../sensors/camera.ts'
import type { LidarSpec } from '../sensors/lidar.ts'
import { SensedWorld } from '../sensors/sensed-world.ts'
import { CameraTrack } from './camera-track.ts'
import { type CardFacts, writeCard } from './dataset-card.ts'
import { DatasetFiles, type DatasetSink, type OpenFile } from './dataset-files.ts'
import { DriveLog } from './drive-log.ts'
import { DriveStory } from './drive-story.ts'
import { buildGltf } from './gltf.ts'
import { LidarTrack } from './lidar-track.ts'
import { drawMap } from './svg-map.ts'

/** What to record. */
export interface RecorderSpec {
  readonly title: string
  readonly summary: string
  /** The scenario's name, quoted on the card. */
  readonly scenario: string
  readonly seed: number
  readonly goals: readonly { readonly name: string; readonly x: number; readonly y: number }[]
  readonly cameras: readonly CameraSpec[]
  readonly lidars: readonly LidarSpec[]
  /** Nanoseconds between states (scene, transforms, odometry, diagnostics). */
  readonly statePeriodNs: number
  /** Every how many frames of a camera one goes into the labelled dataset (with masks and COCO). */
  readonly labelEvery: number
  /** How many labelled frames the contact sheet shows at most. */
  readonly sheetFrames: number
}

/** A usual recording: states at 10 Hz, one labelled frame in ten. */
export const usualRecording = { statePeriodNs: 100_000_000, labelEvery: 10, sheetFrames: 8 } as const

/** Records one run. Give `sensors` to the run, then call `finish` once. */
export class DatasetRecorder {
  readonly sensors: readonly SensorHook[]
  readonly #spec: RecorderSpec
  readonly #files: DatasetFiles
  readonly #log: DriveLog
  readonly #logFile: OpenFile
  readonly #world = new SensedWorld()
  readonly #story = new DriveStory()
  readonly #cameras: readonly CameraTrack[]
  readonly #lidars: readonly LidarTrack[]
  #scene: Scene | undefined

  constructor(spec: RecorderSpec, sink: DatasetSink) {
    this.#spec = spec
    this.#files = new DatasetFiles(sink)
    this.#logFile = this.#files.open('drive.mcap')
    this.#log = new DriveLog(
      this.#logFile.write,
      new Map([
        ['scenario', spec.scenario],
        ['seed', String(spec.seed)],
        ['title', spec.title],
      ]),
    )
    const random = createRandom(spec.seed)
    const sheets = Math.max(1, Math.floor(spec.sheetFrames / Math.max(1, spec.cameras.length)))
    const track = { files: this.#files, log: this.#log, world: this.#world, labelEvery: spec.labelEvery, sheetFrames: sheets }
    this.#cameras = spec.cameras.map((camera) => new CameraTrack(camera, random.stream(`camera ${camera.name}`), track))
    this.#lidars = spec.lidars.map((lidar) => new LidarTrack(lidar, random.stream(`lidar ${lidar.name}`), this.#log, this.#world))
    const state: SensorHook = { name: 'state', periodNs: spec.statePeriodNs, sample: (moment) => this.#state(moment) }
    this.sensors = [state, ...this.#lidars, ...this.#cameras]
  }

  #state(moment: Moment): void {
    this.#scene = moment.scene
    this.#story.tell(moment)
    this.#log.state(
      moment,
      [...this.#spec.cameras, ...this.#spec.lidars].map(({ name }) => name),
    )
  }

  /** Writes everything that is known at the end; `engineDigest` is the run's own. */
  finish(verdict: Verdict, engineDigest: string): void {
    const { measures } = verdict
    const outcome = `${verdict.passed ? 'passed' : 'failed'}: ${verdict.reason}`
    const endNs = verdict.momentNs ?? Math.floor(measures.seconds * 1e9)
    this.#story.end(verdict)
    this.#log.note(endNs, outcome, !verdict.passed)
    this.#log.file.end()
    this.#logFile.close()
    for (const camera of this.#cameras) camera.finish(this.#spec.title)
    const scene = this.#scene
    if (scene !== undefined) this.#drawWorld(scene, outcome)
    this.#files.put('README.md', new TextEncoder().encode(writeCard(this.#cardFacts(outcome, verdict, engineDigest))))
  }

  #drawWorld(scene: Scene, outcome: string): void {
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
    this.#files.put('scene.gltf', encode(JSON.stringify(buildGltf(this.#world.visual(scene)))))
    const map = drawMap(scene, { title: this.#spec.title, subtitle: outcome, goals: this.#spec.goals, ...this.#story.drawn() })
    this.#files.put('map.svg', encode(map))
  }

  #cardFacts(outcome: string, verdict: Verdict, engineDigest: string): CardFacts {
    const counts = new Map<string, number>()
    for (const camera of this.#cameras) for (const [name, count] of camera.counts()) counts.set(name, (counts.get(name) ?? 0) + count)
    const { title, summary, scenario, seed, cameras, lidars } = this.#spec
    return {
      title,
      summary,
      scenario,
      seed,
      cameras,
      lidars,
      engineDigest,
      verdict: outcome,
      simulatedSeconds: verdict.measures.seconds,
      imageCount: this.#cameras.reduce((sum, camera) => sum + camera.pictureCount, 0),
      scanCount: this.#lidars.reduce((sum, lidar) => sum + lidar.scanCount, 0),
      messageCount: this.#log.messageCount,
      classCounts: counts,
      warnings: (this.#scene?.warnings ?? []).slice(0, 50).map(({ where, message }) => `${where}: ${message}`),
      files: this.#files.files,
    }
  }
}
