// The work of one picture row in the memory of its camera: the ends of pieces, where texture and light are exact, and the pieces between them.
// Kernels run over whole rows of ends, one stage after another; the host adds ends and pieces, and reads and writes single numbers of them.

import { end, piece } from '../kernels/end-records.ts'

/** Numbers of a record of an end: as floats, and as whole numbers. */
export const endStride: number = end.bytes / 8
const endWholes = end.bytes / 4
const pieceWholes = piece.bytes / 4

/** Ends and pieces of one row, or the corners of one face. */
export class RowBatch {
  endCount = 0
  pieceCount = 0
  /** Address of the first end. */
  readonly at: number
  /** Records of ends (end-records.ts), as floats. */
  readonly ends: Float64Array
  readonly #wholes: Int32Array
  readonly #pieces: Int32Array

  constructor(buffer: ArrayBuffer, at: number, endsMax: number, piecesAt = 0, piecesMax = 0) {
    this.at = at
    this.ends = new Float64Array(buffer, at, endsMax * endStride)
    this.#wholes = new Int32Array(buffer, at, endsMax * endWholes)
    this.#pieces = new Int32Array(buffer, piecesAt, piecesMax * pieceWholes)
  }

  /** Starts a new row. */
  clear(): void {
    this.endCount = 0
    this.pieceCount = 0
  }

  /** Adds an end with the addresses of its face's record and of its surface, and answers its number. */
  addEnd(column: number, face: number, surface: number): number {
    const number = this.endCount++
    const at = number * endWholes
    this.#wholes[at + end.column / 4] = column
    this.#wholes[at + end.face / 4] = face
    this.#wholes[at + end.surface / 4] = surface
    this.ends[number * endStride + end.open / 8] = 1
    return number
  }

  /** Adds a piece of `count` pixels from column `from`, between two ends that are `steps` pixels apart. */
  addPiece(endA: number, endB: number, from: number, count: number, steps: number): void {
    const at = this.pieceCount++ * pieceWholes
    this.#pieces[at + piece.endA / 4] = this.at + endA * end.bytes
    this.#pieces[at + piece.endB / 4] = this.at + endB * end.bytes
    this.#pieces[at + piece.from / 4] = from
    this.#pieces[at + piece.count / 4] = count
    this.#pieces[at + piece.steps / 4] = steps
  }
}
