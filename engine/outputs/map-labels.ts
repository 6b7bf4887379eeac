// Where the words of a map go: beside their mark, on the first side where they cover neither other words nor the map's edge. Text comes from
// scenarios and worlds (untrusted); whoever writes it into markup escapes it.

/** Words beside a mark at x, y (pixels of the page); `gap` is how far from its middle they begin. */
export interface MapLabel {
  readonly x: number
  readonly y: number
  readonly gap: number
  readonly text: string
  /** Pixels. */
  readonly size: number
}

/** Where a label's first letter stands, or with `end` its last, on its base line. */
export interface LabelPlace {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The usual width of a letter, as a share of its size. */
const letterShare = 0.56

/** Places labels one after another; the earlier ones keep their best side. */
export class LabelPlacer {
  readonly #taken: Box[] = []
  readonly #right: number

  /** `width` is the page's, in pixels. */
  constructor(width: number) {
    this.#right = width
  }

  /** Keeps words off a mark. */
  reserve(x: number, y: number, radius: number): void {
    this.#taken.push({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius })
  }

  /** Beside the mark, then above, below and on the other side; the first choice where none is free. */
  place({ x, y, gap, text, size }: MapLabel): LabelPlace {
    const middle = y + size * 0.35
    const sides = [middle, middle - gap - size * 0.6, middle + gap + size * 0.6].flatMap((base): LabelPlace[] => [
      { x: x + gap, y: base, anchor: 'start' },
      { x: x - gap, y: base, anchor: 'end' },
    ])
    const boxes = sides.map((side) => boxOf(side, text.length * size * letterShare, size))
    const free = boxes.findIndex((box) => box.left >= 0 && box.right <= this.#right && !this.#taken.some((other) => overlap(box, other)))
    const chosen = Math.max(0, free)
    this.#taken.push(...boxes.slice(chosen, chosen + 1))
    return sides[chosen] ?? { x: x + gap, y: middle, anchor: 'start' }
  }
}

function boxOf(place: LabelPlace, width: number, size: number): Box {
  const left = place.anchor === 'start' ? place.x : place.x - width
  return { left, top: place.y - size, right: left + width, bottom: place.y + size * 0.25 }
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
