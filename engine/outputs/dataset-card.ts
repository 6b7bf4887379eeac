// The card of a dataset, in Markdown: what it is, how it was made, which sensors with which noise, how much of what, its limits, and the
// digest of every file. Everything in it is computed; names come from scenarios and are quoted as code.

import type { CameraSpec } from '../sensors/camera.ts'
import type { LidarSpec } from '../sensors/lidar.ts'

/** A file of the dataset. */
export interface CardFile {
  readonly path: string
  readonly bytes: number
  /** `sha256:<hex>`. */
  readonly digest: string
}

/** What a card says. */
export interface CardFacts {
  readonly title: string
  readonly summary: string
  readonly scenario: string
  readonly seed: number
  readonly engineDigest: string
  readonly verdict: string
  readonly simulatedSeconds: number
  readonly cameras: readonly CameraSpec[]
  readonly lidars: readonly LidarSpec[]
  readonly imageCount: number
  readonly scanCount: number
  readonly messageCount: number
  readonly classCounts: ReadonlyMap<string, number>
  /** What the world's source held and the scene does not. */
  readonly warnings: readonly string[]
  readonly files: readonly CardFile[]
}

const shown = (value: number): string => String(Math.floor(value * 1000 + 0.5) / 1000)
const code = (text: string): string =>
  `\`${text
    .replaceAll('`', "'")
    .replaceAll(/[\r\n|]/g, ' ')
    .slice(0, 200)}\``
const hertz = (periodNs: number): string => `${shown(1e9 / periodNs)} Hz`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---|').join('')}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]

/** Writes the card. */
export function writeCard(facts: CardFacts): string {
  return `${[
    `# Dataset: ${facts.title.replaceAll(/[\r\n]/g, ' ')}`,
    '',
    facts.summary,
    '',
    '## How it was made',
    '',
    `- scenario ${code(facts.scenario)}, seed ${facts.seed}, ${shown(facts.simulatedSeconds)} simulated seconds`,
    `- outcome: ${facts.verdict}`,
    `- digest of the run's states: ${code(facts.engineDigest)}`,
    '- simulated: deterministic rigid bodies, software camera and ray-cast lidar; the same scenario and seed give the same bytes on every machine',
    '',
    '## Sensors',
    '',
    ...cameraLines(facts.cameras),
    ...lidarLines(facts.lidars),
    '## What is in it',
    '',
    `${facts.imageCount} pictures, ${facts.scanCount} lidar scans, ${facts.messageCount} messages.`,
    '',
    ...(facts.classCounts.size === 0
      ? ['No labels.']
      : table(
          ['class', 'labels'],
          [...facts.classCounts].map(([name, count]) => [name, String(count)]),
        )),
    '',
    '## Limits',
    '',
    ...limitLines(facts),
    '',
    '## Files',
    '',
    ...table(
      ['file', 'bytes', 'digest'],
      facts.files.map(({ path, bytes, digest }) => [code(path), String(bytes), code(digest)]),
    ),
  ].join('\n')}\n`
}

function cameraLines(cameras: readonly CameraSpec[]): string[] {
  if (cameras.length === 0) return []
  const rows = cameras.map((camera) => {
    const { width, height, fx, fy, cx, cy } = camera.intrinsics
    const light = camera.shadows ? 'soft light and sharp shadows' : 'soft light'
    const noise = `read noise ${shown(camera.noiseSigma)} of 255 (one sigma, clipped at 6)`
    return [
      code(camera.name),
      `${width} × ${height}`,
      `${shown(fx)}, ${shown(fy)}, ${shown(cx)}, ${shown(cy)}`,
      hertz(camera.periodNs),
      `${shown(camera.latencyNs / 1e6)} ms`,
      `${noise}; ${light}`,
    ]
  })
  return [...table(['camera', 'pixels', 'fx, fy, cx, cy', 'rate', 'latency', 'noise and light'], rows), '']
}

function lidarLines(lidars: readonly LidarSpec[]): string[] {
  if (lidars.length === 0) return []
  const rows = lidars.map((lidar) => [
    code(lidar.name),
    `${lidar.elevations.length} × ${lidar.columns}`,
    `${shown(lidar.rangeMin)} to ${shown(lidar.rangeMax)} m`,
    hertz(lidar.periodNs),
    `${shown(lidar.latencyNs / 1e6)} ms`,
    `${shown(lidar.sigmaMetres * 1000)} mm + ${shown(lidar.sigmaShare * 100)} % (one sigma), ${shown(lidar.lossShare * 100)} % lost, steps of ${shown(lidar.stepMetres * 1000)} mm`,
  ])
  return [...table(['lidar', 'rings × rays', 'range', 'rate', 'latency', 'noise'], rows), '']
}

function limitLines(facts: CardFacts): string[] {
  return [
    '- Pictures are drawn, not photographed: no lens distortion, motion blur, rolling shutter, reflections or transparency; edges are not smoothed.',
    '- The roof and haze behind the scene are a backdrop: no depth, no mask, no lidar return.',
    '- Boxes, masks, occlusion and truncation are exact for what is drawn; truncation is judged on a canvas three times the picture.',
    '- A lidar scan is one instant; returns have no intensity and every surface returns alike.',
    '- Pictures in the log are JPEG; exact colours are in the PNG files. Depth images are whole millimetres, up to 65.5 m.',
    '- People are stiff figures on fixed paths. Nobody real is shown.',
    ...facts.warnings.map((warning) => `- From the world's source: ${code(warning)}`),
  ]
}
