// Figures of the sensors and writers: pictures a second at 640 × 480, a lidar scan of 4,096 rays, megabytes a second into an MCAP file, and a
// minute's worth of camera and lidar against simulated time. All are in processor time, best of several rounds (cpu-time.ts).

import { createRandom } from '../math/random.ts'
import { fromPlanar, type Transform } from '../math/transform.ts'
import { DatasetRecorder, usualRecording } from '../outputs/dataset-recorder.ts'
import { schemaText } from '../outputs/foxglove-schemas.ts'
import { encodeJpeg } from '../outputs/jpeg.ts'
import { McapFile } from '../outputs/mcap-writer.ts'
import { encodePng } from '../outputs/png.ts'
import { createSimulation } from '../run/simulation.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario } from '../scenarios/scenario.ts'
import { initialPoses } from '../scene/scene.ts'
import { Camera, usualCamera } from '../sensors/camera.ts'
import { prepareLighting } from '../sensors/camera-render.ts'
import { Lidar, planarLidar, spatialLidar } from '../sensors/lidar.ts'
import { SolidWorld } from '../sensors/solid-world.ts'
import { buildVisualWorld, placeBodies } from '../sensors/visual-world.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { bestMilliseconds, processMilliseconds, threadMilliseconds } from './cpu-time.ts'

/** One measured figure against its goal. */
export interface SensorFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: number
  readonly ok: boolean
}

const rounds = 8
const framesPerRound = 10
const scansPerRound = 20

const figure = (name: string, value: number, unit: string, goal: number, ok: boolean): SensorFigure => ({ name, value, unit, goal, ok })

/** Colours, depth and bodies from along a drive through the default warehouse, at the height of a robot's camera. */
function measureCamera(): SensorFigure[] {
  const { scene, aisles } = generateWarehouse()
  const world = buildVisualWorld(scene)
  const lighting = prepareLighting(world)
  placeBodies(world, initialPoses(scene).poses)
  const [first = 1.7, second = 6.5] = aisles
  const places = [
    fromPlanar(second, 1.5, 1.57, 0.6),
    fromPlanar(second, 7, 1.57, 0.6),
    fromPlanar(first, 3, 1.3, 0.6),
    fromPlanar(4, 3, 0.6, 0.6),
    fromPlanar(first, 9, 0.4, 0.6),
  ]
  const measure = (shadows: boolean): number => {
    const camera = new Camera(world, { ...usualCamera, shadows }, createRandom(1), lighting)
    const round = (place: Transform) => (): void => {
      for (let i = 0; i < framesPerRound; i++) camera.look(0, place)
    }
    for (const place of places) bestMilliseconds(round(place), 2, 1)
    // Each place by itself, and the mean of all: what is best elsewhere says nothing here.
    const sum = places.reduce((milliseconds, place) => milliseconds + bestMilliseconds(round(place), 0, rounds), 0)
    return (1000 * framesPerRound * places.length) / sum
  }
  const soft = measure(false)
  const sharp = measure(true)
  return [
    figure('camera 640 × 480: colour, depth, bodies; soft light', soft, 'frames/s', 120, soft >= 120),
    figure('camera 640 × 480 with sharp shadows', sharp, 'frames/s', 0, true),
  ]
}

function measureLidar(): SensorFigure {
  const { scene } = generateWarehouse()
  const world = new SolidWorld(scene)
  const lidar = new Lidar(world, spatialLidar, createRandom(1))
  const snapshot = initialPoses(scene)
  const round = bestMilliseconds(
    () => {
      // One scan is too short for the clock: a busy machine counts processor time in steps of milliseconds.
      for (let scan = 0; scan < scansPerRound; scan++) {
        world.place(snapshot)
        lidar.scan(0, fromPlanar(6.5, 3, 0, 0.5), -1)
      }
    },
    4,
    rounds,
  )
  const best = round / scansPerRound
  return figure('lidar scan of 4,096 rays with noise', best, 'ms', 5, best <= 5)
}

function measureMcap(): SensorFigure[] {
  const message = new Uint8Array(650_000).fill(65)
  const small = new Uint8Array(900).fill(66)
  const megabytes = 96
  const best = bestMilliseconds(
    () => {
      let written = 0
      const file = new McapFile((chunk) => {
        written += chunk.length
      }, 'bench')
      const image = file.channel('/image', 'foxglove.CompressedImage', schemaText('foxglove.CompressedImage'))
      const state = file.channel('/tf', 'foxglove.FrameTransforms', schemaText('foxglove.FrameTransforms'))
      for (let i = 0; written < megabytes * 1e6; i++) {
        file.message(image, i, i, message)
        for (let k = 0; k < 10; k++) file.message(state, i, i, small)
      }
      file.end()
    },
    1,
    5,
  )
  const rate = (megabytes * 1000) / best
  const pixels = Uint8Array.from({ length: 640 * 480 * 3 }, (_, i) => (i * 7919) >> 9)
  const png = bestMilliseconds(() => void encodePng(640, 480, pixels, 'rgb', 'fast'), 3, 8)
  const jpeg = bestMilliseconds(() => void encodeJpeg(640, 480, pixels), 3, 8)
  return [
    figure('MCAP written', rate, 'MB/s', 100, rate >= 100),
    figure('JPEG 640 × 480', jpeg, 'ms', 50, jpeg <= 50),
    figure('PNG 640 × 480 at a camera’s rate', png, 'ms', 100, png <= 100),
  ]
}

/** A whole drive with camera and lidar at 10 Hz, recorded into memory, against simulated time. */
async function measureDrive(): Promise<SensorFigure[]> {
  const scenario = loadScenario('deliver')
  const recorder = new DatasetRecorder(
    {
      ...usualRecording,
      title: 'bench',
      summary: '',
      scenario: scenario.name,
      seed: 1,
      goals: [],
      cameras: [{ ...usualCamera, shadows: false }],
      lidars: [planarLidar],
    },
    { open: () => ({ write: () => undefined, close: () => undefined }) },
  )
  const simulation = await createSimulation({ ...inputOfScenario(scenario), sensors: recorder.sensors })
  const [start, wall, all] = [threadMilliseconds(), performance.now(), processMilliseconds()]
  const verdict = await simulation.run()
  recorder.finish(verdict, simulation.digest())
  const ratio = (verdict.measures.seconds * 1000) / (threadMilliseconds() - start)
  const withHelpers = (verdict.measures.seconds * 1000) / (processMilliseconds() - all)
  const byTheClock = (verdict.measures.seconds * 1000) / (performance.now() - wall)
  simulation.free()
  const name = 'drive with camera and lidar at 10 Hz, recorded'
  return [
    figure(name, ratio, '× real time', 1, ratio >= 1),
    figure(`${name}; with the runtime’s helper threads`, withHelpers, '× real time', 0, true),
    figure(`${name}; by the clock, whatever else ran`, byTheClock, '× real time', 0, true),
  ]
}

/** All figures of sensors and writers. */
export async function benchSensors(): Promise<SensorFigure[]> {
  return [...measureCamera(), measureLidar(), ...measureMcap(), ...(await measureDrive())]
}

if (import.meta.main) for (const it of await benchSensors()) process.stdout.write(`${JSON.stringify(it)}\n`)
