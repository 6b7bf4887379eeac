// What can be done to a promotion where it stands. Each step says what it will do, as the server foresees it, and what it will not undo; afterwards what it did.
import type { ReactElement, ReactNode } from 'react'
import type { InputOf, OutputOf } from '../../api/call.ts'
import { useRead } from '../../api/queries.ts'
import { Act } from '../../design/act.tsx'
import { Notice, Shown } from '../../design/conditions.tsx'
import { Icon, type IconName } from '../../design/icon.tsx'
import { State } from '../../design/state.tsx'
import { counted, withMoments } from '../../design/time.ts'
import type { ReviewedPromotion } from './identities.tsx'

type Step = InputOf<'promotion:foresee'>['step']
type Effect = OutputOf<'promotion:foresee'>['effects'][number]

const marks: Readonly<Record<Effect['does'], readonly [icon: IconName, tone: string]>> = {
  creates: ['plus', 'text-good'],
  ends: ['cross', 'text-bad'],
  narrows: ['down', 'text-soft'],
  moves: ['right', 'text-soft'],
  keeps: ['dash', 'text-faint'],
}

/** What a step will do. Read when the question is asked, because looking is recorded. */
function Foreseen({ promotion, step }: { readonly promotion: string; readonly step: Step }): ReactElement {
  const reading = useRead('promotion:foresee', { promotion, step }, { every: false })
  return (
    <Shown of={reading} what="what it will do" rows={3}>
      {({ effects, stops, notUndone }) => (
        <>
          {stops.map(({ name, detail }) => (
            <Notice key={name} tone="bad" title="The gate would stop it now.">
              {detail}
            </Notice>
          ))}
          <ul className="space-y-1.5">
            {effects.map(({ does, text, subject }) => (
              <li key={`${does} ${subject.id} ${text}`} className="grid grid-cols-[1.25rem_minmax(0,1fr)] [overflow-wrap:anywhere]">
                <Icon name={marks[does][0]} className={`mt-0.5 ${marks[does][1]}`} />
                <span>
                  <span className="sr-only">{does}: </span>
                  {withMoments(text)}
                </span>
              </li>
            ))}
          </ul>
          <NotUndone of={notUndone} />
        </>
      )}
    </Shown>
  )
}

function NotUndone({ of }: { readonly of: readonly string[] }): ReactElement | null {
  if (of.length === 0) return null
  return (
    <div className="mt-3 border-l-2 border-warn pl-3">
      <p className="text-small font-medium text-warn">What this does not undo</p>
      <ul className="text-small text-soft">
        {of.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}

const nowIs = ({ state }: { readonly state: string }): ReactNode => (
  <p>
    The promotion is now <State is={state} />.
  </p>
)

function crossed({ state, channel }: OutputOf<'promotion:cross'>, { production }: ReviewedPromotion): ReactNode {
  return (
    <>
      {nowIs({ state })}
      <p className="mt-1 [overflow-wrap:anywhere]">
        <code className="font-mono text-tiny">{production.spiffeId}</code> can fetch{' '}
        <code className="font-mono text-tiny">
          {channel}@{production.environment}
        </code>{' '}
        with its own key. The entry is in a signed checkpoint.
      </p>
    </>
  )
}

function rolledBack({ state, tokensEnded, channelNow, notUndone }: OutputOf<'promotion:roll-back'>): ReactNode {
  return (
    <>
      {nowIs({ state })}
      <p className="mt-1">
        {counted(tokensEnded, 'token')} ended; the channel {channelNow === null ? 'holds nothing now' : `is back at ${channelNow}`}.
      </p>
      <NotUndone of={notUndone} />
    </>
  )
}

/** The buttons of a promotion where it stands; none where it has ended. */
export function Steps({ promotion }: { readonly promotion: ReviewedPromotion }): ReactElement | null {
  const { id, state, version } = promotion
  const before = (step: Step): ReactElement => <Foreseen promotion={id} step={step} />
  switch (state) {
    case 'requested':
    case 'checked':
      return (
        <Act
          action="promotion:check"
          label={state === 'requested' ? 'Check it' : 'Check it again'}
          weight="primary"
          input={() => ({ promotion: id })}
          before={<p>Makes every check of the gate again. A promotion that nothing stops goes into review.</p>}
          after={nowIs}
        />
      )
    case 'in_review':
      return (
        <>
          <Act
            action="promotion:approve"
            label="Approve"
            title={`Approve version ${version}`}
            weight="primary"
            input={() => ({ promotion: id, version })}
            before={before('approve')}
            after={nowIs}
          />
          <Act
            action="promotion:reject"
            label="Reject"
            weight="danger"
            input={(reason) => ({ promotion: id, version, reason })}
            reason="Why it must not leave; whoever asked will read it."
            before={before('reject')}
            after={nowIs}
          />
        </>
      )
    case 'approved':
      return (
        <Act
          action="promotion:cross"
          label="Carry it across"
          weight="primary"
          input={() => ({ promotion: id })}
          before={before('cross')}
          after={(output) => crossed(output, promotion)}
        />
      )
    case 'crossed':
      return (
        <Act
          action="promotion:roll-back"
          label="Roll back"
          weight="danger"
          input={(reason) => ({ promotion: id, reason })}
          reason="Why it is taken back; goes on the record."
          before={before('roll-back')}
          after={rolledBack}
        />
      )
    default:
      return null
  }
}
