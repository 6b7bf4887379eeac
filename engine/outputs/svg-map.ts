// A drive from above, as SVG: walls, racks and loads, the robot's true path and what it believed, people's tracks, goals, and the moments that
// matter. Names come from scenarios and worlds (untrusted), so every text is escaped.

import { rotate } from '../math/quat.ts'
import { compose, type Transform } from '../math/transform.ts'
import type { Body, ClassLabel, Collider, Scene } from '../scene/scene.ts'
import { LabelPlacer, type MapLabel } from './map-labels.ts'

/** A place of the floor plan, metres. */
export type PlanPoint = readonly [number, number]

/** Something that happened at a place. */
export interface PlanMoment {
  readonly at: PlanPoint
  readonly seconds: number
  readonly text: string
  readonly kind: 'good' | 'bad' | 'note'
}

/** What a map shows beside the scene. */
export interface DriveOnMap {
  readonly title: string
  /** One line below the title: outcome and figures. */
  readonly subtitle: string
  readonly path: readonly PlanPoint[]
  /** Where the controller believed to be. */
  readonly believed: readonly PlanPoint[]
  readonly people: readonly { readonly name: string; readonly track: readonly PlanPoint[] }[]
  readonly goals: readonly { readonly name: string; readonly x: number; readonly y: number }[]
  readonly moments: readonly PlanMoment[]
}

const pixelsWide = 960
const margin = 36
const head = 64
const foot = 40
/** Most points of one line; longer ones are thinned evenly. */
const linePointsMax = 4000

const fills: Partial<Record<ClassLabel, string>> = {
  wall: '#3f4653',
  rack: '#8fb0e6',
  pallet: '#d9b98a',
  box: '#c99a5b',
  furniture: '#a7b59a',
  vehicle: '#c79bd0',
  other: '#b9bfc9',
}

/** Draws the map. */
export function drawMap(scene: Scene, drive: DriveOnMap): string {
  const frame = frameOf(scene, drive)
  const placer = placerOf(drive, frame)
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pixelsWide} ${fixed(frame.height)}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${escapeText(drive.title)}</title>`,
    `<rect width="100%" height="100%" fill="#fbfbf9"/>`,
    `<text x="${margin}" y="28" font-size="18" font-weight="600" fill="#1d2430">${escapeText(drive.title)}</text>`,
    `<text x="${margin}" y="48" fill="#56606f">${escapeText(drive.subtitle)}</text>`,
    gridLines(frame),
    ...scene.bodies.filter(isFixedThing).map((body) => footprint(body, frame)),
    ...drive.people.map((person) => line(person.track, frame, 'stroke="#d9480f" stroke-width="1.6" stroke-dasharray="2 4"', person.name)),
    line(drive.believed, frame, 'stroke="#1098ad" stroke-width="1.2" stroke-dasharray="5 4"', 'believed path'),
    line(drive.path, frame, 'stroke="#0b7285" stroke-width="2.6"', 'path'),
    ...drive.goals.map((goal, index) => goalMark(goal, index, frame, placer)),
    ...drive.people.map((person) => endMark(person.track, frame, '#d9480f')),
    endMark(drive.path, frame, '#0b7285'),
    ...drive.moments.map((moment) => momentMark(moment, frame, placer)),
    legend(frame),
    '</svg>',
  ]
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

interface MapFrame {
  readonly low: PlanPoint
  readonly high: PlanPoint
  readonly scale: number
  readonly height: number
}

function isFixedThing(body: Body): boolean {
  return body.motion === 'fixed' && body.label !== 'floor' && body.label !== 'light'
}

function frameOf(scene: Scene, drive: DriveOnMap): MapFrame {
  const points: PlanPoint[] = [...drive.path, ...drive.goals.map(({ x, y }) => [x, y] as const)]
  for (const body of scene.bodies) if (isFixedThing(body)) points.push(...outline(body))
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  const xs = finite.map(([x]) => x)
  const ys = finite.map(([, y]) => y)
  const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b), values[0] ?? 0)
  const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), values[0] ?? 0)
  const low = [least(xs) - 0.5, least(ys) - 0.5] as const
  const high = [most(xs) + 0.5, most(ys) + 0.5] as const
  // Neither a dot nor a tower: at most twice as high as wide.
  const scale = Math.min((pixelsWide - 2 * margin) / (high[0] - low[0]), (pixelsWide * 1.4) / (high[1] - low[1]))
  return { low, high, scale, height: head + foot + (high[1] - low[1]) * scale }
}

function toPage([x, y]: PlanPoint, { low, high, scale }: MapFrame): string {
  const offset = (pixelsWide - (high[0] - low[0]) * scale) / 2
  return `${fixed(offset + (x - low[0]) * scale)},${fixed(head + (high[1] - y) * scale)}`
}

function footprint(body: Body, frame: MapFrame): string {
  const fill = fills[body.label] ?? '#b9bfc9'
  const shapes = body.colliders
    .filter(({ solid, shape }) => solid && shape.kind !== 'plane')
    .map((collider) => partMark(collider, body.pose, frame, fill))
  if (shapes.length === 0) return ''
  const opacity = body.label === 'rack' ? ' fill-opacity="0.75"' : ''
  return `<g fill="${fill}"${opacity}><title>${escapeText(`${body.name} (${body.label})`)}</title>${shapes.join('')}</g>`
}

/** A part as its hull; a mesh of few triangles as those triangles, because walls around a hall are one mesh. */
function partMark(collider: Collider, body: Transform, frame: MapFrame, fill: string): string {
  const { shape } = collider
  if (shape.kind !== 'mesh' || shape.indices.length > meshIndicesMax) return polygon(partOutline(collider, body), frame)
  const put = putter(compose(body, collider.pose))
  const corner = (index: number): PlanPoint => {
    const at = (shape.indices[index] ?? 0) * 3
    return put(shape.positions[at] ?? 0, shape.positions[at + 1] ?? 0, shape.positions[at + 2] ?? 0)
  }
  // All the same way round, or a top and the bottom below it would cancel out.
  const triangles = Array.from({ length: Math.floor(shape.indices.length / 3) }, (_, t) => {
    const [a, b, c] = [corner(t * 3), corner(t * 3 + 1), corner(t * 3 + 2)]
    return [a, ...(turnsLeft(a, b, c) ? [b, c] : [c, b])].map((point, k) => `${k === 0 ? 'M' : 'L'}${toPage(point, frame)}`).join('')
  })
  return `<path d="${[...new Set(triangles)].join('z')}z" stroke="${fill}" stroke-width="0.8"/>`
}

const meshIndicesMax = 6000

function putter(placed: Transform): (x: number, y: number, z: number) => PlanPoint {
  return (x, y, z) => {
    const turned = rotate(placed.rotation, { x, y, z })
    return [turned.x + placed.position.x, turned.y + placed.position.y]
  }
}

function polygon(points: readonly PlanPoint[], frame: MapFrame): string {
  return `<polygon points="${points.map((point) => toPage(point, frame)).join(' ')}"/>`
}

function outline(body: Body): PlanPoint[] {
  return body.colliders.flatMap((collider) => (collider.shape.kind === 'plane' ? [] : partOutline(collider, body.pose)))
}

/** The hull of a part on the floor. */
function partOutline({ shape, pose }: Collider, body: Transform): PlanPoint[] {
  const put = putter(compose(body, pose))
  if (shape.kind === 'mesh') {
    const points: PlanPoint[] = []
    for (let at = 0; at + 2 < shape.positions.length; at += 3) {
      points.push(put(shape.positions[at] ?? 0, shape.positions[at + 1] ?? 0, shape.positions[at + 2] ?? 0))
    }
    return hull(points)
  }
  const half =
    shape.kind === 'box'
      ? shape.size
      : shape.kind === 'plane'
        ? { ...shape.size, z: 0 }
        : { x: shape.radius * 2, y: shape.radius * 2, z: shape.kind === 'cylinder' ? shape.length : shape.radius * 2 }
  const signs = [-0.5, 0.5]
  return hull(signs.flatMap((x) => signs.flatMap((y) => signs.map((z) => put(x * half.x, y * half.y, z * half.z)))))
}

/** The convex hull of points, counter-clockwise (Andrew's monotone chain). */
function hull(points: readonly PlanPoint[]): PlanPoint[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const chain = (list: readonly PlanPoint[]): PlanPoint[] => {
    const out: PlanPoint[] = []
    for (const point of list) {
      while (out.length >= 2 && !turnsLeft(out.at(-2) ?? point, out.at(-1) ?? point, point)) out.pop()
      out.push(point)
    }
    return out.slice(0, -1)
  }
  return [...chain(sorted), ...chain([...sorted].reverse())]
}

function turnsLeft(a: PlanPoint, b: PlanPoint, c: PlanPoint): boolean {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0
}

function line(points: readonly PlanPoint[], frame: MapFrame, style: string, name: string): string {
  const finite = points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y))
  if (finite.length < 2) return ''
  const every = Math.ceil(finite.length / linePointsMax)
  const kept = finite.filter((_, index) => index % every === 0 || index === finite.length - 1)
  const path = kept.map((point) => toPage(point, frame)).join(' ')
  return `<polyline points="${path}" fill="none" ${style} stroke-linejoin="round" stroke-linecap="round"><title>${escapeText(name)}</title></polyline>`
}

/** Words keep off the marks of goals, moments and people. */
function placerOf(drive: DriveOnMap, frame: MapFrame): LabelPlacer {
  const placer = new LabelPlacer(pixelsWide)
  const ends = [drive.path, ...drive.people.map(({ track }) => track)].flatMap((track) => track.slice(-1))
  const marks = [...drive.goals.map(({ x, y }): PlanPoint => [x, y]), ...drive.moments.map(({ at }) => at), ...ends]
  for (const mark of marks) {
    const [x = '0', y = '0'] = toPage(mark, frame).split(',')
    placer.reserve(Number(x), Number(y), 6)
  }
  return placer
}

/** Words beside a mark, with a rim in the colour of the page. */
function words(label: MapLabel, colour: string, placer: LabelPlacer): string {
  const { x, y, anchor } = placer.place(label)
  const place = `x="${fixed(x)}" y="${fixed(y)}"${anchor === 'end' ? ' text-anchor="end"' : ''}`
  return `<text ${place} font-size="${label.size}" fill="${colour}" stroke="#fbfbf9" stroke-width="3" paint-order="stroke">${escapeText(label.text)}</text>`
}

function goalMark(goal: DriveOnMap['goals'][number], index: number, frame: MapFrame, placer: LabelPlacer): string {
  const [x = '0', y = '0'] = toPage([goal.x, goal.y], frame).split(',')
  const label = `<text x="${x}" y="${Number(y) + 4}" text-anchor="middle" font-size="11" font-weight="700" fill="#fff">${index + 1}</text>`
  const name = words({ x: Number(x), y: Number(y), gap: 13, text: goal.name, size: 12 }, '#2b8a3e', placer)
  return `<circle cx="${x}" cy="${y}" r="9" fill="#2b8a3e"/>${label}${name}`
}

function endMark(points: readonly PlanPoint[], frame: MapFrame, colour: string): string {
  const last = points.at(-1)
  if (last === undefined) return ''
  const [x = '0', y = '0'] = toPage(last, frame).split(',')
  return `<circle cx="${x}" cy="${y}" r="5" fill="${colour}" stroke="#fff" stroke-width="1.5"/>`
}

function momentMark(moment: PlanMoment, frame: MapFrame, placer: LabelPlacer): string {
  const colour = moment.kind === 'bad' ? '#c92a2a' : moment.kind === 'good' ? '#2b8a3e' : '#5f3dc4'
  const [x = '0', y = '0'] = toPage(moment.at, frame).split(',')
  const text = `${moment.seconds.toFixed(1)} s: ${moment.text}`
  const diamond = `<path d="M${x} ${Number(y) - 7}l7 7l-7 7l-7 -7z" fill="${colour}" stroke="#fff" stroke-width="1.5"><title>${escapeText(text)}</title></path>`
  // What went well is told by the goal's own name; only its time is written.
  const told = moment.kind === 'good' ? `${moment.seconds.toFixed(1)} s` : text
  const label = words({ x: Number(x), y: Number(y), gap: 11, text: told, size: 11 }, colour, placer)
  return diamond + label
}

function gridLines(frame: MapFrame): string {
  const { low, high } = frame
  const step = high[0] - low[0] > 60 ? 10 : 2
  const lines: string[] = []
  for (let x = Math.ceil(low[0] / step) * step; x <= high[0]; x += step) lines.push(segment([x, low[1]], [x, high[1]], frame))
  for (let y = Math.ceil(low[1] / step) * step; y <= high[1]; y += step) lines.push(segment([low[0], y], [high[0], y], frame))
  return `<path d="${lines.join('')}" stroke="#e4e6ea" stroke-width="1" fill="none"><title>every ${step} m</title></path>`
}

function segment(a: PlanPoint, b: PlanPoint, frame: MapFrame): string {
  return `M${toPage(a, frame)}L${toPage(b, frame)}`
}

function legend(frame: MapFrame): string {
  const y = frame.height - 16
  const items: readonly (readonly [string, string])[] = [
    ['#0b7285', 'path'],
    ['#1098ad', 'believed'],
    ['#d9480f', 'people'],
    ['#2b8a3e', 'goals'],
    ['#8fb0e6', 'racks'],
    ['#c99a5b', 'loads'],
  ]
  return items
    .map(([colour, name], i) => {
      const x = margin + i * 92
      return `<rect x="${x}" y="${fixed(y - 9)}" width="14" height="10" rx="2" fill="${colour}"/><text x="${x + 20}" y="${fixed(y)}" fill="#56606f">${name}</text>`
    })
    .join('')
}

function fixed(value: number): string {
  return (Math.floor(value * 10 + 0.5) / 10).toString()
}

/** Text for SVG: markup escaped, control characters left out, at most 200 characters. */
export function escapeText(text: string): string {
  const safe = text.slice(0, 200).replace(/[\u0000-\u001f\u007f]/g, ' ')
  return safe.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
