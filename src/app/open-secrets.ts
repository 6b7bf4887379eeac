// The credentials of connections, read and opened for calls whose use of them is on the record. Calls that come in while others read share the next reading.
// INVARIANT: nothing is kept: each call's secret is read after its own decision was committed, so that a rotated one is never used again.
import { fail, fromUtf8, type OrgId, type Ports, type Tx } from '../kernel/index.ts'
import { Gather } from './door/gather.ts'

interface Wanted {
  readonly org: OrgId
  readonly id: string
  resolve(secret: string): void
  reject(error: unknown): void
}

/** What secrets are read and opened with. */
export interface SecretParts {
  readonly ports: Pick<Ports, 'vault'>
  transact<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
}

/** Reads and opens the newest version of a secret. Throws `internal` when there is none. */
export type OpenSecret = (org: OrgId, id: string) => Promise<string>

async function readNewest(parts: SecretParts, org: OrgId, ids: readonly string[]) {
  const rows = await parts.transact(org, (tx) =>
    tx
      .selectFrom('secret')
      .selectAll()
      .distinctOn('id')
      .where('id', 'in', [...new Set(ids)])
      .orderBy('id')
      .orderBy('version', 'desc')
      .execute(),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Makes the reader of secrets. */
export function secretOpener(parts: SecretParts): OpenSecret {
  const gather = new Gather<Wanted>(async (items) => {
    const org = items[0]?.org
    if (org === undefined) return
    try {
      const ids = items.map(({ id }) => id)
      const rows = await readNewest(parts, org, ids)
      for (const { id, resolve, reject } of items) {
        const row = rows.get(id)
        if (row === undefined) reject(fail('internal', 'The credential of this connection is missing.'))
        else {
          const binding = { org, environment: row.environment_id, purpose: 'secret', id: row.id, version: row.version }
          resolve(fromUtf8(parts.ports.vault.open(row.side, binding, row.wrapped)))
        }
      }
    } catch (error) {
      for (const { reject } of items) reject(error)
    }
  })
  return (org, id) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    gather.add(org, { org, id, resolve, reject })
    return promise
  }
}
