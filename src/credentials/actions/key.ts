// Keys as actions: what there is, a new one beside the old, the end of an old one, and sealing again what an older key-encryption key still seals.
// Rotation overlaps: the new key signs from its commit on, the old one goes on verifying (and, for the log, co-signing) until somebody retires it.
import { z } from 'zod'
import {
  action,
  type EnvironmentRef,
  fail,
  idOf,
  locateOrganization,
  type OrgId,
  organizationEntity,
  organizationType,
  type Ports,
  pageInput,
  pageOf,
  type Tx,
  toPage,
} from '../../kernel/index.ts'
import { sideOf } from '../issuer.ts'
import { createKey, keyToUse } from '../keys.ts'
import type { Side } from '../tables.ts'

const keyId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)
const environmentPurposes = ['identity', 'provenance'] as const
const keyOutput = z.object({
  id: keyId,
  environment: idOf('env').nullable(),
  purpose: z.enum([...environmentPurposes, 'checkpoint']),
  state: z.enum(['active', 'retiring', 'retired']),
  publicJwk: z.json(),
  createdAt: z.string(),
})

interface KeyPlace {
  readonly environment: EnvironmentRef | undefined
  readonly side: Side
}

async function placeOf(tx: Tx, environment: string | undefined, purpose: string, ports: Ports): Promise<KeyPlace> {
  if ((purpose === 'checkpoint') !== (environment === undefined)) {
    throw fail('invalid', 'The log has one key for the whole organization; every other key belongs to an environment.', {
      pointer: '/environment',
    })
  }
  if (environment === undefined) return { environment: undefined, side: 'ledger' }
  const found = await ports.environments.find(tx, environment)
  return { environment: found, side: sideOf(found) }
}

/** Lists signing keys by their public halves. */
export const listKeys = action({
  name: 'key:list',
  summary: 'List the signing keys: what each is for, and whether it signs, still verifies, or is retired.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ ...pageInput, after: keyId.optional() }),
  output: pageOf(keyOutput).extend({ next: keyId.nullable() }),
  locate: locateOrganization,
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('signing_key')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const { items, next } = toPage(await query.execute(), input.limit)
    const shown = items.map((row) => ({
      id: row.id,
      environment: row.environment_id === '' ? null : row.environment_id,
      purpose: row.purpose,
      state: row.state,
      publicJwk: z.json().parse(row.public_jwk),
      createdAt: row.created_at.toISOString(),
    }))
    return { result: { items: shown, next } }
  },
})

/** Makes a new key, which signs from now on; the one before goes on verifying until it is retired. */
export const rotateKey = action({
  name: 'key:rotate',
  summary: 'Make a new signing key of an environment, or of the log; what the old one signed goes on verifying until it is retired.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ purpose: z.enum([...environmentPurposes, 'checkpoint']), environment: idOf('env').optional() }),
  output: z.object({ key: keyId, retiring: z.array(keyId) }),
  locate: async ({ input, tx, ports, principal }) => {
    const place = await placeOf(tx, input.environment, input.purpose, ports)
    const resource = organizationEntity(principal.org)
    return place.environment === undefined ? { resource, found: place } : { resource, environment: place.environment, found: place }
  },
  async perform({ input, found: { side }, tx, ports, principal }) {
    const environment = input.environment ?? ''
    const before = await tx
      .updateTable('signing_key')
      .set({ state: 'retiring' })
      .where('environment_id', '=', environment)
      .where('purpose', '=', input.purpose)
      .where('state', '=', 'active')
      .returning('id')
      .execute()
    // Somebody who rotated at the same moment was first: decided again, this rotates his.
    if (before.length === 0) throw fail('stale', 'Somebody else rotated this key at the same time.')
    const key = await createKey(tx, { org: principal.org, environment, side, purpose: input.purpose }, ports)
    const retiring = before.map(({ id }) => id)
    return { result: { key, retiring }, facts: { purpose: input.purpose, key, retiring } }
  },
})

/** Ends the overlap: what only this key signed verifies no more. */
export const retireKey = action({
  name: 'key:retire',
  summary: 'Retire a key that was rotated: tokens and attestations that it signed verify no more, and it co-signs no checkpoint.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ key: keyId }),
  output: z.object({ key: keyId, purpose: z.string() }),
  locate: async ({ input, tx, ports, principal }) => {
    const found = await tx.selectFrom('signing_key').selectAll().where('id', '=', input.key).executeTakeFirst()
    if (found === undefined) throw fail('not_found', 'There is no key with this id.')
    const resource = organizationEntity(principal.org)
    return found.environment_id === ''
      ? { resource, found }
      : { resource, environment: await ports.environments.find(tx, found.environment_id), found }
  },
  async perform({ found, tx }) {
    if (found.state === 'active') throw fail('conflict', 'This key signs now.', { next: 'Rotate it first.' })
    await tx.updateTable('signing_key').set({ state: 'retired' }).where('id', '=', found.id).where('state', '=', 'retiring').execute()
    return { result: { key: found.id, purpose: found.purpose }, facts: { key: found.id, purpose: found.purpose }, takesAway: true }
  },
})

async function rewrapKeys(tx: Tx, ports: Ports): Promise<number> {
  let sealed = 0
  for (const key of await tx.selectFrom('signing_key').selectAll().execute()) {
    const wrapped = ports.signers.rewrap(keyToUse(key))
    if (wrapped === undefined) continue
    await tx.updateTable('signing_key').set({ wrapped }).where('id', '=', key.id).execute()
    sealed++
  }
  return sealed
}

async function rewrapSecrets(tx: Tx, org: OrgId, { vault }: Ports): Promise<number> {
  let sealed = 0
  for (const row of await tx.selectFrom('secret').selectAll().execute()) {
    const binding = { org, environment: row.environment_id, purpose: 'secret', id: row.id, version: row.version }
    const bytes = vault.open(row.side, binding, row.wrapped)
    // Fingerprints hang on the ledger's key-encryption key, and must go on telling equal secrets when that one is rotated.
    const fingerprint = vault.fingerprint(org, bytes)
    const wrapped = vault.isCurrent(row.side, row.wrapped) ? row.wrapped : vault.seal(row.side, binding, bytes)
    bytes.fill(0)
    if (wrapped === row.wrapped && fingerprint === row.fingerprint) continue
    await tx.updateTable('secret').set({ wrapped, fingerprint }).where('id', '=', row.id).where('version', '=', row.version).execute()
    sealed++
  }
  return sealed
}

async function rewrapProviders(tx: Tx, { signInSeal }: Ports): Promise<number> {
  let sealed = 0
  for (const row of await tx.selectFrom('sso').select(['org_id', 'id', 'sealed']).execute()) {
    if (signInSeal.isCurrent(row.sealed)) continue
    const text = signInSeal.open(row.org_id, 'provider', row.id, row.sealed)
    await tx
      .updateTable('sso')
      .set({ sealed: signInSeal.seal(row.org_id, 'provider', row.id, text) })
      .where('id', '=', row.id)
      .execute()
    sealed++
  }
  return sealed
}

/** Seals again, under the newest key-encryption keys, what older ones still seal. Idempotent: done after a rotation, and after a crash in it. */
export const rewrapAll = action({
  name: 'key:rewrap',
  summary: 'Seal again under the newest key-encryption keys what older ones still seal.',
  effect: 'change',
  roles: [],
  system: ['sealer'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ keys: z.number(), secrets: z.number(), providers: z.number() }),
  locate: locateOrganization,
  async perform({ tx, ports, principal }) {
    const sealed = {
      keys: await rewrapKeys(tx, ports),
      secrets: await rewrapSecrets(tx, principal.org, ports),
      providers: await rewrapProviders(tx, ports),
    }
    return { result: sealed, facts: sealed }
  },
})
