// `--out <folder>`: records a drive as a dataset into a new or empty folder. Paths inside come from the engine, never from a
// scenario, and are refused all the same when they leave the folder.

import { closeSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EngineError } from '../errors.ts'
import { normalPath } from '../formats/file-source.ts'
import type { DatasetSink } from '../outputs/dataset-files.ts'
import { DatasetRecorder, usualRecording } from '../outputs/dataset-recorder.ts'
import type { SimulationInput } from '../run/simulation-input.ts'
import { usualCamera } from '../sensors/camera.ts'
import { planarLidar, spatialLidar } from '../sensors/lidar.ts'

/** A sink that writes files below a folder, which must be new or empty. */
function folderSink(folder: string): DatasetSink {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0)
    throw new EngineError('run/bad-input', `The folder \`${folder}\` is not empty: choose another for the dataset`, { folder })
  return {
    open: (path) => {
      const inside = normalPath(path)
      if (inside === null || inside === '') throw new EngineError('run/bad-input', `\`${path}\` leaves the folder of the dataset`, { path })
      const file = join(folder, inside)
      mkdirSync(dirname(file), { recursive: true })
      const handle = openSync(file, 'wx')
      return { write: (chunk) => void writeSync(handle, chunk), close: () => closeSync(handle) }
    },
  }
}

/** Two pictures and two scans in space a second, one picture in five seconds labelled: small enough to keep. */
const pace = {
  camera: { ...usualCamera, periodNs: 500_000_000 },
  spatial: { ...spatialLidar, periodNs: 500_000_000 },
  labelEvery: 10,
}

/** A recorder of one drive with the usual camera and lidars, writing into a folder. */
export function recordInto(folder: string, name: string, summary: string, input: SimulationInput): DatasetRecorder {
  const spec = {
    ...usualRecording,
    title: name,
    summary,
    scenario: name,
    seed: input.seed,
    goals: input.goals,
    labelEvery: pace.labelEvery,
    cameras: [pace.camera],
    // An imported robot has one lidar, and no place for another.
    lidars: pace.spatial.name in input.robot.mounts ? [planarLidar, pace.spatial] : [planarLidar],
  }
  return new DatasetRecorder(spec, folderSink(folder))
}
