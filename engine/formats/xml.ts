// The gate for XML from outside: size, depth and element count are limited, document types and entities are refused, and what
// comes out is a plain tree with comments apart. Nothing is expanded, fetched or executed.

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { EngineError } from '../errors.ts'

/** An element with its attributes, text, children and the comments directly inside it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
  readonly children: readonly XmlElement[]
  readonly comments: readonly string[]
}

/** Limits on one XML file. */
export const xmlLimits = { charactersMax: 64 * 1024 * 1024, depthMax: 64, elementsMax: 400_000 }

const predefined: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' }
const plain = (text: string): string => text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => predefined[entity] ?? entity)

function guard(text: string, file: string): void {
  const { charactersMax, elementsMax } = xmlLimits
  if (text.length > charactersMax)
    throw new EngineError('xml/too-large', `\`${file}\` is ${text.length} characters long; the limit is ${charactersMax}`, { file })
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text))
    throw new EngineError('xml/forbidden-declaration', `\`${file}\` declares a document type or entities; remove the declaration`, { file })
  let elements = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    elements += 1
    if (elements > 2 * elementsMax)
      throw new EngineError('xml/too-many-elements', `\`${file}\` has more than ${elementsMax} elements`, { file })
  }
  checkDepth(text, file)
}

/** Follows tags without building anything, so that depth is refused before a parser recurses into it. */
function checkDepth(text: string, file: string): void {
  let depth = 0
  const tag = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)[^<>]*?(\/?)>/g
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    if (match[1] === undefined) continue
    if (match[1] === '/') depth -= 1
    else if (match[2] !== '/') depth += 1
    if (depth > xmlLimits.depthMax)
      throw new EngineError('xml/too-deep', `\`${file}\` nests deeper than ${xmlLimits.depthMax} elements`, { file })
  }
}

/** One node as fast-xml-parser gives it with `preserveOrder`: its name is the one key that is not `:@`. */
type RawNode = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is RawNode => typeof value === 'object' && value !== null

function toElement(node: RawNode, name: string): XmlElement {
  const inner = node[name]
  const nodes = Array.isArray(inner) ? inner.filter(isNode) : []
  const raw = node[':@']
  const attributes = Object.create(null) as Record<string, string> // no prototype, so that no attribute name means anything
  if (isNode(raw)) for (const [key, value] of Object.entries(raw)) attributes[key] = plain(String(value))
  const [children, comments, texts]: [XmlElement[], string[], string[]] = [[], [], []]
  for (const child of nodes) {
    const key = Object.keys(child).find((candidate) => candidate !== ':@') ?? '#text'
    if (key === '#text') texts.push(String(child['#text']))
    else if (key === '#comment') comments.push(commentText(child))
    else if (!key.startsWith('?')) children.push(toElement(child, key))
  }
  return { name, attributes, text: plain(texts.join(' ')), children, comments }
}

function commentText(node: RawNode): string {
  const inner = node['#comment']
  const first: unknown = Array.isArray(inner) ? inner[0] : undefined
  return isNode(first) ? String(first['#text'] ?? '') : ''
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  commentPropName: '#comment',
  trimValues: true,
  maxNestedTags: xmlLimits.depthMax + 2,
})

/** Parses an XML text to its root element. `file` names it in errors. Throws `xml/…` codes. */
export function parseXml(text: string, file: string): XmlElement {
  guard(text, file)
  const valid = XMLValidator.validate(text)
  if (valid !== true)
    throw new EngineError('xml/malformed', `\`${file}\` is not well-formed XML: ${valid.err.msg} (line ${valid.err.line})`, { file })
  let roots: unknown
  try {
    roots = parser.parse(text)
  } catch (cause) {
    throw new EngineError('xml/malformed', `\`${file}\` is not well-formed XML`, { file }, cause)
  }
  const nodes = Array.isArray(roots) ? roots.filter(isNode) : []
  const root = nodes.find((node) => Object.keys(node).some((key) => key !== ':@' && !key.startsWith('?') && !key.startsWith('#')))
  const name = root === undefined ? undefined : Object.keys(root).find((key) => key !== ':@')
  if (root === undefined || name === undefined) throw new EngineError('xml/malformed', `\`${file}\` has no root element`, { file })
  return toElement(root, name)
}

/** The first child of that name. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name)

/** All children of that name. */
export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? []

/** The element at the end of a path of names from `element`. */
export const descend = (element: XmlElement | undefined, ...path: string[]): XmlElement | undefined => path.reduce(childOf, element)
