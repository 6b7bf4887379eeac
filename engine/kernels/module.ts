// From functions to a module: the binary format's sections, and its memory, which the host makes and the kernels share with typed arrays.
// Everything in it is written by this project; no module comes from outside.
// Source: WebAssembly Core Specification 2.0, section 5.5 (binary format of modules).

import { EngineError } from '../errors.ts'
import { type Code, type Local, unsigned, type ValueType, valueTypes } from './code.ts'

/** A function as it is written: parameters, then locals by need; it answers nothing or one 32-bit whole number. */
export class KernelFunction {
  readonly name: string
  readonly #parameters: ValueType[] = []
  readonly #locals: ValueType[] = []
  #body: Code = []

  constructor(name: string) {
    this.name = name
  }

  /** Adds a parameter; all of them come before the first local. */
  parameter(type: ValueType): Local {
    this.#parameters.push(type)
    return { index: this.#parameters.length - 1 }
  }

  /** Adds a local variable, 0 at first. */
  local(type: ValueType): Local {
    this.#locals.push(type)
    return { index: this.#parameters.length + this.#locals.length - 1 }
  }

  /** Sets what the function does. */
  does(...codes: readonly Code[]): this {
    this.#body = codes.flat()
    return this
  }

  /** Its type, in the binary format. */
  get type(): number[] {
    return [0x60, ...list(this.#parameters.map((type) => [valueTypes[type]])), 0]
  }

  /** Its locals and body, in the binary format. */
  get code(): number[] {
    const body = [...list(this.#locals.map((type) => [1, valueTypes[type]])), ...this.#body, 0x0b]
    return [...unsigned(body.length), ...body]
  }
}

/** Calls a function by its place in the module. */
export const call = (place: number, ...values: readonly Code[]): Code => [...values.flat(), 0x10, ...unsigned(place)]

// The few members of the platform's WebAssembly that are used here: the ECMAScript library of the type checker does not hold them.
interface Platform {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, (...values: number[]) => void>> }
}
declare const WebAssembly: Platform

/** A compiled module: one for all memories. */
export type KernelModule = object

/** Functions of a module over one memory, and that memory. */
export interface Kernels {
  readonly buffer: ArrayBuffer
  /** The function of a name. */
  readonly find: (name: string) => (...values: number[]) => void
}

const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, bytes: readonly number[]): number[] => [id, ...unsigned(bytes.length), ...bytes]
const text = (name: string): number[] => list([...name].map((letter) => [letter.charCodeAt(0)]))

/** The bytes of a module that holds functions, in their order, and takes a memory of any size. */
function moduleBytes(functions: readonly KernelFunction[]): Uint8Array {
  const places = functions.map((_, place) => unsigned(place))
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(functions.map(({ type }) => type))),
    ...section(2, list([[...text('host'), ...text('memory'), 0x02, 0x00, 0x00]])),
    ...section(3, list(places)),
    ...section(7, list(functions.map(({ name }, place) => [...text(name), 0x00, ...unsigned(place)]))),
    ...section(10, list(functions.map(({ code }) => code))),
  ])
}

/** Compiles functions. */
export function compileKernels(functions: readonly KernelFunction[]): KernelModule {
  return new WebAssembly.Module(moduleBytes(functions))
}

const pageBytes = 65_536

/** The most bytes that a memory may have: kernels compare addresses as signed numbers. */
export const memoryBytesMax = 2 ** 31 - pageBytes

/** Gives a module a memory of so many bytes, which never grows: arrays over it stay valid; `value/out-of-range` past `memoryBytesMax`. */
export function instantiate(module: KernelModule, bytes: number): Kernels {
  if (bytes > memoryBytesMax) {
    const said = `A sensor would need ${(bytes / 1e9).toFixed(1)} GB for what it sees, of at most 2.1: use simpler meshes.`
    throw new EngineError('value/out-of-range', said, { bytes, memoryBytesMax })
  }
  const pages = Math.ceil(bytes / pageBytes)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const { exports } = new WebAssembly.Instance(module, { host: { memory } })
  const find = (name: string): ((...values: number[]) => void) => {
    const found = exports[name]
    if (found === undefined) throw new Error(`The module holds no function \`${name}\`.`)
    return found
  }
  return { buffer: memory.buffer, find }
}
