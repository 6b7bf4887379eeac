// Suspending a workload: its tokens end, it gets no new ones, and what it keeps going in later rooms ends with it.
import type { Ports, Tx } from '../kernel/index.ts'
import { revokeTokensOf } from './mint.ts'

/** What suspending a workload ended. */
export interface Suspended {
  readonly tokensEnded: number
  readonly ended: Readonly<Record<string, number>>
}

/** Suspends a workload, whoever asks: an administrator, or the leaving of its owner. */
export async function suspend(tx: Tx, workload: string, at: Date, ports: Pick<Ports, 'workloadParts'>): Promise<Suspended> {
  await tx.updateTable('workload').set({ state: 'suspended', resumes_as: null }).where('id', '=', workload).execute()
  const tokensEnded = await revokeTokensOf(tx, workload, at)
  const ended: Record<string, number> = {}
  for (const part of ports.workloadParts) ended[part.what] = await part.endForWorkload(tx, { workload, at })
  return { tokensEnded, ended }
}
