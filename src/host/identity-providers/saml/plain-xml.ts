// Reads XML as SAML writes it and no other: elements, attributes, text and the five entities. A document type, a comment, a processing instruction or a CDATA
// section has no business in what a provider signs, and each of them has been a way to make two readers see two things; so they are refused. Nothing else reads
// the text: what a signature covers is written out from these very elements (canonical-xml.ts). Whoever wrote the text is hostile.

/** The namespace of what XML itself names; it is never declared. */
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

/** An element. Offsets are into the text that it was read from. */
export interface PlainElement {
  /** The name without its prefix, and as it is written. */
  readonly name: string
  readonly written: string
  /** The namespace; empty where there is none. */
  readonly namespace: string
  /** Attributes by the name that they are written with; `xmlns` is not among them. */
  readonly attributes: ReadonlyMap<string, string>
  /** The namespaces that are declared here and around it, by prefix; the empty one is the default. */
  readonly scope: ReadonlyMap<string, string>
  readonly children: PlainElement[]
  /** Its children and the text between them, in order. */
  readonly content: (PlainElement | string)[]
  readonly parent: PlainElement | undefined
  /** The text that is directly in it, with entities resolved. */
  text: string
  readonly start: number
  end: number
}

/** What is read at most: text characters, elements, attributes of one element, depth, prefixes that are declared in one place. */
export const xmlLimits = { characters: 262_144, elements: 4_000, attributes: 40, depth: 30, prefixes: 60 } as const

/** A text that is not such XML; the message says what is wrong with it, and nothing of what is in it. */
export class XmlRefused extends Error {
  override readonly name = 'XmlRefused'
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const characters = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u
const named = String.raw`[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?`
const tag = new RegExp(String.raw`<(/?)(${named})((?:\s+${named}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>`, 'y')
const attribute = new RegExp(String.raw`(${named})\s*=\s*(?:"([^"]*)"|'([^']*)')`, 'g')
const declaration = /^\u{feff}?<\?xml\s[^?<>]*\?>/u

function resolved(text: string): string {
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name)
    const point = code === null ? undefined : Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16)
    const known = point === undefined ? entities[name] : point <= 0x10ffff ? String.fromCodePoint(point) : undefined
    if (known === undefined || !whole.endsWith(';') || !characters.test(known)) throw new XmlRefused('It has an entity that is not known.')
    return known
  })
}

type Scope = ReadonlyMap<string, string>

// Whatever its ends of lines were (XML 1.0 section 2.11).
const linesOf = (text: string): string => text.replace(/\r\n?/g, '\n')

function declared(scope: Map<string, string>, prefix: string, namespace: string): void {
  if (prefix === 'xml' || prefix === 'xmlns' || (prefix !== '' && namespace === ''))
    throw new XmlRefused('It declares a prefix that cannot be declared so.')
  scope.set(prefix, namespace)
}

function requireDeclared(attributes: ReadonlyMap<string, string>, scope: Scope): void {
  const prefixes = [...attributes.keys()].filter((name) => name.includes(':')).map((name) => name.slice(0, name.indexOf(':')))
  if (!prefixes.every((prefix) => scope.has(prefix))) throw new XmlRefused('It has a prefix that is not declared.')
}

function readAttributes(text: string, outer: Scope): { attributes: Map<string, string>; scope: Scope } {
  const attributes = new Map<string, string>()
  const scope = new Map(outer)
  const seen = new Set<string>()
  for (const [, name = '', double, single] of text.matchAll(attribute)) {
    if (seen.size >= xmlLimits.attributes) throw new XmlRefused('It has an element with too many attributes.')
    if (seen.has(name)) throw new XmlRefused('It has an attribute twice.')
    seen.add(name)
    // What is written as white space is a space; what an entity names stays what it is (XML 1.0 section 3.3.3).
    const value = resolved(linesOf(double ?? single ?? '').replace(/[\t\n]/g, ' '))
    const [prefix, local] = name === 'xmlns' ? ['xmlns', ''] : name.split(':')
    if (prefix === 'xmlns') declared(scope, local ?? '', value)
    else attributes.set(name, value)
  }
  requireDeclared(attributes, scope)
  // Each element's scope is a copy of the one around it.
  if (scope.size > xmlLimits.prefixes) throw new XmlRefused(`It declares more than ${xmlLimits.prefixes} prefixes in one place.`)
  return { attributes, scope }
}

function namespaceOf(written: string, scope: Scope): { name: string; namespace: string } {
  const at = written.indexOf(':')
  const namespace = scope.get(at === -1 ? '' : written.slice(0, at))
  if (namespace === undefined && at !== -1) throw new XmlRefused('It has a prefix that is not declared.')
  return { name: written.slice(at + 1), namespace: namespace ?? '' }
}

class Reader {
  readonly #text: string
  readonly #open: PlainElement[] = []
  #root: PlainElement | undefined
  readonly #elementsMax: number
  #elements = 0

  constructor(text: string, elementsMax: number) {
    this.#text = text
    this.#elementsMax = elementsMax
  }

  read(): PlainElement {
    let at = declaration.exec(this.#text)?.[0].length ?? 0
    while (at < this.#text.length) {
      const next = this.#text.indexOf('<', at)
      this.#say(this.#text.slice(at, next === -1 ? undefined : next))
      if (next === -1) break
      tag.lastIndex = next
      const found = tag.exec(this.#text)
      if (found === null) throw new XmlRefused('It holds something other than elements and text, or is not well-formed.')
      at = tag.lastIndex
      this.#tag(found, next, at)
    }
    if (this.#root === undefined || this.#open.length > 0) throw new XmlRefused('It ends too early.')
    return this.#root
  }

  #say(text: string): void {
    if (text.includes(']]>')) throw new XmlRefused('It is not well-formed.')
    if (text === '') return
    const here = this.#open.at(-1)
    if (here === undefined) {
      if (text.trim() !== '') throw new XmlRefused('It has text around its root.')
      return
    }
    const said = resolved(linesOf(text))
    here.text += said
    here.content.push(said)
  }

  #tag([, slash, written = '', attributes = '', empty]: RegExpExecArray, start: number, end: number): void {
    if (slash === '/') {
      const closed = this.#open.pop()
      if (closed === undefined || closed.written !== written || attributes !== '' || empty === '/')
        throw new XmlRefused('Its elements do not close as they open.')
      closed.end = end
      return
    }
    const element = this.#begin(written, attributes, start, end)
    if (empty === '/') this.#open.pop()
    else element.end = -1
  }

  #begin(written: string, text: string, start: number, end: number): PlainElement {
    const outer = this.#open.at(-1)
    if (outer === undefined && this.#root !== undefined) throw new XmlRefused('It has two roots.')
    if (++this.#elements > this.#elementsMax) throw new XmlRefused(`It has more than ${this.#elementsMax} elements.`)
    if (this.#open.length >= xmlLimits.depth) throw new XmlRefused(`It is deeper than ${xmlLimits.depth} elements.`)
    const { attributes, scope } = readAttributes(text, outer?.scope ?? new Map([['xml', xmlNamespace]]))
    const named = namespaceOf(written, scope)
    const element: PlainElement = { ...named, written, attributes, scope, children: [], content: [], parent: outer, text: '', start, end }
    outer?.children.push(element)
    outer?.content.push(element)
    this.#root ??= element
    this.#open.push(element)
    return element
  }
}

/** Reads a text; the root element. Throws `XmlRefused`. */
export function readPlainXml(text: string, elementsMax: number = xmlLimits.elements): PlainElement {
  if (text.length > xmlLimits.characters) throw new XmlRefused(`It is longer than ${xmlLimits.characters} characters.`)
  if (!characters.test(text.replace(/^\u{feff}/u, ''))) throw new XmlRefused('It has characters that XML does not have.')
  return new Reader(text, elementsMax).read()
}

/** The children of an element that have this name in this namespace. */
export function childrenOf(element: PlainElement | undefined, namespace: string, name: string): readonly PlainElement[] {
  return element?.children.filter((one) => one.name === name && one.namespace === namespace) ?? []
}

/** An element and everything below it, in the order of the text. */
export function* everyElement(element: PlainElement): Generator<PlainElement> {
  yield element
  for (const child of element.children) yield* everyElement(child)
}
