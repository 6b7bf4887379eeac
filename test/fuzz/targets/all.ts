// Every target there is, and how many inputs each of them gets.
import type { Target } from '../target.ts'
import { channelTargets } from './channel.ts'
import { fileTargets } from './files.ts'
import { filterTargets } from './filters.ts'
import { inputTargets } from './inputs.ts'
import { policyTargets } from './policies.ts'
import { proofTargets } from './proofs.ts'
import { providerTargets } from './providers.ts'
import { textTargets } from './texts.ts'
import { tokenTargets } from './tokens.ts'
import { wireTargets } from './wire.ts'
import { worldTargets } from './worlds.ts'

/** Every target. */
export const targets: readonly Target[] = [
  ...textTargets,
  ...tokenTargets,
  ...proofTargets,
  ...channelTargets,
  ...inputTargets,
  ...policyTargets,
  ...fileTargets,
  ...filterTargets,
  ...providerTargets,
  ...worldTargets,
  ...wireTargets,
]

const shares = targets.reduce((sum, { share }) => sum + share, 0)

/** How many of so many inputs a target gets: at least one. */
export function inputsFor({ share }: Target, inputs: number): number {
  return Math.ceil((inputs * share) / shares)
}
