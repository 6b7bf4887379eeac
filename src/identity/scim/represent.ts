// How a resource is shown to its directory (RFC 7643 section 3): what it said, with what is set here, and of that only the attributes that it asks for.
import { type ResourceKind, splitUrn } from './attributes.ts'
import type { Doc } from './document.ts'

/** A row of a user or group. */
export interface Kept {
  readonly id: string
  readonly doc: Doc
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
  /** What stands for the groups that it is in, where it is in any. */
  readonly mark?: string | null
}

/** A resource as JSON; `location` is added where it is served. */
export type Representation = Readonly<Record<string, unknown>>

/** Which attributes are asked for: paths in lower case, or all. */
export interface Selection {
  readonly attributes: readonly string[]
  readonly excluded: readonly string[]
}

/**
 * The entity tag of a resource (RFC 7644 section 3.14): how often what the directory said of it changed, and a mark of what else is shown of it that changes without
 * that, such as the groups of a user.
 */
export function entityTag(version: number, mark?: string | null): string {
  return `W/"${version}${mark == null ? '' : `-${mark}`}"`
}

/** The schemas, attributes, and `meta` of a resource; `more` are attributes that are found elsewhere, such as members. */
export function represent(resource: ResourceKind, kept: Kept, more: Representation = {}): Representation {
  const extensions = resource.extensions.filter(({ id }) => kept.doc[id] !== undefined).map(({ id }) => id)
  return {
    schemas: [resource.core.id, ...extensions],
    id: kept.id,
    ...kept.doc,
    ...more,
    meta: {
      resourceType: resource.name,
      created: kept.created_at.toISOString(),
      lastModified: kept.updated_at.toISOString(),
      version: entityTag(kept.version, kept.mark),
    },
  }
}

/** A path as attributes are compared by: without the URN of the core, in lower case. */
function keyOf(resource: ResourceKind, path: string): { readonly name: string; readonly sub: string } {
  const { schema, rest } = splitUrn(resource, path)
  if (schema !== undefined && schema !== resource.core)
    return { name: schema.id.toLowerCase(), sub: rest.split('.')[0]?.toLowerCase() ?? '' }
  const [name = '', sub = ''] = rest.toLowerCase().split('.')
  return { name, sub }
}

function narrowed(value: unknown, keep: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => narrowed(one, keep))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => keep(name.toLowerCase())))
}

/** Whether an attribute will be shown, so that what nobody asks for is not looked up. */
export function isSelected(resource: ResourceKind, { attributes, excluded }: Selection, name: string): boolean {
  const key = name.toLowerCase()
  if (attributes.length > 0) return attributes.some((path) => keyOf(resource, path).name === key)
  return !excluded.some((path) => keyOf(resource, path).name === key && keyOf(resource, path).sub === '')
}

const always = new Set(['schemas', 'id'])

/** A resource with the attributes that are asked for alone (RFC 7644 section 3.9). */
export function select(resource: ResourceKind, shown: Representation, { attributes, excluded }: Selection): Representation {
  if (attributes.length === 0 && excluded.length === 0) return shown
  const asked = attributes.map((path) => keyOf(resource, path))
  const left = excluded.map((path) => keyOf(resource, path))
  const entries = Object.entries(shown).flatMap(([name, value]): [string, unknown][] => {
    const key = name.toLowerCase()
    if (always.has(key)) return [[name, value]]
    if (attributes.length > 0) {
      const paths = asked.filter((path) => path.name === key)
      if (paths.length === 0) return []
      return paths.some(({ sub }) => sub === '')
        ? [[name, value]]
        : [[name, narrowed(value, (part) => paths.some(({ sub }) => sub === part))]]
    }
    const paths = left.filter((path) => path.name === key)
    if (paths.some(({ sub }) => sub === '')) return []
    return [[name, narrowed(value, (part) => !paths.some(({ sub }) => sub === part))]]
  })
  return Object.fromEntries(entries)
}
