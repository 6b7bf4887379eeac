// The steps of setting one connection up, and of looking after it: the same for an administrator and for whoever holds an admin link.
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Step } from '../step.tsx'
import { AtProvider } from './at-provider.tsx'
import { Credentials } from './credentials.tsx'
import { Domains } from './domains.tsx'
import { TestConnection } from './test-connection.tsx'

interface StepsProps {
  readonly sso: OutputOf<'sso:show'>
  /** What the first step is numbered. */
  readonly from?: number
}

/** The steps. */
export function ConnectionSteps({ sso, from = 1 }: StepsProps): ReactElement {
  const [works, setWorks] = useState<boolean>()
  return (
    <>
      <Step number={from} title="Register Twinlock with the provider">
        <AtProvider sso={sso} />
      </Step>
      <Step number={from + 1} title="Test it" isDone={works}>
        <TestConnection sso={sso.id} protocol={sso.protocol} onTested={setWorks} />
      </Step>
      <Step number={from + 2} title="Prove its domains" isDone={sso.domains.length > 0}>
        <Domains sso={sso.id} isRetired={sso.state === 'retired'} />
      </Step>
      <Step number={from + 3} title={sso.saml === null ? 'When its secret changes' : 'When its certificates change'}>
        <Credentials sso={sso} />
      </Step>
    </>
  )
}
