// A contact sheet: frames of a drive in rows of three, as a person checks them at a glance: the picture, its depth in colours, and every
// body in a colour of its own. Frames are halved, so that a sheet of a dozen stays small. It shows the whole drive, however long that becomes:
// when it is full, each two neighbours make room by keeping the one that shows more.

import { EngineError } from '../errors.ts'
import type { Picture } from '../sensors/picture.ts'

const gap = 6
const shrink = 2
const background = 24

/** Most frames of a sheet. */
const sheetFramesMax = 64

interface Kept {
  readonly row: Uint8Array
  readonly worth: number
}

/** A sheet of at most so many frames, which ends as one picture. */
export class ContactSheet {
  readonly #most: number
  #kept: Kept[] = []
  /** How many frames were offered, and how many of them share a place. */
  #offered = 0
  #sharing = 1
  #width = 0
  #height = 0

  constructor(most: number = sheetFramesMax) {
    this.#most = Math.max(1, Math.min(most, sheetFramesMax))
  }

  /** How many frames there are. */
  get count(): number {
    return this.#kept.length
  }

  /** Offers a frame; the larger its `worth`, the sooner it is kept. All must have one size: `value/out-of-range` otherwise. */
  offer(picture: Picture, worth: number): void {
    const width = Math.floor(picture.width / shrink)
    const height = Math.floor(picture.height / shrink)
    if (this.#offered > 0 && (width !== this.#width || height !== this.#height)) {
      throw new EngineError('value/out-of-range', 'A contact sheet holds frames of one size; this is another one.', { width, height })
    }
    this.#width = width
    this.#height = height
    while (Math.floor(this.#offered / this.#sharing) >= this.#most) this.#makeRoom()
    const place = Math.floor(this.#offered++ / this.#sharing)
    const before = this.#kept[place]
    if (before === undefined || worth > before.worth) this.#kept[place] = { row: tripleRow(picture, width, height), worth }
  }

  #makeRoom(): void {
    this.#sharing *= 2
    const pairs = Math.ceil(this.#kept.length / 2)
    this.#kept = Array.from({ length: pairs }, (_, pair) => {
      const [first, second] = this.#kept.slice(pair * 2, pair * 2 + 2)
      return first !== undefined && (second === undefined || first.worth >= second.worth) ? first : second
    }).filter((one) => one !== undefined)
  }

  /** The sheet: pixels of three bytes, with `perRow` frames side by side. */
  build(perRow = 1): { readonly width: number; readonly height: number; readonly pixels: Uint8Array } {
    const cellWidth = this.#width * 3 + gap * 3
    const cellHeight = this.#height + gap
    const lines = Math.max(1, Math.ceil(this.#kept.length / perRow))
    const width = Math.max(1, cellWidth * perRow + gap)
    const height = cellHeight * lines + gap
    const pixels = new Uint8Array(width * height * 3).fill(background)
    for (const [index, { row }] of this.#kept.entries()) {
      const left = gap + (index % perRow) * cellWidth
      const top = gap + Math.floor(index / perRow) * cellHeight
      const stride = (this.#width * 3 + gap * 2) * 3
      for (let y = 0; y < this.#height; y++) pixels.set(row.subarray(y * stride, (y + 1) * stride), ((top + y) * width + left) * 3)
    }
    return { width, height, pixels }
  }
}

/** Picture, depth and bodies side by side. */
function tripleRow(picture: Picture, width: number, height: number): Uint8Array {
  const stride = (width * 3 + gap * 2) * 3
  const out = new Uint8Array(stride * height).fill(background)
  const far = farthest(picture.depth)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * shrink * picture.width + x * shrink
      const at = y * stride + x * 3
      out.set(averaged(picture, from), at)
      out.set(depthColour(picture.depth[from] ?? 0, far), at + (width + gap) * 3)
      out.set(bodyColour(picture.instances[from] ?? 0), at + (width + gap) * 6)
    }
  }
  return out
}

function averaged({ rgb, width }: Picture, pixel: number): readonly number[] {
  return [0, 1, 2].map((channel) => {
    const at = pixel * 3 + channel
    return ((rgb[at] ?? 0) + (rgb[at + 3] ?? 0) + (rgb[at + width * 3] ?? 0) + (rgb[at + width * 3 + 3] ?? 0) + 2) >> 2
  })
}

function farthest(depth: Float32Array): number {
  let far = 1
  for (const metres of depth) if (metres > far) far = metres
  return Math.min(far, 20)
}

// From near to far: the steps of a perceptual map (dark at the far end), as pixel values.
const depthSteps: readonly (readonly [number, number, number])[] = [
  [249, 231, 33],
  [160, 218, 57],
  [74, 193, 109],
  [31, 161, 135],
  [39, 127, 142],
  [54, 92, 141],
  [70, 50, 126],
  [68, 1, 84],
]

/** A colour for a distance in metres, from yellow (near) to violet (`far`); black where nothing is. */
export function depthColour(metres: number, far: number): readonly [number, number, number] {
  if (!(metres > 0)) return [0, 0, 0]
  const place = Math.min(1, metres / far) * (depthSteps.length - 1)
  const step = Math.min(depthSteps.length - 2, Math.floor(place))
  const share = place - step
  const a = depthSteps[step] ?? [0, 0, 0]
  const b = depthSteps[step + 1] ?? a
  return [0, 1, 2].map((k) => Math.floor((a[k] ?? 0) + ((b[k] ?? 0) - (a[k] ?? 0)) * share + 0.5)) as [number, number, number] // three in, three out
}

/** A colour for a body's id, far from that of its neighbours; dark grey for none. */
export function bodyColour(id: number): readonly [number, number, number] {
  if (id === 0) return [40, 40, 40]
  const hash = Math.imul(id, 0x9e3779b1) >>> 8
  return [
    80 + (hash & 127) + ((hash >> 18) & 47),
    80 + ((hash >> 7) & 127) + ((hash >> 21) & 47),
    80 + ((hash >> 14) & 127) + ((hash >> 3) & 47),
  ]
}
