// The test: the provider is asked whether it is there, and what comes back is said as checks, each with what to do where it did not hold.
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { useAct } from '../../../api/queries.ts'
import { announce } from '../../../design/announcer.tsx'
import { Button } from '../../../design/button.tsx'
import { Failed } from '../../../design/conditions.tsx'
import { Said } from '../../../design/said.tsx'
import { Verdict } from '../../../design/state.tsx'
import { checksOf } from './explain-test.ts'
import { TryConnection } from './try-connection.tsx'

type Tested = OutputOf<'sso:test'>

interface TestProps {
  readonly sso: string
  readonly protocol: 'oidc' | 'saml'
  readonly onTested?: (works: boolean) => void
}

/** The button, and what came of it. */
export function TestConnection({ sso, protocol, onTested }: TestProps): ReactElement {
  const { act, isActing, problem } = useAct('sso:test')
  const [tested, setTested] = useState<Tested>()
  const press = async (): Promise<void> => {
    try {
      const found = await act({ sso })
      setTested(found)
      onTested?.(found.works)
      announce(found.works ? 'The test passed.' : 'The test failed.')
    } catch {
      setTested(undefined) // `problem` says why
    }
  }
  return (
    <>
      <p className="mb-3 max-w-prose text-soft">
        {protocol === 'oidc'
          ? 'The server asks the provider what it is and what it can do. Nobody is signed in by it.'
          : 'The server looks at what the metadata said. Nothing is sent to the provider.'}
      </p>
      <Button onPress={() => void press()} isPending={isActing}>
        {isActing ? 'Asking the provider…' : tested === undefined ? 'Test it' : 'Test it again'}
      </Button>
      {problem === undefined ? null : (
        <div className="mt-3">
          <Failed problem={problem} what="the test" />
        </div>
      )}
      {tested === undefined ? null : <Checks tested={tested} protocol={protocol} />}
      <TryConnection sso={sso} />
    </>
  )
}

function Checks({ tested, protocol }: { readonly tested: Tested; readonly protocol: 'oidc' | 'saml' }): ReactElement {
  return (
    <ul aria-label="What the test found" className="mt-3">
      {checksOf(tested, protocol).map(({ name, verdict, said, next }) => (
        <li key={name} className="grid gap-x-4 gap-y-0.5 border-b border-line/70 py-2 last:border-b-0 sm:grid-cols-[7rem_minmax(0,1fr)]">
          <span>
            <Verdict is={verdict} />
          </span>
          <span className="min-w-0">
            <span className="font-medium">{name}.</span> <Said text={said} />
            {next === undefined ? null : (
              <span className="block text-soft">
                <Said text={next} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
