// Records one and a half seconds of the shipped delivery with a camera, two lidars and every fault, into memory, and tells the digest of every
// byte written. Run by itself it prints that digest, so that a test can compare processes.

import { createHash } from 'node:crypto'
import { createSimulation } from '../run/simulation.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import { inputOfScenario } from '../scenarios/scenario.ts'
import { type CameraSpec, usualCamera } from '../sensors/camera.ts'
import { planarLidar, spatialLidar } from '../sensors/lidar.ts'
import { intrinsicsFromFov } from '../sensors/view.ts'
import { MemorySink } from './dataset-files.ts'
import { DatasetRecorder, usualRecording } from './dataset-recorder.ts'

const small: CameraSpec = {
  ...usualCamera,
  intrinsics: intrinsicsFromFov(160, 120, 1.2),
  faults: [
    { kind: 'glare', fromSeconds: 0.35, untilSeconds: 0.55 },
    { kind: 'freeze', fromSeconds: 0.65, untilSeconds: 0.85 },
    { kind: 'drop', fromSeconds: 0.95, untilSeconds: 1.05 },
    { kind: 'noise-burst', fromSeconds: 1.15, untilSeconds: 1.25 },
  ],
}

/** The robot's camera mount serves the spatial lidar too. */
const spatial = { ...spatialLidar, name: 'camera', columns: 64 }

/** The recording, as files in memory. */
export async function recordSample(seed: number, shadows: boolean): Promise<MemorySink> {
  const scenario = loadScenario('deliver')
  const sink = new MemorySink()
  const recorder = new DatasetRecorder(
    {
      ...usualRecording,
      title: 'sample',
      summary: scenario.summary,
      scenario: scenario.name,
      seed,
      goals: scenario.goals,
      cameras: [{ ...small, shadows }],
      lidars: [planarLidar, spatial],
      labelEvery: 4,
    },
    sink,
  )
  const simulation = await createSimulation({ ...inputOfScenario(scenario), seed, sensors: recorder.sensors })
  const verdict = await simulation.run(150)
  recorder.finish(verdict, simulation.digest())
  simulation.free()
  return sink
}

/** The digest of all files of a recording, names and bytes. */
export function digestOfFiles(sink: MemorySink): string {
  const hash = createHash('sha256')
  for (const path of [...sink.files.keys()].sort()) hash.update(path).update(sink.bytes(path))
  return `sha256:${hash.digest('hex')}`
}

async function tell(): Promise<void> {
  process.stdout.write(`${digestOfFiles(await recordSample(7, true))} ${digestOfFiles(await recordSample(7, false))}\n`)
}

if (import.meta.main) void tell()
