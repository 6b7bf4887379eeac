// The three identities of a run, side by side: who answers for it, who launched it, and what it acts as; each with its shape, its SPIFFE id whole, and when it
// ends by itself.
import type { ReactElement, ReactNode } from 'react'
import { Identity } from '../../design/identity.tsx'
import type { Kind } from '../../design/kind.tsx'
import { place } from '../../design/link.tsx'
import { Countdown, When } from '../../design/when.tsx'
import type { ShownRun } from './story.ts'

type Shown = ShownRun['identities']['twin']

const kinds: Readonly<Record<Shown['kind'], Kind>> = {
  person: 'person',
  pipeline: 'pipeline',
  agent: 'agent',
  service: 'service',
  scheduler: 'service',
  run: 'run',
}

interface PartProps {
  readonly hand: string
  readonly what: string
  readonly identity: Shown
  readonly to?: string
  readonly end: ReactNode
}

function Part({ hand, what, identity, to, end }: PartProps): ReactElement {
  const { kind, id, name, spiffeId } = identity
  return (
    <li className="min-w-0 border-b border-line/70 py-2.5 last:border-b-0 lg:border-r lg:border-b-0 lg:py-1 lg:pr-6 lg:last:border-r-0">
      <p className="text-small text-soft">
        {hand} <span className="text-faint">{what}</span>
      </p>
      <div className="mt-1">
        <Identity kind={kinds[kind]} id={id} name={name} spiffeId={spiffeId} {...(to === undefined ? {} : { to })}>
          {kind === 'run' ? null : (
            <span className="text-tiny text-faint" aria-hidden="true">
              {kind}
            </span>
          )}
        </Identity>
      </div>
      <p className="mt-0.5 pl-[18px] text-small">{end}</p>
    </li>
  )
}

function endOf({ ends }: Shown, none: string): ReactNode {
  if (ends === null) return <span className="text-soft">{none}</span>
  return <Countdown until={ends} over="it has ended" before="ends in" />
}

/** The three identities. */
export function Identities({ run }: { readonly run: ShownRun }): ReactElement {
  const { operator, orchestrator, twin } = run.identities
  const isOwn = operator.id === orchestrator.id
  return (
    <ul className="grid lg:grid-cols-3 lg:gap-x-6">
      <Part hand="Operator" what="answers for it" identity={operator} end={endOf(operator, 'a person: no end of its own')} />
      <Part
        hand="Orchestrator"
        what={isOwn ? 'the operator launched it by hand' : 'launched it'}
        identity={isOwn ? operator : orchestrator}
        end={endOf(orchestrator, isOwn ? 'a person: no end of its own' : 'no end is set')}
      />
      <Part
        hand="Twin"
        what="what the run acts as"
        identity={twin}
        to={place('/twins/$twin', { twin: run.twin })}
        end={
          run.endedAt === null ? (
            endOf(twin, 'no end is set')
          ) : (
            <span className="text-soft">
              ended with the run <When at={run.endedAt} />
            </span>
          )
        }
      />
    </ul>
  )
}
