// Inputs that are filled in where a person would have to repeat himself: an asset from a file, a manifest from a twin's own file.
import { basename, extname } from 'node:path'
import { type Answer, listAll } from '../api.ts'
import { textFlag, type VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import { readNamedFile } from '../line/read-values.ts'
import { resolveName } from '../names/resolve-name.ts'
import { readSessions } from '../sign-in/session-file.ts'

const mediaTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
  '.urdf': 'application/xml',
  '.sdf': 'application/xml',
  '.dae': 'model/vnd.collada+xml',
  '.glb': 'model/gltf-binary',
  '.mcap': 'application/octet-stream',
  '.png': 'image/png',
}

/** A slug from the name of a file or folder. */
export function slugOf(path: string): string {
  const name = basename(path, extname(path)).toLowerCase()
  return name
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
}

/** The only project that there is; nothing where there are several. */
export async function onlyProject(context: Context): Promise<unknown> {
  const all = await listAll(context.api, 'project:list')
  return all.length === 1 ? all[0]?.id : undefined
}

/** The id of the person who acts; nothing where nobody signed in here. */
export async function self(context: Context): Promise<unknown> {
  const here = readSessions(context.io).sessions.filter((one) => one.url === context.api.url)
  if (here.length === 0) return undefined
  const shown = await context.api.call('session:show', {})
  return shown.kind === 'person' ? shown.id : undefined
}

/** An asset from a file: name, media type, project and owner follow where they are left out. */
export const assetAdd: VerbExtra = {
  flags: [
    { name: 'file', value: '<path>', about: 'The file to seal; its name gives the slug and the media type where they are left out.' },
  ],
  fills: ['content', 'slug', 'mediaType', 'project', 'owner'],
  notes: ['The owner is you, and the project the only one there is, where they are left out.'],
  async prepare(input, values, context) {
    const path = textFlag(values, 'file')
    if (path === undefined) return input
    if (input.content !== undefined) throw usage('Give the bytes once: by --file or by --content.')
    return {
      slug: slugOf(path),
      mediaType: mediaTypes[extname(path).toLowerCase()] ?? 'application/octet-stream',
      project: input.project ?? (await onlyProject(context)),
      owner: input.owner ?? (await self(context)),
      ...input,
      content: readNamedFile(context.io, path, 'file').toString('base64'),
    }
  },
}

function manifestIn(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const given = value as Record<string, unknown> // an object that is no list
  return 'scenario' in given && !('connections' in given) ? manifestIn(given.scenario) : given
}

async function withAssetIds(manifest: Record<string, unknown>, context: Context): Promise<Record<string, unknown>> {
  if (!Array.isArray(manifest.assets)) return manifest
  const assets: unknown[] = []
  for (const use of manifest.assets as readonly Answer[]) {
    const named = typeof use === 'object' && use !== null && typeof use.asset === 'string'
    assets.push(
      named
        ? { ...use, asset: await resolveName(context, { flag: 'manifest', prefixes: ['ast'], isWithin: true }, String(use.asset)) }
        : use,
    )
  }
  return { ...manifest, assets }
}

/** A scenario from a manifest, or from a twin's own file, which holds one. Assets in it may be named. */
export const scenarioPublish: VerbExtra = {
  notes: ['--manifest takes @twin.json as well: its `scenario` is used. Assets in a manifest may be given by name.'],
  async prepare(input, _values, context) {
    const manifest = manifestIn(input.manifest)
    return manifest === undefined ? input : { ...input, manifest: await withAssetIds(manifest, context) }
  },
}
