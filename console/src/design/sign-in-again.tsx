// Signing in again where an act asks for it: in the way in which this session was opened. By the provider the browser goes and comes back to this view; with a
// passkey it happens here, and what was refused can be done at once.
import { type ReactElement, useState } from 'react'
import { canHavePasskeys, signInByPasskey } from '../api/passkeys.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import { useRead } from '../api/queries.ts'
import { session } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Button } from './button.tsx'
import { Code } from './code.tsx'

function goToProvider(organization: string): void {
  const { pathname, search } = window.location
  const query = new URLSearchParams({ organization, 'step-up': '1', return: `${pathname}${search}` })
  window.location.assign(`/sso/start?${query}`)
}

function ByPasskey(): ReactElement {
  const [state, setState] = useState<'ready' | 'busy' | 'done'>('ready')
  const [problem, setProblem] = useState<Problem>()
  const go = async (): Promise<void> => {
    setState('busy')
    setProblem(undefined)
    try {
      await signInByPasskey()
      setState('done')
    } catch (error) {
      setProblem(asProblem(error))
      setState('ready')
    }
  }
  if (state === 'done') return <p className="text-good">You signed in again. Now repeat it.</p>
  return (
    <>
      <Button onPress={() => void go()} isPending={state === 'busy'}>
        Sign in again with a passkey
      </Button>
      {problem === undefined ? null : <p className="mt-1 text-small text-bad">{problem.detail}</p>}
    </>
  )
}

/** How to sign in again, for whoever was told to. */
export function SignInAgain(): ReactElement | null {
  const now = useStore(session)
  const here = now.state === 'somebody' ? now.here : undefined
  const person = here?.person.id ?? ''
  const sessions = useRead('person:sessions', { person, limit: 100 }, { when: person !== '', every: false })
  const passkeys = useRead('person:passkeys', { person, limit: 1 }, { when: person !== '', every: false })
  if (here === undefined || sessions.state !== 'ready' || passkeys.state !== 'ready') return null
  const via = sessions.data.items.find((one) => one.here)?.via
  if (via === 'sso') return <Button onPress={() => goToProvider(here.slug)}>Sign in again with your organization</Button>
  if (passkeys.data.items.length > 0 && canHavePasskeys()) return <ByPasskey />
  return (
    <div className="space-y-1 text-small text-soft">
      <p>Open a new one-time link in this browser, then come back here. On the machine that Twinlock was started on:</p>
      <Code text="npx twinlock login" />
    </div>
  )
}
