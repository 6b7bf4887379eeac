// What became of an act: done, denied by a decision, or failed on its way. A denial is no failure, and looks like none.
import type { ReactElement } from 'react'
import { Icon, type IconName } from '../../design/icon.tsx'

const looks: Readonly<Record<string, readonly [icon: IconName, tone: string]>> = {
  done: ['check', 'text-soft'],
  denied: ['denied', 'text-bad font-medium'],
  failed: ['warn', 'text-warn font-medium'],
}

interface OutcomeProps {
  readonly is: string
  /** The code of the refusal or failure, where there is one. */
  readonly code?: string | null
}

/** An outcome in its word, with its code. */
export function EntryOutcome({ is, code = null }: OutcomeProps): ReactElement {
  const [icon, tone] = looks[is] ?? (['dash', 'text-soft'] as const)
  return (
    <span className={`inline-flex flex-wrap items-center gap-x-1 ${tone}`}>
      <span className="inline-flex items-center gap-x-1 whitespace-nowrap">
        <Icon name={icon} />
        {is}
      </span>
      {code === null || code === is ? null : <code className="font-mono text-tiny font-normal">{code}</code>}
    </span>
  )
}
