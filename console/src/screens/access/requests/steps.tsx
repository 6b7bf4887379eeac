// The steps of a request: who approved, who could approve next, and why two have to. Whoever asked is never among them.
import type { ReactElement } from 'react'
import { Icon } from '../../../design/icon.tsx'
import { Names } from '../../../design/names.tsx'
import { visible } from '../../../design/visible.ts'
import { When } from '../../../design/when.tsx'
import type { Directory } from '../names.ts'
import { Who } from '../who.tsx'
import { lasting, type ShownRequest } from './request-words.tsx'

type Step = ShownRequest['steps'][number]

/** Why two must approve. */
const seconds: Readonly<Record<ShownRequest['second'][number], string>> = {
  production: 'it reaches production',
  privileged: 'it reaches a privileged twin',
  admin: 'it is the role admin',
}

interface StepsProps {
  readonly of: Pick<ShownRequest, 'steps' | 'second' | 'enough'>
  readonly directory: Directory
}

function StepLine({ step, directory }: { readonly step: Step; readonly directory: Directory }): ReactElement {
  const { number, state, by, byName, at, minutes, reason, mayDecide } = step
  return (
    <li className="grid grid-cols-[1.5rem_minmax(0,1fr)] border-b border-line/70 py-2 last:border-b-0">
      <span className="text-faint">{number}</span>
      <div className="min-w-0">
        {state === 'given' ? (
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="inline-flex items-baseline gap-1 text-good">
              <Icon name="check" className="self-center" />
              approved
            </span>
            {by === null ? null : (
              <span className="inline-flex items-baseline gap-1.5">
                by <Who id={by} name={byName} of={directory} />
              </span>
            )}
            <When at={at} />
            {minutes === null ? null : <span className="text-soft">for {lasting(minutes)}</span>}
          </p>
        ) : state === 'waiting' ? (
          <p>
            <span className="mr-2 inline-flex items-baseline gap-1 text-ink">
              <Icon name="clock" className="self-center" />
              waits
            </span>
            {mayDecide.length === 0 ? (
              <span className="text-warn">Nobody could give this step now.</span>
            ) : (
              <span>
                for <Names of={mayDecide.map(({ name, slug }) => visible(name || slug))} last="or" />
              </span>
            )}
          </p>
        ) : (
          <p className="text-soft">not reached</p>
        )}
        {reason === null ? null : <bdi className="block text-small text-soft [overflow-wrap:anywhere]">{visible(reason)}</bdi>}
      </div>
    </li>
  )
}

/** The steps. */
export function Steps({ of: { steps, second, enough }, directory }: StepsProps): ReactElement {
  return (
    <>
      {second.length === 0 ? null : (
        <p className="mb-1 text-small text-soft">Two people must approve, because {second.map((one) => seconds[one]).join(' and ')}.</p>
      )}
      {enough ? null : (
        <p className="mb-1 flex items-start gap-1.5 text-warn">
          <Icon name="warn" className="mt-0.5" />
          There are not enough people who could give every step that waits.
        </p>
      )}
      <ol>
        {steps.map((step) => (
          <StepLine key={step.number} step={step} directory={directory} />
        ))}
      </ol>
    </>
  )
}
