// Workloads in words: what they are called, and which of their keys is good until when.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Icon } from '../../../design/icon.tsx'
import { Countdown } from '../../../design/when.tsx'

/** A workload in a list. */
export type Workload = OutputOf<'workload:list'>['items'][number]
/** A workload with its own view. */
export type ShownWorkload = OutputOf<'workload:show'>

/** When the end of a key is near, in milliseconds. */
export const keySoonMs = 3_600_000

/** Whether it has a key, and whether the one before is good beside it. */
export function Keys({ of: { thumbprint, former } }: { readonly of: Pick<Workload, 'thumbprint' | 'former'> }): ReactElement {
  if (thumbprint === null)
    return (
      <span className="inline-flex items-center gap-1 text-warn">
        <Icon name="key" />
        no key yet
      </span>
    )
  if (former === null) return <span>one key</span>
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1 text-warn">
      <Icon name="key" className="self-center" />
      two keys, the one before for <Countdown until={former.until} over="no longer" soonMs={keySoonMs} />
    </span>
  )
}
