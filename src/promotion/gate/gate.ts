// The gate as a table: every check, in the order in which a reviewer reads them.
import { isCoded } from '../../kernel/index.ts'
import { digestHolds, nothingSecretInside, provenanceHolds, runCredentialsEnded, runSucceeded } from './artifact-checks.ts'
import { type Finding, type GateCheck, type GateSubject, notAssessed } from './check.ts'
import {
  credentialsApart,
  deploymentRolesApart,
  entitlementsReviewed,
  hostsApart,
  keyHostsApart,
  keysApart,
  secretsReadBack,
} from './environment-checks.ts'
import { dutiesSeparated, identityExpires, keyProved, ownerAnswers, sensitivityFits } from './identity-checks.ts'
import { replaySuffices } from './replay.ts'

/** Every check of the gate. */
export const gateChecks: readonly GateCheck[] = [
  runSucceeded,
  digestHolds,
  provenanceHolds,
  nothingSecretInside,
  runCredentialsEnded,
  sensitivityFits,
  dutiesSeparated,
  ownerAnswers,
  keyProved,
  identityExpires,
  keysApart,
  credentialsApart,
  hostsApart,
  secretsReadBack,
  replaySuffices,
  keyHostsApart,
  entitlementsReviewed,
  deploymentRolesApart,
]

/** A check with what it found. */
export interface Assessed extends Finding {
  readonly name: string
  readonly blocking: boolean
}

/** Assesses every check. A check that cannot be made is not passed. */
export async function assessGate(subject: GateSubject): Promise<Assessed[]> {
  const all: Assessed[] = []
  for (const check of gateChecks) all.push({ name: check.name, blocking: check.blocking, ...(await assess(check, subject)) })
  return all
}

async function assess(check: GateCheck, subject: GateSubject): Promise<Finding> {
  try {
    return await check.assess(subject)
  } catch (error) {
    if (!isCoded(error)) throw error
    return notAssessed(`This could not be looked at: ${error.message}`, { code: error.code })
  }
}

/** The checks that stop a promotion: blocking and not passed. */
export function stopping(assessed: readonly Assessed[]): Assessed[] {
  return assessed.filter((one) => one.blocking && one.result !== 'passed')
}

/** Checks in the order of the gate, which is the order in which a reviewer reads them. */
export function inGateOrder<T extends { readonly name: string }>(checks: readonly T[]): T[] {
  const place = (check: T) => gateChecks.findIndex((one) => one.name === check.name)
  return [...checks].sort((a, b) => place(a) - place(b))
}
