// What a connection would come to: who reaches what over it, and what the broker does with its credential.
import type { ReactElement } from 'react'
import type { InputOf } from '../../../api/call.ts'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { Fact, Facts } from '../../../design/facts.tsx'
import { Section } from '../../../design/page.tsx'
import { Sensitivity } from '../../../design/state.tsx'
import { visible } from '../../../design/visible.ts'
import type { ListedEnvironment } from '../environments/environments.tsx'
import { faultOfUrl } from './connection-terms.ts'

interface ForetoldProps {
  readonly input: InputOf<'connection:create'>
  readonly where: ListedEnvironment | undefined
  readonly hasCredential: boolean
}

function reachedBy(where: ListedEnvironment | undefined, access: string): string {
  if (where?.class !== 'production') return 'runs whose scenario names it, and whose grants allow the call'
  return access === 'read'
    ? 'what was promoted there; runs of a simulation may only look'
    : 'what was promoted there; never by a run of a simulation'
}

/** The section. */
export function Foretold({ input, where, hasCredential }: ForetoldProps): ReactElement {
  const isPlain = input.baseUrl.startsWith('http:') && faultOfUrl(input.baseUrl) === undefined
  return (
    <Section title="What it comes to">
      <Facts>
        <Fact name="Where">
          {where === undefined ? (
            <span className="text-faint">in one environment</span>
          ) : (
            <EnvironmentMark of={where.class} name={visible(where.slug)} />
          )}
        </Fact>
        <Fact name="Reached by">{reachedBy(where, input.access)}</Fact>
        <Fact name="Sensitivity">
          <Sensitivity is={input.sensitivity} />
        </Fact>
        <Fact name="Credential">
          {hasCredential ? (
            <>
              put in by the broker
              <span className="block text-small text-soft">Sealed under the keys of its side. No run and no person sees it again.</span>
            </>
          ) : (
            'none: calls go out without one'
          )}
        </Fact>
        {isPlain ? (
          <Fact name="On the way">
            <span className="text-warn">not encrypted</span>
            <span className="block text-small text-soft">With a credential it has to be https, or stay on this machine.</span>
          </Fact>
        ) : null}
      </Facts>
    </Section>
  )
}
