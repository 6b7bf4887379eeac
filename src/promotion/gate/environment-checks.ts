// Checks on the two sides: they share no key, credential or host, the secrets open on their own side, and one machine holding both is said aloud.
import type { Selectable } from 'kysely'
import type { Tx } from '../../kernel/index.ts'
import type { ConnectionTable } from '../../twins/index.ts'
import type { Proposal } from '../narrow.ts'
import { failed, type GateCheck, type GateSubject, notAssessed, passed } from './check.ts'

type Connection = Selectable<ConnectionTable>

/** The connections of a proposal: those that were called, or those that stand for them in production. */
export async function connectionsOf(tx: Tx, proposal: Proposal, side: 'from' | 'connection'): Promise<Connection[]> {
  const ids = [...new Set(proposal.rules.map((rule) => rule[side]).filter((id) => id !== null))]
  return ids.length === 0 ? [] : tx.selectFrom('connection').selectAll().where('id', 'in', ids).execute()
}

async function fingerprints({ tx }: GateSubject, connections: readonly Connection[]): Promise<Set<string>> {
  const ids = connections.map((one) => one.secret_id).filter((id) => id !== null)
  if (ids.length === 0) return new Set()
  const rows = await tx.selectFrom('secret').select('fingerprint').where('id', 'in', ids).execute()
  return new Set(rows.map((row) => row.fingerprint))
}

const shared = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] => [...a].filter((one) => b.has(one))

/** Every call has a counterpart on the other side, and the two sides share no upstream host. */
export const hostsApart: GateCheck = {
  name: 'no-shared-hosts',
  blocking: true,
  async assess(subject) {
    const hosts = (connections: readonly Connection[]) => new Set(connections.map((one) => new URL(one.base_url).host))
    const both = shared(
      hosts(await connectionsOf(subject.tx, subject.proposal, 'from')),
      hosts(await connectionsOf(subject.tx, subject.proposal, 'connection')),
    )
    return both.length === 0
      ? passed('The two sides reach no upstream in common.')
      : failed(`Both sides reach ${both.map((host) => `\`${host}\``).join(', ')}.`)
  },
}

/** The two sides share no upstream credential. */
export const credentialsApart: GateCheck = {
  name: 'no-shared-credentials',
  blocking: true,
  async assess(subject) {
    const simulation = await fingerprints(subject, await connectionsOf(subject.tx, subject.proposal, 'from'))
    const production = await fingerprints(subject, await connectionsOf(subject.tx, subject.proposal, 'connection'))
    const both = shared(simulation, production)
    return both.length === 0
      ? passed('No upstream credential is used on both sides.')
      : failed('The same upstream credential is used on both sides.', { shared: both.length })
  },
}

/** The two environments sign with different keys, under different key-encryption keys. */
export const keysApart: GateCheck = {
  name: 'no-shared-keys',
  blocking: true,
  async assess({ promotion, tx }) {
    const rows = await tx
      .selectFrom('signing_key')
      .select(['environment_id', 'side', 'public_jwk'])
      .where('environment_id', 'in', [promotion.source_id, promotion.environment_id])
      .execute()
    const keys = (environment: string) =>
      new Set(rows.filter((row) => row.environment_id === environment).map((row) => JSON.stringify(row.public_jwk)))
    const sides = (environment: string) =>
      new Set(rows.filter((row) => row.environment_id === environment).map((row) => row.side as string))
    if (shared(keys(promotion.source_id), keys(promotion.environment_id)).length > 0)
      return failed('Both environments have the same signing key.')
    const both = shared(sides(promotion.source_id), sides(promotion.environment_id))
    return both.length === 0
      ? passed('Signing keys and key-encryption keys are different on each side.')
      : failed('Both environments seal their keys under the same key-encryption key.')
  },
}

/** The production credentials that would be used can be opened where they are kept. */
export const secretsReadBack: GateCheck = {
  name: 'secret-storage',
  blocking: true,
  async assess(subject) {
    const { tx, ports } = subject
    const connections = (await connectionsOf(tx, subject.proposal, 'connection')).filter((one) => one.secret_id !== null)
    for (const connection of connections) {
      const row = await tx
        .selectFrom('secret')
        .selectAll()
        .where('id', '=', connection.secret_id ?? '')
        .executeTakeFirst()
      if (row === undefined) return failed(`The credential of \`${connection.slug}\` is missing.`)
      const binding = { org: row.org_id, environment: row.environment_id, purpose: 'secret', id: row.id, version: row.version }
      const opened = ports.vault.open(row.side, binding, row.wrapped)
      if (ports.vault.fingerprint(row.org_id, opened) !== row.fingerprint)
        return failed(`The credential of \`${connection.slug}\` is not the one that was kept.`)
    }
    return passed(`Every production credential was read back from where it is kept (${connections.length}).`)
  },
}

/** Whether the two sides' key-encryption keys lie on different machines; said, not enforced, by an installation on one machine. */
export const keyHostsApart: GateCheck = {
  name: 'separate-key-hosts',
  blocking: false,
  assess: async ({ ports }) =>
    ports.keysOnOneHost
      ? failed(
          'One machine holds the key-encryption keys of both sides: whoever captures it holds both. Fine for a laptop, a finding for production.',
        )
      : passed('The two sides’ key-encryption keys are held apart.'),
}

/** Whether a person reviewed the entitlements lately: not known before there are access reviews. */
export const entitlementsReviewed: GateCheck = {
  name: 'entitlements-reviewed',
  blocking: false,
  assess: async () => notAssessed('No access review has covered these grants yet.'),
}

/** Whether vault paths and deployment roles are shared: not known while secrets come from the built-in store alone. */
export const deploymentRolesApart: GateCheck = {
  name: 'no-shared-deployment-roles',
  blocking: false,
  assess: async () => notAssessed('Deployment roles outside of this product were not looked at.'),
}

declare module '../../kernel/action.ts' {
  interface Ports {
    /** Whether one machine holds the key-encryption keys of simulation and production. */
    readonly keysOnOneHost: boolean
  }
}
