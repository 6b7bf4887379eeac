// The work of one picture row, laid out as columns of numbers: the ends of pieces, where texture and light are exact, and the pieces between
// them. Stages run over whole columns, one after another, so no number is boxed and no call is made per pixel or per end.

/** Columns for one row; as many ends as pixels, and as many pieces. */
export class RowBatch {
  endCount = 0
  pieceCount = 0
  // Per end: pixel column, face record (its first number), surface number.
  readonly column: Int32Array
  readonly record: Int32Array
  readonly surface: Int32Array
  // Place in the texture and its slope along the row, in texels of level 0; texels that a pixel covers.
  readonly u: Float64Array
  readonly v: Float64Array
  readonly du: Float64Array
  readonly dv: Float64Array
  readonly footprint: Float64Array
  // Place and normal in the world; the ray's way from the eye.
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  readonly nx: Float64Array
  readonly ny: Float64Array
  readonly nz: Float64Array
  readonly rayX: Float64Array
  readonly rayY: Float64Array
  readonly rayZ: Float64Array
  // Light: soft from above, soft from below, share of the ceiling seen; then three colours.
  readonly down: Float64Array
  readonly up: Float64Array
  readonly seen: Float64Array
  readonly red: Float64Array
  readonly green: Float64Array
  readonly blue: Float64Array
  // Per piece: its two ends (the same for a flat piece), first column, pixels, pixels from one end to the other.
  readonly endA: Int32Array
  readonly endB: Int32Array
  readonly from: Int32Array
  readonly count: Int32Array
  readonly steps: Int32Array

  constructor(width: number) {
    const ends = width * 2 + 4
    const floats = (): Float64Array => new Float64Array(ends)
    const wholes = (): Int32Array => new Int32Array(ends)
    this.column = wholes()
    this.record = wholes()
    this.surface = wholes()
    this.u = floats()
    this.v = floats()
    this.du = floats()
    this.dv = floats()
    this.footprint = floats()
    this.x = floats()
    this.y = floats()
    this.z = floats()
    this.nx = floats()
    this.ny = floats()
    this.nz = floats()
    this.rayX = floats()
    this.rayY = floats()
    this.rayZ = floats()
    this.down = floats()
    this.up = floats()
    this.seen = floats()
    this.red = floats()
    this.green = floats()
    this.blue = floats()
    this.endA = wholes()
    this.endB = wholes()
    this.from = wholes()
    this.count = wholes()
    this.steps = wholes()
  }

  /** Starts a new row. */
  clear(): void {
    this.endCount = 0
    this.pieceCount = 0
  }

  /** Adds an end and answers its number. */
  addEnd(column: number, record: number, surface: number): number {
    const end = this.endCount++
    this.column[end] = column
    this.record[end] = record
    this.surface[end] = surface
    return end
  }

  /** Adds a piece of `count` pixels from column `from`, between two ends that are `steps` pixels apart. */
  addPiece(endA: number, endB: number, from: number, count: number, steps: number): void {
    const piece = this.pieceCount++
    this.endA[piece] = endA
    this.endB[piece] = endB
    this.from[piece] = from
    this.count[piece] = count
    this.steps[piece] = steps
  }
}
