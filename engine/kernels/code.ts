// The instructions that the sensors' kernels are written in: WebAssembly with 128-bit vectors, as expressions that nest like arithmetic.
// An expression is its own bytes, operands before operator; module.ts wraps them into a module. Rounding is IEEE 754's throughout, so the same
// bits come out everywhere; the relaxed vector instructions, where that does not hold, are left out on purpose.
// Source: WebAssembly Core Specification 2.0, section 5.4 (binary format of instructions).

/** The bytes of instructions. */
export type Code = readonly number[]

/** A local variable or parameter of a function. */
export interface Local {
  readonly index: number
}

/** Types of values, as the binary format numbers them. */
export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const

/** The name of a type of values. */
export type ValueType = keyof typeof valueTypes

/** A whole number in the format's variable length, without sign. */
export function unsigned(value: number): number[] {
  const out: number[] = []
  let rest = value
  for (; rest > 127; rest >>>= 7) out.push((rest & 127) | 128)
  return [...out, rest]
}

/** A 32-bit whole number in the format's variable length, with sign. */
function signed(value: number): number[] {
  const out: number[] = []
  let rest = value | 0
  for (; rest < -64 || rest > 63; rest >>= 7) out.push((rest & 127) | 128)
  return [...out, rest & 127]
}

type Unary = (a: Code) => Code
type Binary = (a: Code, b: Code) => Code
type Load = (address: Code, offset?: number) => Code
type Store = (address: Code, value: Code, offset?: number) => Code

const unary =
  (...op: number[]): Unary =>
  (a) => [...a, ...op]
const binary =
  (...op: number[]): Binary =>
  (a, b) => [...a, ...b, ...op]
// Alignment is a hint; none is given, because spans begin anywhere.
const load =
  (...op: number[]): Load =>
  (address, offset = 0) => [...address, ...op, 0, ...unsigned(offset)]
const store =
  (...op: number[]): Store =>
  (address, value, offset = 0) => [...address, ...value, ...op, 0, ...unsigned(offset)]
const oneLane =
  (op: number) =>
  (address: Code, value: Code, lane: number, offset = 0): Code => [...address, ...value, 0xfd, op, 0, ...unsigned(offset), lane]

const float64 = (value: number): Code => [...new Uint8Array(Float64Array.of(value).buffer)]

/** 32-bit whole numbers. */
export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: load(0x28),
  load8: load(0x2d),
  load16: load(0x2f),
  store: store(0x36),
  store8: store(0x3a),
  store16: store(0x3b),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shr: binary(0x75),
  /** Zeros above the highest bit, and below the lowest. */
  leadingZeros: unary(0x67),
  trailingZeros: unary(0x68),
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  lt: binary(0x48),
  /** Less, both without sign. */
  below: binary(0x49),
  gt: binary(0x4a),
  le: binary(0x4c),
  ge: binary(0x4e),
  /** The whole part, 0 for what is no number; what is too large stays at the end of the range. */
  truncate: unary(0xfc, 0x02),
  /** The whole part modulo 2³², as `| 0` in JavaScript. */
  wrap: (a: Code): Code => [...a, 0xfc, 0x06, 0xa7],
}

/** 64-bit whole numbers: two of 32 bits side by side. */
export const i64 = { lower: unary(0xa7), upper: unary(0x42, 32, 0x88, 0xa7) }

/** 32-bit floats. */
export const f32 = {
  const: (value: number): Code => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  load: load(0x2a),
  store: store(0x38),
  div: binary(0x95),
}

// One 64-bit float in both lanes of a vector, and the first of two.
const splat: Code = [0xfd, 0x14]
const firstOfTwo: Code = [0xfd, 0x21, 0]
// What pushes a whole number's last bits to the end of a 64-bit float: 2⁵² + 2⁵¹.
const shift: Code = [0xfd, 0x0c, ...new Uint8Array(Float64Array.of(6_755_399_441_055_744, 6_755_399_441_055_744).buffer)]

/** 64-bit floats. */
export const f64 = {
  const: (value: number): Code => [0x44, ...float64(value)],
  load: load(0x2b),
  /** A 32-bit float, widened. */
  loadSingle: (address: Code, offset = 0): Code => [...load(0x2a)(address, offset), 0xbb],
  store: store(0x39),
  gt: binary(0x64),
  of: unary(0xb7),
  abs: unary(0x99),
  negate: unary(0x9a),
  sqrt: unary(0x9f),
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
  div: binary(0xa3),
  /** The smaller of both and the larger, `a` where `b` is no number: on some platforms the format's own minimum and maximum branch. */
  smaller: ((a, b) => [...a, ...splat, ...b, ...splat, 0xfd, 0xf6, 0x01, ...firstOfTwo]) satisfies Binary,
  larger: ((a, b) => [...a, ...splat, ...b, ...splat, 0xfd, 0xf7, 0x01, ...firstOfTwo]) satisfies Binary,
  ceil: unary(0x9b),
  floor: unary(0x9c),
}

/** Vectors of 128 bits, by the lanes that an instruction sees in them. */
export const vector = {
  const: (bytes: readonly number[]): Code => [0xfd, 0x0c, ...bytes],
  /** Four 32-bit whole numbers. */
  ofWhole: (lanes: readonly number[]): Code => [0xfd, 0x0c, ...new Uint8Array(Int32Array.from(lanes).buffer)],
  /** Two 64-bit floats. */
  ofFloats: (lanes: readonly number[]): Code => [0xfd, 0x0c, ...new Uint8Array(Float64Array.from(lanes).buffer)],
  load: load(0xfd, 0x00),
  load32: load(0xfd, 0x5c),
  load64: load(0xfd, 0x5d),
  /** One 64-bit float in both lanes. */
  loadBoth: load(0xfd, 0x0a),
  store: store(0xfd, 0x0b),
  /** Loads 32 bits into one lane of a vector. */
  loadLane32: oneLane(0x56),
  loadLane64: oneLane(0x57),
  storeLane32: oneLane(0x5a),
  storeLane64: oneLane(0x5b),
  /** Where `mask` has ones the bits of `a`, else those of `b`. */
  choose: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, 0xfd, 0x52],
  and: binary(0xfd, 0x4e),
  /** The bits of `a` where `b` has none. */
  andNot: binary(0xfd, 0x4f),
  or: binary(0xfd, 0x50),
  xor: binary(0xfd, 0x51),
  /** Whether any bit is set. */
  any: unary(0xfd, 0x53),
  /** Bytes of `a` by the numbers in `b`. */
  swizzle: binary(0xfd, 0x0e),
  /** Bytes of both by number: 0 to 15 are of `a`, 16 to 31 of `b`. */
  shuffle: (a: Code, b: Code, bytes: readonly number[]): Code => [...a, ...b, 0xfd, 0x0d, ...bytes],
}

/** Sixteen bytes. */
export const i8x16 = { add: binary(0xfd, 0x6e), min: binary(0xfd, 0x77), ofWords: binary(0xfd, 0x66) }

/** Eight 16-bit whole numbers. */
export const i16x8 = {
  splat: unary(0xfd, 0x10),
  ofWholes: binary(0xfd, 0x85, 0x01),
  ofBytes: unary(0xfd, 0x89, 0x01),
  ofHighBytes: unary(0xfd, 0x8a, 0x01),
  /** Sums of two neighbouring bytes each. */
  pairsOfBytes: unary(0xfd, 0x7d),
  add: binary(0xfd, 0x8e, 0x01),
  sub: binary(0xfd, 0x91, 0x01),
  mul: binary(0xfd, 0x95, 0x01),
  shrUnsigned: binary(0xfd, 0x8d, 0x01),
  eq: binary(0xfd, 0x2d),
  /** Greater, both without sign. */
  above: binary(0xfd, 0x32),
  /** A whole number with a bit per lane, from the lanes' own first bits. */
  bits: unary(0xfd, 0x84, 0x01),
}

/** Four 32-bit whole numbers. */
export const i32x4 = {
  splat: unary(0xfd, 0x11),
  lane: (a: Code, lane: number): Code => [...a, 0xfd, 0x1b, lane],
  ofWords: unary(0xfd, 0xa9, 0x01),
  ofSignedWords: unary(0xfd, 0xa7, 0x01),
  ofHighSignedWords: unary(0xfd, 0xa8, 0x01),
  abs: unary(0xfd, 0xa0, 0x01),
  add: binary(0xfd, 0xae, 0x01),
  sub: binary(0xfd, 0xb1, 0x01),
  mul: binary(0xfd, 0xb5, 0x01),
  shl: binary(0xfd, 0xab, 0x01),
  shr: binary(0xfd, 0xac, 0x01),
  min: binary(0xfd, 0xb6, 0x01),
  max: binary(0xfd, 0xb8, 0x01),
  gt: binary(0xfd, 0x3b),
  le: binary(0xfd, 0x3d),
  eq: binary(0xfd, 0x37),
  ne: binary(0xfd, 0x38),
  bits: unary(0xfd, 0xa4, 0x01),
}

/** Four 32-bit floats. */
export const f32x4 = {
  splat: (a: Code): Code => [...a, 0xfd, 0x13],
  /** Two 64-bit floats rounded, in the lower lanes. */
  ofFloats: unary(0xfd, 0x5e),
  lane: (a: Code, lane: number): Code => [...a, 0xfd, 0x1f, lane],
  gt: binary(0xfd, 0x44),
  ge: binary(0xfd, 0x46),
  div: binary(0xfd, 0xe7, 0x01),
  /** The smaller of both, `a` where `b` is no number. */
  smaller: binary(0xfd, 0xea, 0x01),
}

/** Two 64-bit whole numbers. */
export const i64x2 = { lane: (a: Code, lane: number): Code => [...a, 0xfd, 0x1d, lane] }

/** Two 64-bit floats. */
export const f64x2 = {
  splat: unary(0xfd, 0x14),
  lane: (a: Code, lane: number): Code => [...a, 0xfd, 0x21, lane],
  add: binary(0xfd, 0xf0, 0x01),
  sub: binary(0xfd, 0xf1, 0x01),
  mul: binary(0xfd, 0xf2, 0x01),
  div: binary(0xfd, 0xf3, 0x01),
  abs: unary(0xfd, 0xec, 0x01),
  ceil: unary(0xfd, 0x74),
  floor: unary(0xfd, 0x75),
  /** The larger of both, `a` where `b` is no number; the smaller of both likewise. */
  larger: binary(0xfd, 0xf7, 0x01),
  smaller: binary(0xfd, 0xf6, 0x01),
  eq: binary(0xfd, 0x47),
  gt: binary(0xfd, 0x4a),
  le: binary(0xfd, 0x4b),
  /** The two lower of four 32-bit floats, widened. */
  ofSingles: unary(0xfd, 0x5f),
  /** A whole number with a bit per lane, from the lanes' own first bits. */
  bits: unary(0xfd, 0xc4, 0x01),
  /** The two lower of four 32-bit whole numbers. */
  ofWholes: unary(0xfd, 0xfe, 0x01),
  /** The whole parts, in the lower lanes of 32-bit whole numbers. */
  truncate: unary(0xfd, 0xfc, 0x01),
  /** The whole parts of numbers below 2⁵¹ modulo 2³², in the first lane and the third of 32-bit whole numbers. */
  wrap: (a: Code): Code => [...a, 0xfd, 0x7a, ...shift, 0xfd, 0xf0, 0x01],
}

/** Reads a local. */
export const get = (local: Local): Code => [0x20, ...unsigned(local.index)]
/** Writes a local. */
export const set = (local: Local, value: Code): Code => [...value, 0x21, ...unsigned(local.index)]
/** One after the other. */
export const seq = (...codes: readonly Code[]): Code => codes.flat()
/** Runs `then` if the condition is not 0. */
export const when = (condition: Code, then: Code): Code => [...condition, 0x04, 0x40, ...then, 0x0b]
/** Runs one of two. */
export const either = (condition: Code, then: Code, otherwise: Code): Code => [...condition, 0x04, 0x40, ...then, 0x05, ...otherwise, 0x0b]
/** `a` if the condition is not 0, else `b`; both are computed. */
export const select = (a: Code, b: Code, condition: Code): Code => [...a, ...b, ...condition, 0x1b]
/** Runs the body as long as the condition is not 0 before it. */
export const repeat = (condition: Code, body: Code): Code => [
  ...[0x02, 0x40, 0x03, 0x40],
  ...condition,
  ...[0x45, 0x0d, 0x01],
  ...body,
  ...[0x0c, 0x00, 0x0b, 0x0b],
]
/** Ends the function. */
export const leave: Code = [0x0f]
/** Adds to a 32-bit local. */
export const advance = (local: Local, by: Code): Code => set(local, i32.add(get(local), by))
