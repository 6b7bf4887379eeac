// The examples of a guardrail or a role: questions with the decision that is expected, and what is decided now. What does not hold comes first and is named.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Act } from '../../../design/act.tsx'
import { Empty } from '../../../design/conditions.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Sensitivity } from '../../../design/state.tsx'
import { visible } from '../../../design/visible.ts'
import { Thing } from '../../audit/thing.tsx'

/** An example as it is listed. */
export type Example = OutputOf<'example:list'>['items'][number]

const words = (names: readonly string[]): string => names.join(', ')

/** Who does what to what, in one sentence of marks and words. */
function Question({ of: { question } }: { readonly of: Example }): ReactElement {
  const { holds, customRoles, kind, principal, action, on, sensitivity, environmentClass, known, context } = question
  const roles = [...holds, ...customRoles]
  const said = Object.entries({ ...known, ...context })
  return (
    <span className="inline-flex flex-wrap items-baseline gap-x-1.5 gap-y-0.5">
      {principal === undefined ? <span>a {kind}</span> : <Thing id={principal} name={undefined} brief />}
      <span>{roles.length === 0 ? 'without a role' : `with ${roles.length === 1 ? 'the role' : 'the roles'} ${words(roles)}`}</span>
      <span>does</span>
      <code className="font-mono text-tiny font-medium">{action}</code>
      {on === undefined ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          on <Thing id={on.id} name={undefined} brief />
        </span>
      )}
      {sensitivity === undefined ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          on something <Sensitivity is={sensitivity} />
        </span>
      )}
      {environmentClass === undefined ? null : (
        <span className="inline-flex items-baseline gap-1.5">
          in <EnvironmentMark of={environmentClass} />
        </span>
      )}
      {said.map(([name, value]) => (
        <code key={name} className="font-mono text-tiny text-soft">
          {visible(`${name} = ${JSON.stringify(value)}`)}
        </code>
      ))}
    </span>
  )
}

/** Whether an example holds: an icon and a word. */
export function Holds({
  of: { holds, expected, decided },
}: {
  readonly of: Pick<Example, 'holds' | 'expected' | 'decided'>
}): ReactElement {
  return (
    <span className={`inline-flex items-baseline gap-1 whitespace-nowrap ${holds ? 'text-good' : 'text-bad'}`}>
      <Icon name={holds ? 'check' : 'cross'} className="self-center" />
      {holds ? `holds: ${decided}` : decided === expected ? `breaks: ${decided}, but not by this` : `breaks: ${decided}, not ${expected}`}
    </span>
  )
}

function Remove({ example }: { readonly example: string }): ReactElement {
  return (
    <Act
      action="example:remove"
      label="Remove"
      title={`Remove the example ${example}`}
      weight="danger"
      input={(reason) => ({ example, reason })}
      reason="Why it is not held to any more; goes on the record."
      before={<p>Changes of the rules are not held to it any more.</p>}
      after={() => <p>It is removed.</p>}
    />
  )
}

interface ExamplesProps {
  readonly of: readonly Example[]
  /** Those that a refusal named. */
  readonly broken: readonly string[]
}

/** The examples. */
export function Examples({ of: examples, broken }: ExamplesProps): ReactElement {
  if (examples.length === 0)
    return (
      <Empty title="It has no example yet.">
        An example says what it is meant to deny, and what it is not: a change that breaks one is refused.
      </Empty>
    )
  const isBroken = (one: Example): boolean => !one.holds || broken.includes(one.example)
  const sorted = [...examples].sort((one, other) => Number(isBroken(other)) - Number(isBroken(one)))
  return (
    <ul aria-label="Examples">
      {sorted.map((one) => (
        <li
          key={one.example}
          className={`flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-b border-line/70 py-2 last:border-b-0 ${isBroken(one) ? 'border-l-2 border-l-bad pl-3' : ''}`}
        >
          <div className="min-w-0 flex-1 basis-72">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-semibold">{one.example}</span>
              <Holds of={one} />
            </p>
            <p>
              <Question of={one} /> <span className="text-soft">and is to be</span> <strong>{one.expected}</strong>.
            </p>
            <p className="text-tiny text-soft">
              {one.policies.length === 0 ? 'Nothing permits it.' : `Decided by ${words(one.policies)}.`}{' '}
              {one.note === null ? null : <bdi>{visible(one.note)}</bdi>}
            </p>
          </div>
          <Remove example={one.example} />
        </li>
      ))}
    </ul>
  )
}
