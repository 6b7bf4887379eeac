// Opens the keys of an installation on one machine: three files beside the data folder, never in it. They protect a dump or a backup of the
// database, not a captured host: whoever controls this process can use every key.
import type { Side, Signers, Vault } from '../../credentials/index.ts'
import { KeyFileError } from './errors.ts'
import { holdsKeyOf, loadKeyRing } from './key-ring.ts'
import { forgetOlderKey } from './rotate-key-file.ts'
import { createSigners } from './signers.ts'
import { createVault } from './vault.ts'

/** Where the keys lie. */
export interface KeysOptions {
  /** Holds `simulation.kek`, `production.kek` and `ledger.kek`; outside the data folder and its backups. */
  readonly folder: string
  /** Whether missing keys are made. True only where nothing can have been sealed: a new key never opens what an old one sealed. */
  readonly mayCreate: boolean
}

/** What the keys can do, and whether both sides' keys lie on one host. */
export interface Keys {
  readonly vault: Vault
  readonly signers: Signers
  readonly keysOnOneHost: boolean
  /** The sides whose last rotation is not finished: something may still be sealed under the key before it. */
  readonly rotating: readonly Side[]
  /** Throws `key_foreign` where bytes were sealed under no key of this folder: it is then the folder of another installation, or of another time. */
  requireOwn(sealed: readonly { readonly side: Side; readonly wrapped: Uint8Array }[]): void
  /** Forgets the keys before the last rotations. Only when everything was sealed again. */
  finishRotation(): void
}

function notOwn(folder: string, foreign: readonly Side[]): KeyFileError {
  return new KeyFileError(
    'key_foreign',
    `The keys in ${folder} are not the ones that sealed what this database holds (${foreign.join(', ')}). ` +
      'Put the key folder that belongs to it in their place, as it was at that time; TWINLOCK_KEYS says which folder is read.',
  )
}

/** Reads, checks and if need be makes the key-encryption keys. Throws `KeyFileError` where a file cannot be trusted or is missing. */
export function openKeys(options: KeysOptions): Keys {
  const ring = loadKeyRing(options)
  const rotating = [...new Set(ring.older.map(({ side }) => side))]
  // One folder holds both sides' keys, so whoever captures this machine holds both.
  return {
    vault: createVault(ring),
    signers: createSigners(ring),
    keysOnOneHost: true,
    rotating,
    requireOwn(sealed) {
      const foreign = new Set(sealed.filter(({ side, wrapped }) => !holdsKeyOf(ring, side, wrapped)).map(({ side }) => side))
      if (foreign.size > 0) throw notOwn(options.folder, [...foreign])
    },
    finishRotation() {
      for (const side of rotating) forgetOlderKey(options.folder, side)
    },
  }
}
