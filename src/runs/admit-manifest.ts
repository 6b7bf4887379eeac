// At launch, what a manifest asks is held against what the environment has. Asking for more refuses the launch and points at the place: nothing is
// silently narrowed, so that what a reviewer reads in the manifest is what the run could do.
import type { Selectable } from 'kysely'
import { fail, highestSensitivity, type Sensitivity, type Tx } from '../kernel/index.ts'
import { type ConnectionTable, connectionBySlug, findAsset, type Manifest } from '../twins/index.ts'
import type { Owned } from './require-owners.ts'

/** One rule that a run will hold. */
export interface AdmittedRule {
  readonly connection: Selectable<ConnectionTable>
  readonly methods: readonly string[]
  readonly path: string
}

/** What a run may touch, and the sensitivity that follows from it. */
export interface AdmittedManifest {
  readonly rules: readonly AdmittedRule[]
  readonly sensitivity: Sensitivity
  /** Why the sensitivity is what it is: each source with its own. */
  readonly because: readonly { readonly source: string; readonly sensitivity: Sensitivity }[]
  /** Who answers for what it would touch. */
  readonly owned: readonly Owned[]
}

const readingMethods = ['GET', 'HEAD']

function requireAccess(connection: Selectable<ConnectionTable>, methods: readonly string[], pointer: string): void {
  if (connection.state !== 'active') throw fail('manifest_exceeds', `The connection \`${connection.slug}\` is suspended here.`, { pointer })
  if (connection.access !== 'read') return
  const writing = methods.filter((method) => !readingMethods.includes(method))
  if (writing.length > 0) {
    throw fail(
      'manifest_exceeds',
      `The connection \`${connection.slug}\` can only be read here, and the manifest asks for ${writing.join(', ')}.`,
      {
        pointer,
        next: 'Ask for GET or HEAD, or have a connection with write access created in this environment.',
      },
    )
  }
}

/** Admits a manifest to an environment. Throws `manifest_exceeds` with a pointer to the part that asks for more. */
export async function admitManifest(
  tx: Tx,
  manifest: Manifest,
  environment: { id: string; slug: string },
  twin: { slug: string; sensitivity: Sensitivity },
): Promise<AdmittedManifest> {
  const rules: AdmittedRule[] = []
  const owned: Owned[] = []
  const because = [{ source: `twin ${twin.slug}`, sensitivity: twin.sensitivity }]
  for (const [at, asked] of manifest.connections.entries()) {
    const pointer = `/manifest/connections/${at}/connection`
    const connection = await connectionBySlug(tx, environment.id, asked.connection)
    if (connection === undefined) {
      throw fail('manifest_exceeds', `The environment \`${environment.slug}\` has no connection \`${asked.connection}\`.`, {
        pointer,
        next: 'Create the connection in this environment, or take it out of the manifest.',
      })
    }
    for (const [number, rule] of asked.allow.entries()) {
      requireAccess(connection, rule.methods, `/manifest/connections/${at}/allow/${number}/methods`)
      rules.push({ connection, methods: rule.methods, path: rule.path })
    }
    because.push({ source: `connection ${connection.slug}`, sensitivity: connection.sensitivity })
    owned.push({ what: `the connection \`${connection.slug}\``, owner: connection.owner_id })
  }
  for (const { asset } of manifest.assets) {
    const found = await findAsset(tx, asset)
    because.push({ source: `asset ${found.slug}`, sensitivity: found.sensitivity })
    owned.push({ what: `the asset \`${found.slug}\``, owner: found.owner_id })
  }
  return { rules, because, owned, sensitivity: highestSensitivity(because.map((one) => one.sensitivity)) }
}
