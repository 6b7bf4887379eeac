// `twinlock start --rotate`: new key-encryption keys in the place of old ones, before anything is opened with them. INVARIANT: no other server has the old ones open:
// what it sealed under them after they are forgotten would never open again. Over an embedded database the lock of the data folder sees to that.
import type { Side } from '../../credentials/index.ts'
import { rotateKeyFile } from '../../host/keys/rotate-key-file.ts'
import type { DatabaseConnection } from '../../host/postgres/connection.ts'
import { requireNoOtherServer } from '../../host/postgres/other-servers.ts'

/** Which keys are replaced, and where they lie. */
export interface Rotation {
  readonly sides: readonly Side[]
  readonly keys: string
  readonly connection: DatabaseConnection
}

/** Replaces the keys of these sides. What they sealed is sealed again when the keys are opened next. Throws `database_in_use` and `KeyFileError`. */
export async function rotateKeys({ sides, keys, connection }: Rotation): Promise<void> {
  if (sides.length === 0) return
  await requireNoOtherServer(connection, 'it would go on sealing under the key that is replaced')
  for (const side of sides) rotateKeyFile(keys, side)
}

/** What is to be done after a rotation, or nothing where there was none. */
export function afterRotation({ sides, keys }: Pick<Rotation, 'sides' | 'keys'>): string | undefined {
  if (sides.length === 0) return undefined
  const which = [...new Set(sides)].join(', ')
  return `New key-encryption keys (${which}) are in ${keys}, and everything is sealed under them: copy that folder again. Backups from before open with its former copy alone: keep both.`
}
