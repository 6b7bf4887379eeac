// The one-time links that a start of this clone left for the starter's people, by their slugs: who can read the file may use them, once each.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const linksSchema = z.record(z.string(), z.string())

/** The link of one of the starter's people, if this clone's data folder has one. */
export function starterLink(dataFolder: string, slug: string): string | undefined {
  try {
    const links = linksSchema.parse(JSON.parse(readFileSync(join(dataFolder, 'starter', 'links.json'), 'utf8')))
    return Object.hasOwn(links, slug) ? links[slug] : undefined
  } catch {
    return undefined // no starter here, or not ours to read: the caller says that this is no link
  }
}
