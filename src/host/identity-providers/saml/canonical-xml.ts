// Writes XML out in the one form that signatures are over (Exclusive XML Canonicalization 1.0, without comments), from the very elements that are read afterwards:
// no second reader looks at the text, so nobody can make two of them see two things. What was read holds elements, attributes and text alone (plain-xml.ts).
// INVARIANT: two elements that differ in anything that is read of them are never written alike.
import type { PlainElement } from './plain-xml.ts'

const inText: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const inAttribute: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}
const textOf = (text: string): string => text.replace(/[&<>\r]/g, (one) => inText[one] ?? one)
const attributeOf = (text: string): string => text.replace(/[&<"\t\n\r]/g, (one) => inAttribute[one] ?? one)

/** What is left out, and which prefixes are written where they are declared, be they used there or not; the empty one is the default namespace. */
export interface Canonical {
  readonly without?: PlainElement | undefined
  readonly inclusive?: readonly string[]
}

type Declared = ReadonlyMap<string, string>

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const prefixOf = (written: string): string => written.slice(0, Math.max(0, written.indexOf(':')))

/** Attributes in their order: those of no namespace first, then by namespace, by name within it. */
function attributesOf({ attributes, scope }: PlainElement): string {
  const found = [...attributes].map(([written, value]) => {
    const prefix = prefixOf(written)
    // What has no prefix is in no namespace, whatever the default is; every other prefix is declared.
    return { written, value, namespace: prefix === '' ? '' : (scope.get(prefix) ?? ''), name: written.slice(written.indexOf(':') + 1) }
  })
  const sorted = found.sort((left, right) => byText(left.namespace, right.namespace) || byText(left.name, right.name))
  return sorted.map(({ written, value }) => ` ${written}="${attributeOf(value)}"`).join('')
}

/** The prefixes that an element has to declare: those that it uses, or that are to be written anyway, as far as they do not mean the same around it. */
function declarationsOf(element: PlainElement, around: Declared, inclusive: readonly string[]): readonly (readonly [string, string])[] {
  const used = [prefixOf(element.written), ...[...element.attributes.keys()].map(prefixOf).filter((prefix) => prefix !== '')]
  const meant = [...new Set([...used, ...inclusive])].map((prefix) => [prefix, element.scope.get(prefix) ?? ''] as const)
  return meant
    .filter(([prefix, namespace]) => prefix !== 'xml' && (around.get(prefix) ?? '') !== namespace)
    .sort(([left], [right]) => byText(left, right))
}

function written(element: PlainElement, around: Declared, it: Canonical): string {
  const declared = declarationsOf(element, around, it.inclusive ?? [])
  const within = declared.length === 0 ? around : new Map([...around, ...declared])
  const declarations = declared.map(([prefix, namespace]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${attributeOf(namespace)}"`)
  const parts = element.content.map((part) => {
    if (typeof part === 'string') return textOf(part)
    return part === it.without ? '' : written(part, within, it)
  })
  return `<${element.written}${declarations.join('')}${attributesOf(element)}>${parts.join('')}</${element.written}>`
}

/** The canonical text of an element. */
export function canonicalXml(element: PlainElement, it: Canonical = {}): string {
  return written(element, new Map(), it)
}
