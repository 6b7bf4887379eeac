// What the starter keeps beside the database: the ports and keys of its demonstration upstreams, and who is who. A file of mode 0600.
// Whoever reads it can call the demonstration upstreams, which hold made-up data; nothing in it opens anything of Twinlock.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BareOrganization, Starter } from '../../app/index.ts'
import type { OrgId } from '../../kernel/index.ts'

/** The demonstration upstreams of one side. */
export type UpstreamName = 'accounts' | 'payments' | 'historian' | 'missions'

/** Where the demonstration upstreams listen, and the keys that they ask for. */
export interface UpstreamPlan {
  readonly ports: Readonly<Record<'staging' | 'production', Readonly<Record<UpstreamName, number>>>>
  readonly apiKeys: Readonly<Record<'staging' | 'production', Readonly<Record<UpstreamName, string>>>>
}

/** What the first start left: the starter while it is being set up, the starter, or a bare organization, named before it is made. */
export type StarterFile =
  | { readonly state: 'planned'; readonly upstreams: UpstreamPlan }
  | { readonly state: 'ready'; readonly upstreams: UpstreamPlan; readonly starter: Starter }
  | { readonly state: 'begun'; readonly org: OrgId }
  | { readonly state: 'bare'; readonly organization: BareOrganization }

const fileOf = (root: string): string => join(root, 'starter', 'starter.json')

/** Writes a private file whole, or not at all. */
export function writePrivate(path: string, text: string): void {
  const fresh = `${path}.fresh`
  writeFileSync(fresh, text, { mode: 0o600 })
  renameSync(fresh, path)
}

/** Reads what the starter left, if there is one. */
export function readStarterFile(root: string): StarterFile | undefined {
  const path = fileOf(root)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as StarterFile) : undefined // written by `writeStarterFile` alone
}

/** Keeps the starter. */
export function writeStarterFile(root: string, file: StarterFile): void {
  mkdirSync(join(root, 'starter'), { recursive: true, mode: 0o700 })
  writePrivate(fileOf(root), `${JSON.stringify(file, null, 2)}\n`)
}

/** Keeps one-time links for people, and returns the file's path: those of another organization than the first in a file of its own. */
export function writeLinks(root: string, links: Readonly<Record<string, string>>, organization?: string): string {
  mkdirSync(join(root, 'starter'), { recursive: true, mode: 0o700 })
  const path = join(root, 'starter', organization === undefined ? 'links.json' : `links-of-${organization}.json`)
  writePrivate(path, `${JSON.stringify(links, null, 2)}\n`)
  return path
}

/** Links as people open them: the token is in the fragment, which no server sees before it is posted. */
export function linksWithUrl(baseUrl: string, tokens: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tokens).map(([slug, token]) => [slug, `${baseUrl}/login#${token}`]))
}
