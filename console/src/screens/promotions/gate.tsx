// The checks of the gate, what did not pass first: passed, failed or not assessed, whether one stops it, and the facts that it was decided on.
import type { ReactElement } from 'react'
import { Because } from '../../design/because.tsx'
import { Code } from '../../design/code.tsx'
import { Empty } from '../../design/conditions.tsx'
import { Said } from '../../design/said.tsx'
import { Verdict } from '../../design/state.tsx'
import type { ReviewedPromotion } from './identities.tsx'

type Check = ReviewedPromotion['checks'][number]

const said = (name: string): string => name.replaceAll(/[-_]/g, ' ')

/** How many checks came to what, in a line. */
export function tallyOf(checks: readonly Check[]): string {
  const count = (result: Check['result']): number => checks.filter((check) => check.result === result).length
  const stops = checks.filter(({ blocking, result }) => blocking && result !== 'passed').length
  const parts = [
    `${count('passed')} passed`,
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    ...(count('not_assessed') > 0 ? [`${count('not_assessed')} not assessed`] : []),
    stops === 0 ? 'nothing stops it' : `${stops} ${stops === 1 ? 'stops' : 'stop'} it`,
  ]
  return parts.join(' · ')
}

function OnWhat({ of: { name, detail, facts } }: { readonly of: Check }): ReactElement {
  return (
    <Because title={`What “${said(name)}” was decided on`} label="Evidence">
      <p className="mb-3">
        <Said text={detail} />
      </p>
      <Code text={JSON.stringify(facts, null, 2)} label="Facts of the check" />
    </Because>
  )
}

/** A check: what did not pass in two lines, what passed in one. */
function Row({ check }: { readonly check: Check }): ReactElement {
  const { name, result, blocking, detail, facts } = check
  const hasFacts = facts !== null && JSON.stringify(facts) !== '{}'
  return (
    <li className="grid gap-x-4 gap-y-1 border-b border-line/70 py-2 last:border-b-0 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <span>
        <Verdict is={result} />
      </span>
      <div className={`min-w-0 ${result === 'passed' ? 'flex flex-wrap items-baseline gap-x-3' : ''}`}>
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium first-letter:uppercase">{said(name)}</span>
          {result === 'passed' ? null : (
            <span className={`text-small ${blocking ? 'font-medium text-bad' : 'text-faint'}`}>
              {blocking ? 'stops it' : 'does not stop it'}
            </span>
          )}
        </p>
        <p className="text-soft [overflow-wrap:anywhere]">
          <Said text={detail} />
        </p>
        {hasFacts ? <OnWhat of={check} /> : null}
      </div>
    </li>
  )
}

const places: readonly Check['result'][] = ['failed', 'not_assessed', 'passed']

/** What stops it first, then what did not pass, then the rest; each in the gate's own order. */
function inOrder(checks: readonly Check[]): readonly Check[] {
  const placeOf = ({ blocking, result }: Check): number => (blocking && result !== 'passed' ? -1 : places.indexOf(result))
  return [...checks].sort((one, other) => placeOf(one) - placeOf(other))
}

/** Every check. */
export function Gate({ checks }: { readonly checks: readonly Check[] }): ReactElement {
  if (checks.length === 0)
    return <Empty title="No check was made yet.">Checking it makes them all, and moves it into review when nothing stops it.</Empty>
  return (
    <ul>
      {inOrder(checks).map((check) => (
        <Row key={check.name} check={check} />
      ))}
    </ul>
  )
}
