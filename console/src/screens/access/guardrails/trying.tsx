// Trying a guardrail, or a change of it, before it is in force: what its examples would come to, and who could do what no more, or again. Nothing is changed.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../../api/call.ts'
import { useRead } from '../../../api/queries.ts'
import { Failed, Forbidden, Loading, Stale } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import type { Directory } from '../names.ts'
import { Changes } from '../what-if/difference.tsx'
import { Holds } from './examples.tsx'
import { faultIn } from './place.ts'
import { FaultNote, PolicyText } from './policy.tsx'

type Tried = OutputOf<'guardrail:try'>

interface TryingProps {
  readonly input: InputOf<'guardrail:try'>
  /** The policy that is tried. */
  readonly policy: string
  readonly of: Directory
}

function TriedExamples({ of: examples }: { readonly of: Tried['examples'] }): ReactElement {
  const broken = examples.filter(({ holds }) => !holds)
  if (examples.length === 0) return <p className="py-1 text-soft">There is no example that it is held to.</p>
  if (broken.length === 0)
    return (
      <p className="flex items-center gap-1.5 py-1 text-good">
        <Icon name="check" />
        {examples.length === 1 ? 'Its one example holds.' : `All ${examples.length} examples hold.`}
      </p>
    )
  return (
    <div className="border-l-2 border-bad py-1 pl-3">
      <p className="font-medium text-bad">
        {counted(broken.length, 'example')} of {examples.length} would break: it cannot be put into force like this
      </p>
      <ul>
        {broken.map((one) => (
          <li key={one.example} className="flex flex-wrap items-baseline gap-x-3 py-0.5">
            <span className="font-semibold">{one.example}</span>
            <Holds of={one} />
            <span className="text-small text-soft">
              {one.policies.length === 0 ? 'nothing permits it' : `by ${one.policies.join(', ')}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What it would come to. */
export function Trying({ input, policy, of }: TryingProps): ReactElement {
  const reading = useRead('guardrail:try', input, { every: false, keepFormer: true })
  if (reading.state === 'loading')
    return (
      <Section title="What it would come to">
        <Loading what="what it would come to" rows={3} />
      </Section>
    )
  if (reading.state === 'failed') {
    const fault = faultIn(reading.problem)
    return (
      <Section title="What it would come to">
        {fault !== undefined ? (
          <FaultNote of={fault} text={policy} />
        ) : reading.problem.isForbidden ? (
          <Forbidden problem={reading.problem} again={reading.again} />
        ) : (
          <Failed problem={reading.problem} again={reading.again} />
        )}
      </Section>
    )
  }
  const { examples, loses, gains, cut, inForce } = reading.data
  return (
    <Section title="What it would come to" note="tried, not done">
      {reading.stale === undefined ? null : <Stale at={reading.at} why={reading.stale.detail} again={reading.again} />}
      <TriedExamples of={examples} />
      <div className="mt-3">
        <Changes gains={gains} loses={loses} cut={cut} of={of} />
      </div>
      <details className="mt-3">
        <summary className="w-fit rounded-mark text-small text-accent">The policy that would be decided by</summary>
        <div className="mt-2">
          <PolicyText text={inForce} label="the policy that would be decided by" />
        </div>
      </details>
    </Section>
  )
}
