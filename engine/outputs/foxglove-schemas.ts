// The JSON schemas of the messages in a recording: Foxglove's well-known ones by their own names and fields (docs.foxglove.dev, "Schemas"), and
// two of our own for what those do not cover. Written out here, because a file must explain itself to whoever opens it years later.

type JsonSchema = { readonly [key: string]: unknown }

const number: JsonSchema = { type: 'number' }
const integer: JsonSchema = { type: 'integer' }
const text: JsonSchema = { type: 'string' }
const yes: JsonSchema = { type: 'boolean' }
const base64: JsonSchema = { type: 'string', contentEncoding: 'base64' }
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const record = (properties: { readonly [key: string]: JsonSchema }, title?: string): JsonSchema => ({
  ...(title === undefined ? {} : { title }),
  type: 'object',
  properties,
})

const time = record({ sec: { type: 'integer', minimum: 0 }, nsec: { type: 'integer', minimum: 0, maximum: 999_999_999 } }, 'time')
const duration = record({ sec: integer, nsec: { type: 'integer', minimum: 0, maximum: 999_999_999 } }, 'duration')
const vector = record({ x: number, y: number, z: number }, 'foxglove.Vector3')
const quaternion = record({ x: number, y: number, z: number, w: number }, 'foxglove.Quaternion')
const pose = record({ position: vector, orientation: quaternion }, 'foxglove.Pose')
const colour = record({ r: number, g: number, b: number, a: number }, 'foxglove.Color')
const point2 = record({ x: number, y: number }, 'foxglove.Point2')
const point3 = record({ x: number, y: number, z: number }, 'foxglove.Point3')
const stamped = { timestamp: time, frame_id: text }
const pair = record({ key: text, value: text }, 'foxglove.KeyValuePair')

const entity = record(
  {
    ...stamped,
    id: text,
    lifetime: duration,
    frame_locked: yes,
    metadata: list(pair),
    arrows: list({ type: 'object' }),
    cubes: list(record({ pose, size: vector, color: colour }, 'foxglove.CubePrimitive')),
    spheres: list(record({ pose, size: vector, color: colour }, 'foxglove.SpherePrimitive')),
    cylinders: list(record({ pose, size: vector, bottom_scale: number, top_scale: number, color: colour }, 'foxglove.CylinderPrimitive')),
    lines: list({ type: 'object' }),
    triangles: list(
      record({ pose, points: list(point3), color: colour, colors: list(colour), indices: list(integer) }, 'foxglove.TriangleListPrimitive'),
    ),
    texts: list({ type: 'object' }),
    models: list({ type: 'object' }),
  },
  'foxglove.SceneEntity',
)

const points = record(
  {
    timestamp: time,
    type: integer,
    points: list(point2),
    outline_color: colour,
    outline_colors: list(colour),
    fill_color: colour,
    thickness: number,
  },
  'foxglove.PointsAnnotation',
)

const schemas = {
  'foxglove.SceneUpdate': record({ deletions: list({ type: 'object' }), entities: list(entity) }),
  'foxglove.LaserScan': record({
    ...stamped,
    pose,
    start_angle: number,
    end_angle: number,
    // JSON has no infinity: null is a ray from which nothing came back.
    ranges: list({ type: ['number', 'null'] }),
    intensities: list(number),
  }),
  'foxglove.PointCloud': record({
    ...stamped,
    pose,
    point_stride: integer,
    fields: list(record({ name: text, offset: integer, type: integer }, 'foxglove.PackedElementField')),
    data: base64,
  }),
  'foxglove.CompressedImage': record({ ...stamped, data: base64, format: text }),
  'foxglove.RawImage': record({ ...stamped, width: integer, height: integer, encoding: text, step: integer, data: base64 }),
  'foxglove.CameraCalibration': record({
    ...stamped,
    width: integer,
    height: integer,
    distortion_model: text,
    D: list(number),
    K: list(number),
    R: list(number),
    P: list(number),
  }),
  'foxglove.ImageAnnotations': record({ circles: list({ type: 'object' }), points: list(points), texts: list({ type: 'object' }) }),
  'foxglove.FrameTransforms': record({
    transforms: list(
      record(
        { timestamp: time, parent_frame_id: text, child_frame_id: text, translation: vector, rotation: quaternion },
        'foxglove.FrameTransform',
      ),
    ),
  }),
  'foxglove.PoseInFrame': record({ ...stamped, pose }),
  'foxglove.Log': record({ timestamp: time, level: integer, message: text, name: text, file: text, line: integer }),
  'twinlock.Odometry': record({
    ...stamped,
    child_frame_id: text,
    pose,
    twist: record({ linear: vector, angular: vector }),
  }),
  'twinlock.Diagnostics': record({
    timestamp: time,
    battery: record({ charge: number, watts: number }),
    command: record({ linear: number, angular: number, status: text, reason: text }),
    goals_reached: integer,
    faults: list(text),
  }),
} as const satisfies Record<string, JsonSchema>

/** The name of a schema that recordings use. */
export type SchemaName = keyof typeof schemas

/** A schema as text, with its name as title. */
export function schemaText(name: SchemaName): string {
  return JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: name, ...schemas[name] })
}

/** The names of all schemas. */
export const schemaNames = Object.keys(schemas) as readonly SchemaName[] // keys of a literal
