// The recording of a drive: which topics an MCAP file has and what goes into them at each moment. Knows the simulation's moments; the sensors'
// data come from dataset-recorder.ts.
// Array reads are `as number`: in range by construction (mesh.ts says why).

import { fromPlanar, type Transform } from '../math/transform.ts'
import type { Moment } from '../run/sensor-hooks.ts'
import type { CameraFrame } from '../sensors/camera.ts'
import type { ObjectLabel } from '../sensors/labels.ts'
import type { LidarScan, LidarSpec } from '../sensors/lidar.ts'
import * as messages from './foxglove-messages.ts'
import { type SchemaName, schemaText } from './foxglove-schemas.ts'
import { type ByteSink, McapFile } from './mcap-writer.ts'

const library = 'twin engine'

/** Writes the messages of one drive. */
export class DriveLog {
  readonly file: McapFile
  readonly #channels = new Map<string, number>()
  #sceneWritten = false
  #messages = 0

  constructor(sink: ByteSink, facts: ReadonlyMap<string, string>) {
    this.file = new McapFile(sink, library)
    this.file.metadata('drive', facts)
  }

  /** How many messages there are. */
  get messageCount(): number {
    return this.#messages
  }

  /** Everything that is not a camera or a lidar: scene, transforms, odometry, diagnostics. `mounts` are the sensors' names on the robot. */
  state(moment: Moment, mounts: readonly string[]): void {
    const { timeNs } = moment
    if (!this.#sceneWritten) {
      this.#sceneWritten = true
      this.#write(
        '/scene/fixed',
        'foxglove.SceneUpdate',
        timeNs,
        timeNs,
        messages.sceneUpdate(moment.scene, moment.snapshot, ({ motion }) => motion === 'fixed'),
      )
    }
    this.#write(
      '/scene/moving',
      'foxglove.SceneUpdate',
      timeNs,
      timeNs,
      messages.sceneUpdate(moment.scene, moment.snapshot, ({ motion }) => motion !== 'fixed'),
    )
    this.#write('/tf', 'foxglove.FrameTransforms', timeNs, timeNs, messages.frameTransforms(timeNs, transformsOf(moment, mounts)))
    this.#write('/odometry', 'twinlock.Odometry', timeNs, timeNs, odometry(moment))
    this.#write('/diagnostics', 'twinlock.Diagnostics', timeNs, timeNs, diagnostics(moment))
    if (moment.estimate !== null) {
      const { x, y, yaw } = moment.estimate
      const { position, rotation } = fromPlanar(x, y, yaw)
      const pose = { timestamp: messages.stamp(timeNs), frame_id: 'world', pose: { position, orientation: rotation } }
      this.#write('/estimate', 'foxglove.PoseInFrame', timeNs, timeNs, messages.jsonBytes(pose))
    }
  }

  /** A camera's frame with its labels, received at `receivedNs`. `jpeg` is its picture. */
  picture(
    name: string,
    frame: CameraFrame,
    jpeg: Uint8Array,
    labels: readonly ObjectLabel[],
    measuredNs: number,
    receivedNs: number,
  ): void {
    this.#write(
      `/${name}/image`,
      'foxglove.CompressedImage',
      measuredNs,
      receivedNs,
      messages.compressedImage(measuredNs, `${name}_optical`, jpeg),
    )
    this.#write(
      `/${name}/calibration`,
      'foxglove.CameraCalibration',
      measuredNs,
      receivedNs,
      messages.calibration(frame, `${name}_optical`),
    )
    if (labels.length > 0)
      this.#write(`/${name}/labels`, 'foxglove.ImageAnnotations', measuredNs, receivedNs, messages.imageAnnotations(measuredNs, labels))
  }

  /** A camera's depth in millimetres (16 bit), received at `receivedNs`. */
  depth(name: string, frame: CameraFrame, measuredNs: number, receivedNs: number): void {
    const bytes = new Uint8Array(depthMillimetres(frame.depth).buffer)
    const image = messages.rawImage(measuredNs, `${name}_optical`, frame.width, frame.height, '16UC1', bytes)
    this.#write(`/${name}/depth`, 'foxglove.RawImage', measuredNs, receivedNs, image)
  }

  /** A lidar's scan. */
  scan(spec: LidarSpec, scan: LidarScan, directions: Float64Array): void {
    const planar = spec.elevations.length === 1
    const data = planar ? messages.laserScan(scan, spec) : messages.pointCloud(scan, spec, directions)
    this.#write(`/${spec.name}`, planar ? 'foxglove.LaserScan' : 'foxglove.PointCloud', scan.timeNs, scan.timeNs + spec.latencyNs, data)
  }

  /** A line for people. */
  note(timeNs: number, message: string, isFailure: boolean): void {
    const [info, failure] = [2, 4]
    const log = { timestamp: messages.stamp(timeNs), level: isFailure ? failure : info, message, name: 'drive', file: '', line: 0 }
    this.#write('/log', 'foxglove.Log', timeNs, timeNs, messages.jsonBytes(log))
  }

  #write(topic: string, schema: SchemaName, measuredNs: number, receivedNs: number, data: Uint8Array): void {
    let channel = this.#channels.get(topic)
    if (channel === undefined) {
      channel = this.file.channel(topic, schema, schemaText(schema))
      this.#channels.set(topic, channel)
    }
    this.#messages++
    this.file.message(channel, measuredNs, receivedNs, data)
  }
}

/** Depth in whole millimetres, little-endian on all that Node supports; 0 for nothing, 65535 for more than 65.5 m. */
export function depthMillimetres(depth: Float32Array): Uint16Array {
  const out = new Uint16Array(depth.length)
  for (let i = 0; i < depth.length; i++) out[i] = Math.min(65_535, Math.floor((depth[i] as number) * 1000 + 0.5))
  return out
}

/** From x ahead and z up to x right and z ahead. */
const optical: Transform['rotation'] = { x: -0.5, y: 0.5, z: -0.5, w: 0.5 }

function transformsOf(moment: Moment, mounts: readonly string[]): messages.NamedTransform[] {
  const { position, rotation } = moment.motion
  const base = { parent: 'world', child: 'base', pose: { position: { ...position }, rotation: { ...rotation } } }
  const sensors = mounts.flatMap((name) => [
    { parent: 'world', child: name, pose: moment.mount(name) },
    { parent: name, child: `${name}_optical`, pose: { position: { x: 0, y: 0, z: 0 }, rotation: optical } },
  ])
  return [base, ...sensors]
}

function odometry(moment: Moment): Uint8Array {
  const { x, y, yaw, linear, angular } = moment.odometry
  const { position, rotation } = fromPlanar(x, y, yaw)
  return messages.jsonBytes({
    timestamp: messages.stamp(moment.timeNs),
    frame_id: 'odometry',
    child_frame_id: 'base',
    pose: { position, orientation: rotation },
    twist: { linear: { x: linear, y: 0, z: 0 }, angular: { x: 0, y: 0, z: angular } },
  })
}

function diagnostics(moment: Moment): Uint8Array {
  const { command, battery } = moment
  return messages.jsonBytes({
    timestamp: messages.stamp(moment.timeNs),
    battery: { charge: battery.charge, watts: battery.watts },
    command: { linear: command.twist.linear, angular: command.twist.angular, status: command.status, reason: command.reason ?? '' },
    goals_reached: moment.goalsReached,
    faults: moment.faults.map(({ kind }) => kind),
  })
}
