// Messages of a recording as bytes: plain data in, JSON of one of foxglove-schemas.ts out. Knows neither the simulation nor the file.

import { Buffer } from 'node:buffer'
import { compose, type Transform } from '../math/transform.ts'
import type { Body, Collider, PoseSnapshot, Scene } from '../scene/scene.ts'
import { poseAt } from '../scene/scene.ts'
import type { CameraFrame } from '../sensors/camera.ts'
import type { ObjectLabel } from '../sensors/labels.ts'
import { type LidarScan, type LidarSpec, rayDirections } from '../sensors/lidar.ts'

/** Bytes of a value as JSON. */
export function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

/** Seconds and nanoseconds of a simulated moment. */
export function stamp(timeNs: number): { readonly sec: number; readonly nsec: number } {
  const sec = Math.floor(timeNs / 1e9)
  return { sec, nsec: timeNs - sec * 1e9 }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

const poseOf = ({
  position,
  rotation,
}: Transform): { readonly position: Transform['position']; readonly orientation: Transform['rotation'] } => ({
  position,
  orientation: rotation,
})

const atOrigin = { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } }

/** `foxglove.LaserScan` of a planar lidar; rays without a return are null. */
export function laserScan(scan: LidarScan, spec: LidarSpec): Uint8Array {
  const step = spec.azimuthSpan / spec.columns
  return jsonBytes({
    timestamp: stamp(scan.timeNs),
    frame_id: spec.name,
    pose: atOrigin,
    start_angle: spec.azimuthMin,
    end_angle: spec.azimuthMin + step * (spec.columns - 1),
    ranges: Array.from(scan.ranges, (range) => (Number.isFinite(range) ? range : null)),
    intensities: [],
  })
}

// foxglove.PackedElementField types.
const float32 = 7
const uint16 = 4

/** `foxglove.PointCloud` in the lidar's own frame: x, y, z as floats and the body's id; rays without a return are left out. */
export function pointCloud(scan: LidarScan, spec: LidarSpec, directions: Float64Array = rayDirections(spec)): Uint8Array {
  const stride = 14
  const bytes = new Uint8Array(scan.ranges.length * stride)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [ray, range] of scan.ranges.entries()) {
    if (!Number.isFinite(range)) continue
    for (let axis = 0; axis < 3; axis++) view.setFloat32(at + axis * 4, range * (directions[ray * 3 + axis] ?? 0), true)
    view.setUint16(at + 12, scan.instances[ray] ?? 0, true)
    at += stride
  }
  const field = (name: string, offset: number, type: number): object => ({ name, offset, type })
  return jsonBytes({
    timestamp: stamp(scan.timeNs),
    frame_id: spec.name,
    pose: atOrigin,
    point_stride: stride,
    fields: [field('x', 0, float32), field('y', 4, float32), field('z', 8, float32), field('instance', 12, uint16)],
    data: base64(bytes.subarray(0, at)),
  })
}

/** `foxglove.CompressedImage` of a JPEG. */
export function compressedImage(timeNs: number, frameId: string, jpeg: Uint8Array): Uint8Array {
  return jsonBytes({ timestamp: stamp(timeNs), frame_id: frameId, data: base64(jpeg), format: 'jpeg' })
}

/** `foxglove.RawImage`: `encoding` as ROS names it (`rgb8`, `16UC1`, `32FC1`). */
export function rawImage(timeNs: number, frameId: string, width: number, height: number, encoding: string, data: Uint8Array): Uint8Array {
  const step = data.length / height
  return jsonBytes({ timestamp: stamp(timeNs), frame_id: frameId, width, height, encoding, step, data: base64(data) })
}

/** `foxglove.CameraCalibration` of a pinhole without distortion. */
export function calibration(frame: CameraFrame, frameId: string): Uint8Array {
  const { fx, fy, cx, cy, width, height } = frame.view
  return jsonBytes({
    timestamp: stamp(frame.timeNs),
    frame_id: frameId,
    width,
    height,
    distortion_model: '',
    D: [],
    K: [fx, 0, cx, 0, fy, cy, 0, 0, 1],
    R: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    P: [fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0],
  })
}

/** `foxglove.ImageAnnotations`: a closed outline around each label, coloured by class. */
export function imageAnnotations(timeNs: number, labels: readonly ObjectLabel[]): Uint8Array {
  const lineLoop = 2
  const clear = { r: 0, g: 0, b: 0, a: 0 }
  const outline = ({ box, classId }: ObjectLabel): object => {
    const [x, y, w, h] = box
    const corners = [
      { x, y },
      { x: x + w, y },
      { x: x + w, y: y + h },
      { x, y: y + h },
    ]
    const [r, g, b] = classColour(classId)
    return {
      timestamp: stamp(timeNs),
      type: lineLoop,
      points: corners,
      outline_color: { r, g, b, a: 1 },
      outline_colors: [],
      fill_color: clear,
      thickness: 2,
    }
  }
  return jsonBytes({ circles: [], points: labels.map(outline), texts: [] })
}

/** Colours of classes, from 0 to 1, far apart in hue from one number to the next. */
export function classColour(classId: number): readonly [number, number, number] {
  const palette = [
    [0.45, 0.45, 0.45],
    [0.6, 0.6, 0.65],
    [0.1, 0.35, 0.85],
    [0.75, 0.5, 0.2],
    [0.85, 0.65, 0.35],
    [1, 0.25, 0.15],
    [0.1, 0.75, 0.75],
    [0.9, 0.2, 0.7],
    [0.4, 0.7, 0.3],
    [1, 0.95, 0.5],
    [0.6, 0.4, 0.8],
  ] as const
  return palette[(classId - 1 + palette.length) % palette.length] ?? palette[0]
}

/** A frame of the transform tree. */
export interface NamedTransform {
  readonly parent: string
  readonly child: string
  readonly pose: Transform
}

/** `foxglove.FrameTransforms`. */
export function frameTransforms(timeNs: number, transforms: readonly NamedTransform[]): Uint8Array {
  return jsonBytes({
    transforms: transforms.map(({ parent, child, pose }) => ({
      timestamp: stamp(timeNs),
      parent_frame_id: parent,
      child_frame_id: child,
      translation: pose.position,
      rotation: pose.rotation,
    })),
  })
}

/** `foxglove.SceneUpdate` of the bodies that `pick` chooses, at a moment. Frame `world`. */
export function sceneUpdate(scene: Scene, snapshot: PoseSnapshot, pick: (body: Body) => boolean): Uint8Array {
  const entities = scene.bodies.flatMap((body, index) => (pick(body) ? [entity(body, poseAt(snapshot, index), snapshot.timeNs)] : []))
  return jsonBytes({ deletions: [], entities })
}

function entity(body: Body, pose: Transform, timeNs: number): object {
  const parts = body.colliders.filter((collider) => collider.drawn)
  const shapes = (kind: Collider['shape']['kind']): object[] =>
    parts.filter((part) => part.shape.kind === kind).map((part) => primitive(part, pose))
  return {
    timestamp: stamp(timeNs),
    frame_id: 'world',
    id: body.name,
    lifetime: { sec: 0, nsec: 0 },
    frame_locked: true,
    metadata: [
      { key: 'class', value: body.label },
      { key: 'instance', value: String(body.id) },
    ],
    arrows: [],
    cubes: [...shapes('box'), ...shapes('plane')],
    spheres: shapes('sphere'),
    cylinders: shapes('cylinder'),
    lines: [],
    triangles: shapes('mesh'),
    texts: [],
    models: [],
  }
}

function primitive({ shape, pose, material }: Collider, body: Transform): object {
  const { r, g, b } = material.baseColor
  // Viewers take display colours; ours are linear.
  const base = { pose: poseOf(compose(body, pose)), color: { r: Math.sqrt(r), g: Math.sqrt(g), b: Math.sqrt(b), a: 1 } }
  switch (shape.kind) {
    case 'box':
      return { ...base, size: shape.size }
    case 'plane':
      return { ...base, size: { x: shape.size.x, y: shape.size.y, z: 0.001 } }
    case 'sphere':
      return { ...base, size: { x: shape.radius * 2, y: shape.radius * 2, z: shape.radius * 2 } }
    case 'cylinder':
      return { ...base, size: { x: shape.radius * 2, y: shape.radius * 2, z: shape.length }, bottom_scale: 1, top_scale: 1 }
    case 'mesh':
      return { ...base, points: corners(shape.positions), colors: [], indices: Array.from(shape.indices) }
  }
}

function corners(positions: Float32Array): object[] {
  const points: object[] = []
  for (let at = 0; at + 2 < positions.length; at += 3) points.push({ x: positions[at], y: positions[at + 1], z: positions[at + 2] })
  return points
}
