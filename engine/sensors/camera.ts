// A camera as a device: where it sits, how often it looks, how late a picture arrives, how noisy it is, and what goes wrong on request.
// One camera at a time renders into its own buffers; a frame is valid until the next one, or copied by whoever keeps it.

import { EngineError } from '../errors.ts'
import type { Random } from '../math/random.ts'
import type { Transform } from '../math/transform.ts'
import { addGlare, addNoise } from './camera-faults.ts'
import { CameraRenderer, type Lighting, prepareLighting, typicalLight } from './camera-render.ts'
import { Labeller, type ObjectLabel } from './labels.ts'
import type { Picture } from './picture.ts'
import { type ActiveFaults, checkSensorFaults, type SensorFault } from './sensor-faults.ts'
import { bakeNoise, noiseLength } from './tone.ts'
import { checkIntrinsics, type Intrinsics, intrinsicsFromFov, type View, viewFromSensor } from './view.ts'
import type { VisualWorld } from './visual-world.ts'

/** What a camera is like. */
export interface CameraSpec {
  readonly name: string
  readonly intrinsics: Intrinsics
  /** Metres. */
  readonly near: number
  readonly far: number
  /** One sigma of read noise in steps of 255 (clipped at six). */
  readonly noiseSigma: number
  /** Brightness factor, or `auto`: an open, level, white floor is a little below white. */
  readonly exposure: number | 'auto'
  /** Sharp shadows from a shadow map; without it light is soft alone, and a frame costs about half. */
  readonly shadows: boolean
  readonly periodNs: number
  readonly latencyNs: number
  readonly faults?: readonly SensorFault[]
}

/** 640 × 480 over 69 degrees, 10 Hz, 60 ms late, soft and sharp shadows. */
export const usualCamera: CameraSpec = {
  name: 'camera',
  intrinsics: intrinsicsFromFov(640, 480, 1.2),
  near: 0.05,
  far: 80,
  noiseSigma: 1.5,
  exposure: 'auto',
  shadows: true,
  periodNs: 100_000_000,
  latencyNs: 60_000_000,
}

/** One frame: the picture and from where it was taken. */
export interface CameraFrame extends Picture {
  readonly timeNs: number
  readonly view: View
}

const autoLevel = 0.95

/** The same specification, or a coded error naming what cannot be. */
function checkCamera(spec: CameraSpec): CameraSpec {
  checkIntrinsics(spec.intrinsics)
  checkSensorFaults(spec.faults ?? [])
  const ranges: readonly (readonly [string, number, number, number])[] = [
    ['near', spec.near, 0.001, 10],
    ['far', spec.far, spec.near * 2, 10_000],
    ['noiseSigma', spec.noiseSigma, 0, 6],
    ['exposure', spec.exposure === 'auto' ? 1 : spec.exposure, 1e-6, 1e6],
    ['periodNs', spec.periodNs, 1_000_000, 3_600_000_000_000],
    ['latencyNs', spec.latencyNs, 0, 60_000_000_000],
  ]
  for (const [field, value, low, high] of ranges) {
    if (!Number.isFinite(value)) throw new EngineError('value/not-finite', `Camera \`${spec.name}\`: ${field} is ${value}.`, { field })
    if (value < low || value > high) {
      throw new EngineError('value/out-of-range', `Camera \`${spec.name}\`: ${field} is ${value}; it must be from ${low} to ${high}.`, {
        field,
      })
    }
  }
  return spec
}

/** A camera in one world. Its random stream is all the state it has. */
export class Camera {
  readonly spec: CameraSpec
  readonly random: Random
  readonly exposure: number
  readonly #world: VisualWorld
  readonly #renderer: CameraRenderer
  readonly #noise: Uint8Array
  #labeller: Labeller | undefined

  constructor(world: VisualWorld, spec: CameraSpec, random: Random, lighting: Lighting = prepareLighting(world)) {
    this.spec = checkCamera(spec)
    this.random = random
    this.#world = world
    const { width, height } = spec.intrinsics
    this.#renderer = new CameraRenderer(world, lighting, width, height, spec.shadows)
    // The tile of noise has a stream of its own: how often the camera looked does not change it.
    this.#noise = bakeNoise(random.stream('noise tile'), spec.noiseSigma)
    this.exposure = spec.exposure === 'auto' ? autoLevel / typicalLight(lighting.volume, world) : spec.exposure
  }

  /** Looks from a mount (x ahead, z up); the world's bodies must have been placed. Faults `glare` and `noise` act on the colours alone. */
  look(timeNs: number, mount: Transform, faults?: ActiveFaults): CameraFrame {
    const view = viewFromSensor(this.spec.intrinsics, mount, this.spec.near, this.spec.far)
    const picture = this.#renderer.render(view, this.exposure, this.#noise, this.random.uint32() & (noiseLength - 1))
    if (faults !== undefined && faults.glare > 0) addGlare(picture, faults.glare)
    if (faults !== undefined && faults.noise !== 1) addNoise(picture, this.spec.noiseSigma * faults.noise, this.random)
    return { ...picture, timeNs, view }
  }

  /** The class mask of the last frame: class number per pixel, 0 where nothing is. */
  classes(): Uint8Array {
    const out = new Uint8Array(this.spec.intrinsics.width * this.spec.intrinsics.height)
    this.#renderer.readClasses(out)
    return out
  }

  /** Labels of the last frame, bodies with at least `pixelsMin` visible pixels. */
  label(frame: CameraFrame, pixelsMin = 20): ObjectLabel[] {
    this.#labeller ??= new Labeller(this.#world.drawn, frame.width, frame.height)
    return this.#labeller.label(frame.view, frame, pixelsMin)
  }
}
