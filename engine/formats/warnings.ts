// Collects what a reader could not take over, once per place and kind, however often a file repeats it.

import type { SceneWarning } from '../scene/scene.ts'
import type { XmlElement } from './xml.ts'

const warningsMax = 1000

/** The warnings of one import. */
export class Warnings {
  readonly #seen = new Map<string, SceneWarning>()
  #more = 0

  /** Notes something; the same code and place again is not repeated. */
  add(code: SceneWarning['code'], where: string, message: string): void {
    const key = `${code} ${where}`
    if (this.#seen.has(key)) return
    if (this.#seen.size >= warningsMax) this.#more += 1
    else this.#seen.set(key, { code, where, message })
  }

  /** Names every child that is neither read nor known to mean nothing here. */
  unsupported(element: XmlElement, where: string, read: readonly string[]): void {
    for (const { name } of element.children)
      if (!read.includes(name)) this.add('unsupported-element', `${where}/${name}`, `<${name}> is not simulated: it was left out`)
  }

  /** Names every child of these names that says something else than nothing: other than zeros, `false` or the given word. */
  unlessIdle(element: XmlElement | undefined, where: string, names: Readonly<Record<string, string>>): void {
    for (const { name, text } of element?.children ?? []) {
      const usual = names[name]
      const isIdle = usual === undefined || text === usual || /^(?:false|[\s0.]*)$/.test(text)
      if (!isIdle)
        this.add('unsupported-value', `${where}/${name}`, `<${name}> of \`${text.slice(0, 40)}\` is not simulated: it was left out`)
    }
  }

  /** All of them, in the order in which they were found. */
  list(): SceneWarning[] {
    const all = [...this.#seen.values()]
    if (this.#more > 0) all.push({ code: 'unsupported-element', where: '', message: `${this.#more} further warnings are not shown` })
    return all
  }
}
