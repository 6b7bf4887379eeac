// Sealing for signing in, over the vault: under the organization's own key-encryption key, which belongs to neither simulation nor production.
import type { Vault } from '../../credentials/index.ts'
import type { SignInSeal } from '../../identity/index.ts'
import { fromUtf8, utf8 } from '../../kernel/index.ts'

const side = 'ledger'

/** Makes the seal. `open` throws `sealed_elsewhere`. */
export function createSignInSeal(vault: Vault): SignInSeal {
  const binding = (org: string, purpose: string, id: string) => ({ org, environment: '', purpose: `sign-in ${purpose}`, id, version: 1 })
  return {
    seal: (org, purpose, id, text) => vault.seal(side, binding(org, purpose, id), utf8(text)),
    open: (org, purpose, id, sealed) => fromUtf8(vault.open(side, binding(org, purpose, id), sealed)),
    isCurrent: (sealed) => vault.isCurrent(side, sealed),
  }
}
