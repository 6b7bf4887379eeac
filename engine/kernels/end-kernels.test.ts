// The kernels of a row's ends against the same in plain JavaScript, written as one would say it, on random work: every bit must agree.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom, type Random } from '../math/random.ts'
import { toneMax, toneScale } from '../sensors/tone.ts'
import { end, face, sun, surface } from './end-records.ts'
import type { Kernels } from './module.ts'
import { sensorKernels } from './sensor-kernels.ts'
import { frame, head, MemoryPlan, setHead } from './shared-memory.ts'

const [count, facesMax, surfacesMax, sunsMax] = [40, 6, 5, 2]
const cells = { nx: 7, ny: 5, nz: 6, cell: 0.25, origin: [-0.3, 0.2, -0.25] } as const
const displayLength = 8192

type Numbers = readonly number[]

/** A view and one of its rows, as the host sets them. */
interface Row {
  readonly cx: number
  readonly fx: number
  readonly fy: number
  /** How far the row is below the middle, in pixels. */
  readonly below: number
  readonly rotation: Numbers
  readonly eye: Numbers
}

interface Surface {
  readonly per: Numbers
  readonly colour: Numbers
  readonly glow: number
  readonly gloss: number
  readonly isSmooth: boolean
}

interface Light {
  readonly field: Float32Array
  readonly display: Float64Array
  readonly suns: readonly { readonly to: Numbers; readonly colour: Numbers }[]
  readonly hasKey: boolean
  readonly least: number
  readonly soft: number
  readonly keyScale: number
  readonly key: Numbers
  readonly tint: Numbers
  readonly exposure: number
}

/** What is written and then read of one end. */
interface End {
  readonly column: number
  readonly face: Numbers
  readonly surface: Surface
  readonly open: number
}

const between = (random: Random, low: number, high: number): number => low + (high - low) * random.uniform()
const some = (random: Random, length: number, low: number, high: number): Numbers =>
  Array.from({ length }, () => between(random, low, high))
const whole = (random: Random, high: number): number => Math.floor(between(random, 0, high))
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[whole(random, items.length)] as Item // there is one at least

const n = (numbers: ArrayLike<number>, at: number): number => numbers[at] ?? Number.NaN

/** Dot product of a plane (per ray x, ray y, 1) and a ray. */
const planeAt = (numbers: Numbers, at: number, step: number, rx: number, ry: number): number =>
  n(numbers, at) * rx + n(numbers, at + step) * ry + n(numbers, at + 2 * step)

/** Texture, slope, footprint, place, normal and ray of an end. */
function placed({ column, face: r, surface: it }: End, row: Row): Numbers {
  const [stepX, stepY] = [1 / row.fx, 1 / row.fy]
  const rx = (column + 0.5 - row.cx) * stepX
  const depth = (ry: number): number => {
    const w = planeAt(r, 0, 1, rx, ry)
    return w > 1e-5 ? 1 / w : 1e5
  }
  const ry = row.below * stepY
  const z = depth(ry)
  const metres = [0, 1].map((k) => planeAt(r, 3 + k, 2, rx, ry) * z)
  const slope = metres.map((at, k) => (n(r, 3 + k) - at * n(r, 0)) * n(it.per, k) * z * stepX)
  const across = Math.abs(n(slope, 0)) + Math.abs(n(slope, 1))
  const downs = metres.map((at, k) => Math.abs(n(r, 5 + k) - at * n(r, 1)) * n(it.per, k))
  const down = (n(downs, 0) + n(downs, 1)) * z * stepY
  const footprint = Math.min(across, down) * 0.75 + Math.max(across, down) * 0.25
  const rowRay = row.below / row.fy
  const ray = [0, 1, 2].map((k) => n(row.rotation, k) * rx + (n(row.rotation, 3 + k) * rowRay + n(row.rotation, 6 + k)))
  const far = depth(rowRay)
  const place = ray.map((along, k) => n(row.eye, k) + along * far)
  const normal = it.isSmooth ? bent(r, (column + 0.5 - row.cx) / row.fx, rowRay) : r.slice(9, 12)
  return [...metres.map((at, k) => at * n(it.per, k)), ...slope, footprint, ...place, ...normal, ...ray]
}

function bent(r: Numbers, rx: number, ry: number): Numbers {
  const normal = [12, 15, 18].map((at) => planeAt(r, at, 1, rx, ry))
  const length = Math.sqrt(n(normal, 0) * n(normal, 0) + n(normal, 1) * n(normal, 1) + n(normal, 2) * n(normal, 2))
  const inverse = length > 0 ? 1 / length : 0
  return normal.map((it) => it * inverse)
}

/** Light from above, from below, and how much of the ceiling is seen, from the eight cells around a place. */
function sampled(place: Numbers, normal: Numbers, field: Float32Array): Numbers {
  const { nx, ny, nz, cell, origin } = cells
  const perCell = 1 / cell
  const g = [nx, ny, nz].map((most, k) => {
    const at = (n(place, k) - n(origin, k)) * perCell + n(normal, k) * 0.75 - 0.5
    return !(at > 0) ? 0 : at > most - 1.001 ? most - 1.001 : at
  })
  const [i = 0, j = 0, k = 0] = g.map((at) => at | 0)
  const [fx, fy, fz] = [n(g, 0) - i, n(g, 1) - j, n(g, 2) - k]
  const w111 = fx * fy * fz
  const w110 = fx * fy - w111
  const w101 = fx * fz - w111
  const w011 = fy * fz - w111
  const w100 = fx - fx * fy - w101
  const w010 = fy - fx * fy - w011
  const w001 = fz - fx * fz - w011
  const w000 = 1 - fx - fy - fz + fx * fy + fx * fz + fy * fz - w111
  const shares = [w000, w100, w010, w110, w001, w101, w011, w111]
  return [0, 1, 2].map((part) =>
    shares
      .map((share, corner) => {
        const at = ((k + (corner >> 2)) * ny + j + ((corner >> 1) & 1)) * nx + i + (corner & 1)
        return share * n(field, at * 4 + part)
      })
      .reduce((sum, it) => sum + it),
  )
}

/** The colour of an end in paint units, from all that the stages before have left there. */
function lit(e: End, left: Readonly<Record<'normal' | 'ray' | 'soft', Numbers>>, light: Light, row: Row, ray: number): Numbers {
  const [nx, ny, nz] = [n(left.normal, 0), n(left.normal, 1), n(left.normal, 2)]
  const [down, up, seen] = [n(left.soft, 0), n(left.soft, 1), n(left.soft, 2)]
  const above = Math.max(0, nz)
  const below = Math.max(0, -nz)
  const side = 1 - above - below
  let level = down * light.soft * (above + side * (0.5 + 0.06 * (nx - ny))) + up * (below + side * 0.5) + light.least
  const facing = (to: Numbers): number => Math.max(0, nx * n(to, 0) + ny * n(to, 1) + nz * n(to, 2))
  if (light.hasKey) level = level + down * (0.3 + 0.7 * seen) * facing(light.key) * light.keyScale
  let colours = light.tint.map((part) => level * part)
  for (const { to, colour } of light.suns) colours = colours.map((it, k) => it + n(colour, k) * (facing(to) * seen))
  colours = colours.map((it) => it * e.open)
  if (e.surface.gloss !== 0) colours = colours.map((it) => it * mirrored(left.normal, left.ray, e.surface.gloss))
  const rx = (e.column + 0.5 - row.cx) * (1 / row.fx)
  const gain = light.exposure * (1 - 0.22 * (rx * rx + ray * ray)) * toneScale
  return colours.map((it, k) => {
    const shown = Math.min(toneMax * toneScale, Math.max(0, (it + e.surface.glow) * n(e.surface.colour, k) * gain))
    return n(light.display, shown | 0)
  })
}

function mirrored(normal: Numbers, ray: Numbers, gloss: number): number {
  const [dx, dy, dz] = [n(ray, 0), n(ray, 1), n(ray, 2)]
  const facing = -(dx * n(normal, 0) + dy * n(normal, 1) + dz * n(normal, 2)) / Math.sqrt(dx * dx + dy * dy + dz * dz)
  const graze = 1 - Math.max(0, facing)
  const squared = graze * graze
  return 1 + gloss * squared * squared * graze
}

interface Bench {
  readonly kernels: Kernels
  readonly at: Readonly<Record<'ends' | 'faces' | 'surfaces' | 'field' | 'display' | 'suns', number>>
}

function benchOf(): Bench {
  const plan = new MemoryPlan()
  const at = {
    ends: plan.place(count * end.bytes),
    faces: plan.place(facesMax * face.bytes),
    surfaces: plan.place(surfacesMax * surface.bytes),
    field: plan.place(cells.nx * cells.ny * cells.nz * 16),
    display: plan.place(displayLength * 8),
    suns: plan.place(sunsMax * sun.bytes),
  }
  const kernels = sensorKernels(plan.bytes, false)
  for (const name of ['ends', 'field', 'display', 'suns'] as const) setHead(kernels, frame[name], at[name])
  setHead(kernels, frame.fieldRow, cells.nx * 16)
  setHead(kernels, frame.fieldLayer, cells.nx * cells.ny * 16)
  setFloats(kernels, frame.perCell, [1 / cells.cell])
  setFloats(kernels, frame.origin, cells.origin)
  setFloats(
    kernels,
    frame.last,
    [cells.nx, cells.ny, cells.nz].map((most) => most - 1.001),
  )
  return { kernels, at }
}

function setFloats(kernels: Kernels, at: number, values: ArrayLike<number>): void {
  new Float64Array(kernels.buffer, at, values.length).set(values)
}

function floats(kernels: Kernels, at: number, length: number): Numbers {
  return [...new Float64Array(kernels.buffer, at, length)]
}

function randomRow({ kernels }: Bench, random: Random): Row {
  const row: Row = {
    ...{ cx: between(random, 100, 500), fx: between(random, 50, 600), fy: between(random, 50, 600), below: between(random, -200, 200) },
    ...{ rotation: some(random, 9, -1, 1), eye: some(random, 3, -1, 2) },
  }
  setFloats(kernels, frame.cx, [row.cx, 1 / row.fx, 1 / row.fy, row.fx, ...row.eye])
  for (let axis = 0; axis < 3; axis++) setFloats(kernels, frame.rotation + axis * 32, row.rotation.slice(axis * 3, axis * 3 + 3))
  setFloats(kernels, head.rowRay, [row.below / row.fy])
  setFloats(kernels, frame.rowRay, [row.below * (1 / row.fy)])
  return row
}

function randomLight({ kernels, at }: Bench, random: Random, hasKey: boolean): Light {
  const light: Light = {
    field: Float32Array.from(some(random, cells.nx * cells.ny * cells.nz * 4, 0, 2)),
    display: Float64Array.from(some(random, displayLength, 0, 3e5)),
    suns: hasKey ? [] : [0, 1].map(() => ({ to: some(random, 3, -1, 1), colour: some(random, 3, 0, 1) })),
    ...{ hasKey, least: random.uniform() * 0.1, soft: random.uniform(), keyScale: random.uniform() },
    ...{ key: some(random, 3, -1, 1), tint: some(random, 3, 0.5, 1), exposure: between(random, 0.2, 1.2) },
  }
  new Float32Array(kernels.buffer, at.field, light.field.length).set(light.field)
  setFloats(kernels, at.display, light.display)
  for (const [number, it] of light.suns.entries()) setFloats(kernels, at.suns + number * sun.bytes, [...it.to, 0, ...it.colour])
  setHead(kernels, frame.sunCount, light.suns.length)
  setHead(kernels, frame.hasKey, hasKey ? 1 : 0)
  setFloats(kernels, frame.least, [light.least, light.soft, light.keyScale, light.exposure])
  setFloats(kernels, frame.key, light.key)
  setFloats(kernels, frame.tint, light.tint)
  return light
}

function randomSurface(random: Random, number: number): Surface {
  const [glow, gloss] = [number % 2 === 0 ? 0 : random.uniform(), number % 3 === 0 ? 0 : random.uniform()]
  return { per: some(random, 2, 20, 400), colour: some(random, 3, 0, 1), glow, gloss, isSmooth: number % 2 === 1 }
}

/** Ends of random faces and surfaces, some of them behind the eye, written as the host writes them. */
function randomEnds({ kernels, at }: Bench, random: Random): End[] {
  const surfaces = Array.from({ length: surfacesMax }, (_, number) => randomSurface(random, number))
  for (const [number, it] of surfaces.entries()) {
    const record = at.surfaces + number * surface.bytes
    setFloats(kernels, record, [...it.per, ...it.colour, it.glow, it.gloss])
    setHead(kernels, record + surface.isSmooth, it.isSmooth ? 1 : 0)
  }
  const faces = Array.from({ length: facesMax }, () => some(random, face.bytes / 8, -1, 1))
  for (const [number, it] of faces.entries()) setFloats(kernels, at.faces + number * face.bytes, it)
  return Array.from({ length: count }, (_, number) => {
    const it: End = { column: whole(random, 640), face: pick(random, faces), surface: pick(random, surfaces), open: random.uniform() }
    const record = at.ends + number * end.bytes
    setHead(kernels, record + end.column, it.column)
    setHead(kernels, record + end.face, at.faces + faces.indexOf(it.face) * face.bytes)
    setHead(kernels, record + end.surface, at.surfaces + surfaces.indexOf(it.surface) * surface.bytes)
    setFloats(kernels, record + end.open, [it.open])
    return it
  })
}

test('ends are placed in texture and world, with flat normals and with bent ones', () => {
  const bench = benchOf()
  const random = createRandom(21)
  for (let round = 0; round < 40; round++) {
    const row = randomRow(bench, random)
    const ends = randomEnds(bench, random)
    bench.kernels.find('place')(count)
    for (const [number, it] of ends.entries()) {
      const record = bench.at.ends + number * end.bytes
      const read = (field: number, length: number): Numbers => floats(bench.kernels, record + field, length)
      const found = [...read(end.texture, 2), ...read(end.slope, 2), ...read(end.footprint, 1)]
      assert.deepEqual([...found, ...read(end.place, 3), ...read(end.normal, 3), ...read(end.ray, 3)], placed(it, row), `end ${number}`)
    }
  }
})

test('soft light is read between cell middles, inside of the cells and beyond their borders', () => {
  const bench = benchOf()
  const random = createRandom(22)
  const { field } = randomLight(bench, random, true)
  for (let round = 0; round < 40; round++) {
    const places = Array.from({ length: count }, () => ({ place: some(random, 3, -1, 2), normal: some(random, 3, -1, 1) }))
    for (const [number, { place, normal }] of places.entries()) {
      setFloats(bench.kernels, bench.at.ends + number * end.bytes + end.place, place)
      setFloats(bench.kernels, bench.at.ends + number * end.bytes + end.normal, normal)
    }
    bench.kernels.find('sample')(bench.at.ends, count)
    for (const [number, { place, normal }] of places.entries()) {
      const found = floats(bench.kernels, bench.at.ends + number * end.bytes + end.soft, 3)
      assert.deepEqual(found, sampled(place, normal, field), `end ${number}`)
    }
  }
})

for (const hasKey of [true, false]) {
  test(`ends are lit by soft light, ${hasKey ? 'the key' : 'two suns'}, what they mirror and their own glow`, () => {
    const bench = benchOf()
    const random = createRandom(23)
    const row = randomRow(bench, random)
    const light = randomLight(bench, random, hasKey)
    const seenColours = new Set<number>()
    for (let round = 0; round < 40; round++) {
      const ends = randomEnds(bench, random)
      const left = ends.map((_, number) => {
        const parts = { normal: some(random, 3, -1, 1), ray: some(random, 3, -1, 1), soft: some(random, 3, 0, 1) }
        for (const [field, values] of Object.entries(parts)) {
          setFloats(bench.kernels, bench.at.ends + number * end.bytes + end[field as keyof typeof parts], values)
        }
        return parts
      })
      const ray = between(random, -1, 1)
      bench.kernels.find('light')(bench.at.ends, count, ray)
      for (const [number, it] of ends.entries()) {
        const found = floats(bench.kernels, bench.at.ends + number * end.bytes + end.colour, 3)
        assert.deepEqual(found, lit(it, left[number] ?? assert.fail(), light, row, ray), `end ${number}`)
        for (const value of found) seenColours.add(value)
      }
    }
    assert.ok(seenColours.size > 500, 'many brightnesses occur')
  })
}
