// The little of xacro that plain robot files use: arguments, properties, and `${…}` with names and simple sums. Nothing is
// included, called or executed; what goes further is refused by name.

import { EngineError } from '../errors.ts'
import { numberFrom } from './numbers.ts'
import type { XmlElement } from './xml.ts'

const depthMax = 16

/** Arguments that a caller gives, by name, as `namespace`. */
export type XacroArguments = Readonly<Record<string, string>>

/** Replaces `$(arg …)` and `${…}` in texts of one robot file. */
export class Xacro {
  readonly #arguments = new Map<string, string>()
  readonly #properties = new Map<string, string>()
  readonly #file: string

  constructor(root: XmlElement, given: XacroArguments, file: string) {
    this.#file = file
    for (const { name, attributes } of root.children) {
      const key = attributes.name ?? ''
      if (name === 'xacro:arg') this.#arguments.set(key, given[key] ?? attributes.default ?? '')
      if (name === 'xacro:property') this.#properties.set(key, attributes.value ?? '')
    }
    for (const [key, value] of Object.entries(given)) this.#arguments.set(key, value)
  }

  #unknown(name: string): never {
    throw new EngineError('urdf/unknown-property', `\`${this.#file}\` uses \`${name}\`, which is no argument or property of it`, {
      file: this.#file,
      name,
    })
  }

  /** The text with everything replaced. */
  expand(text: string, depth = 0): string {
    if (depth > depthMax)
      throw new EngineError('urdf/unknown-property', `\`${this.#file}\` has properties that refer to each other in a circle`, {
        file: this.#file,
      })
    return text
      .replace(/\$\(arg\s+([\w.-]+)\s*\)/g, (_, name: string) => this.#arguments.get(name) ?? this.#unknown(`$(arg ${name})`))
      .replace(/\$\{([^{}]*)\}/g, (_, expression: string) => this.#value(expression.trim(), depth))
  }

  #value(expression: string, depth: number): string {
    const known = this.#properties.get(expression)
    if (known !== undefined) return this.expand(known, depth + 1)
    const sum = /^([\w.-]+)\s*([-+*/])\s*([\w.-]+)$/.exec(expression)
    if (sum === null) return this.#unknown(`\${${expression}}`)
    const [a, b] = [sum[1] ?? '', sum[3] ?? ''].map((term) =>
      numberFrom(this.#properties.has(term) ? this.#value(term, depth + 1) : term, `${this.#file}: \${${expression}}`),
    )
    return String(calculate(a ?? 0, sum[2] ?? '+', b ?? 0))
  }
}

function calculate(a: number, operator: string, b: number): number {
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  return operator === '+' ? a + b : a - b
}
