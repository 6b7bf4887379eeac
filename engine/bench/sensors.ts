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
import type { SimulationInput } from '../run/simulation-input.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario } from '../scenarios/scenario.ts'
import { initialPoses } from '../scene/scene.ts'
import { Camera, usualCamera } from '../sensors/camera.ts'
import { prepareLighting } from '../sensors/camera-render.ts'
import { Lidar, planarLidar, spatialLidar } from '../sensors/lidar.ts'
import { SolidWorld } from '../sensors/solid-world.ts'
import { buildVisualWorld, placeBodies } from '../sensors/visual-world.ts'
import { generateWarehouse } from '../worlds/warehouse.ts'
import { bestMilliseconds, type Figure, type MeasuredBy, processMilliseconds, threadMilliseconds } from './cpu-time.ts'

const rounds = 8
// A camera's rounds are short against what disturbs them, so there are more of them: the best one of each place counts.
const cameraRounds = 16
const framesPerRound = 10
const scansPerRound = 20
const driveSeconds = 60

const oneThread: MeasuredBy = 'processor time of one thread'

const figure = (name: string, value: number, unit: string, goal: number, ok: boolean, by: MeasuredBy = oneThread): Figure => ({
  name,
  value,
  unit,
  goal,
  ok,
  by,
})

/** Where a camera looks from while its robot goes on for a round, at half a metre a second, and turns a little: no frame is the one before it. */
function wayFrom(x: number, y: number, yaw: number): readonly Transform[] {
  return Array.from({ length: framesPerRound }, (_, frame) => {
    const [metres, turn] = [frame * 0.05, (frame - framesPerRound / 2) * 0.015]
    return fromPlanar(x + Math.cos(yaw) * metres, y + Math.sin(yaw) * metres, yaw + turn, 0.6)
  })
}

/** Colours, depth and bodies from along a drive through the default warehouse, at the height of a robot's camera. */
function measureCamera(): Figure[] {
  const { scene, aisles } = generateWarehouse()
  const world = buildVisualWorld(scene)
  const lighting = prepareLighting(world)
  placeBodies(world, initialPoses(scene).poses)
  const [first = 1.7, second = 6.5] = aisles
  const places = [wayFrom(second, 1.5, 1.57), wayFrom(second, 7, 1.57), wayFrom(first, 3, 1.3), wayFrom(4, 3, 0.6), wayFrom(first, 9, 0.4)]
  const measure = (shadows: boolean, times: number): number => {
    const camera = new Camera(world, { ...usualCamera, shadows }, createRandom(1), lighting)
    const round = (way: readonly Transform[]) => (): void => {
      for (const place of way) camera.look(0, place)
    }
    for (const place of places) bestMilliseconds(round(place), 2, 1)
    // Each place by itself, and the mean of all: what is best elsewhere says nothing here.
    const sum = places.reduce((milliseconds, place) => milliseconds + bestMilliseconds(round(place), 0, times), 0)
    return (1000 * framesPerRound * places.length) / sum
  }
  const soft = measure(false, cameraRounds)
  const sharp = measure(true, rounds)
  return [
    figure('camera 640 × 480: colour, depth, bodies; soft light', soft, 'frames/s', 120, soft >= 120),
    figure('camera 640 × 480 with sharp shadows', sharp, 'frames/s', 0, true),
  ]
}

function measureLidar(): Figure {
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

function measureMcap(): Figure[] {
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

/** The deliveries of the shipped scenario again and again, so that a drive fills its minute. */
function minuteOfDeliveries(): SimulationInput {
  const input = inputOfScenario(loadScenario('deliver'))
  return { ...input, goals: [...input.goals, ...input.goals, ...input.goals], assertions: [] }
}

/** A minute of driving with camera and lidar at 10 Hz, recorded into memory, against simulated time. */
async function measureDrive(): Promise<Figure[]> {
  const input = minuteOfDeliveries()
  const recorder = new DatasetRecorder(
    {
      ...usualRecording,
      title: 'bench',
      summary: '',
      scenario: 'deliver',
      seed: 1,
      goals: [],
      cameras: [{ ...usualCamera, shadows: false }],
      lidars: [planarLidar],
    },
    { open: () => ({ write: () => undefined, close: () => undefined }) },
  )
  const simulation = await createSimulation({ ...input, sensors: recorder.sensors })
  const [start, wall, all] = [threadMilliseconds(), performance.now(), processMilliseconds()]
  await simulation.run((driveSeconds * 1e9) / simulation.stepNs)
  const seconds = simulation.timeNs / 1e9
  if (!simulation.hasEnded()) simulation.fail('within-seconds', 'the minute is over')
  recorder.finish(simulation.verdict(), simulation.digest())
  const took = [threadMilliseconds() - start, processMilliseconds() - all, performance.now() - wall]
  simulation.free()
  const name = `drive of ${seconds.toFixed(0)} s with camera and lidar at 10 Hz, recorded`
  const [ratio = 0, withHelpers = 0, byTheClock = 0] = took.map((milliseconds) => (seconds * 1000) / milliseconds)
  return [
    figure(name, ratio, '× real time', 1, ratio >= 1),
    figure(name, withHelpers, '× real time', 0, true, 'processor time of all threads'),
    figure(`${name}, whatever else ran`, byTheClock, '× real time', 0, true, 'the clock'),
  ]
}

/** All figures of sensors and writers. */
export async function benchSensors(): Promise<Figure[]> {
  return [...measureCamera(), measureLidar(), ...measureMcap(), ...(await measureDrive())]
}

if (import.meta.main) for (const it of await benchSensors()) process.stdout.write(`${JSON.stringify(it)}\n`)
