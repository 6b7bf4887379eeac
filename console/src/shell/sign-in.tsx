// Signing in. A one-time link carries its token in the fragment, which no server sees; it is taken out of the address and the history before anything else
// happens, and is sent once, in a header.
import { lazy, type ReactElement, type ReactNode, Suspense, useEffect, useState } from 'react'
import { asProblem, type Problem } from '../api/problem.ts'
import { findSession, session, signInByLink } from '../api/session.ts'
import { useStore } from '../api/store.ts'
import { Brand } from '../design/brand.tsx'
import { Button } from '../design/button.tsx'
import { Code } from '../design/code.tsx'
import { Failed } from '../design/conditions.tsx'
import { type Refusal, refusalIn } from './refused-sign-in.ts'

// Fields and their checks come after: whoever is signed in already never needs them here.
const SignInByProvider = lazy(async () => ({ default: (await import('./sign-in-by-provider.tsx')).SignInByProvider }))

const setUpPath = '/console/identity/set-up'

/** Takes the token of a link out of the address, once, and leaves no trace of it. Answers undefined when there is none. */
function takeLinkToken(): string | undefined {
  const { pathname, hash } = window.location
  const isLogin = pathname === '/login' || pathname === '/console/login'
  if (!isLogin && pathname !== setUpPath) return undefined
  window.history.replaceState(null, '', isLogin ? '/console/' : setUpPath)
  const token = hash.slice(1)
  return token.startsWith(isLogin ? 'twl_' : 'twa_') ? token : undefined
}

/** Enters by an admin link. Seldom, so that nothing of it is in what every page loads first. */
async function setUpBy(token: string | undefined): Promise<void> {
  await (await import('../screens/identity/set-up/by-link.ts')).enterByLink(token)
}

/** What the page began with: it signs in by a link, or looks whether somebody is signed in already. */
export interface Beginning {
  readonly byLink: boolean
  readonly done: Promise<void>
  /** Why the organization's provider, or we, refused a sign-in a moment ago. */
  readonly refusal: Refusal | undefined
}

/** Begins, once per page: a link is good once. */
export function begin(): Beginning {
  const refusal = refusalIn(window.location.search)
  const isSetUp = window.location.pathname === setUpPath
  const token = takeLinkToken()
  if (isSetUp) return { refusal, byLink: false, done: setUpBy(token) }
  return { refusal, byLink: token !== undefined, done: token === undefined ? findSession() : signInByLink(token) }
}

/** The page in front of the console: signs in by the link, or says how to get one. */
export function SignIn({ beginning: { byLink, done, refusal } }: { readonly beginning: Beginning }): ReactElement {
  const now = useStore(session)
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    done.catch((error: unknown) => setProblem(asProblem(error)))
  }, [done])
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5 py-16">
      <p className="mb-6 flex items-center gap-2 text-lead font-semibold tracking-[-0.01em]">
        <Brand />
        Twinlock
      </p>
      {now.state === 'nobody' ? <HowToEnter why={now.why} /> : null}
      <Suspense>{now.state === 'nobody' ? <SignInByProvider refusal={refusal} /> : null}</Suspense>
      {now.state === 'unknown' && problem === undefined ? <Entry title="Signing in…">One moment.</Entry> : null}
      {now.state === 'unknown' && problem !== undefined ? <EnteringFailed problem={problem} byLink={byLink} /> : null}
    </main>
  )
}

function Entry({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <h1 className="text-title font-semibold">{title}</h1>
      <div className="mt-3 space-y-3">{children}</div>
    </>
  )
}

const command = 'npx twinlock login'

function HowToEnter({ why }: { readonly why: 'never' | 'ended' }): ReactElement {
  return (
    <Entry title={why === 'ended' ? 'Your session ended' : 'Sign in with a link'}>
      <p className="text-soft">
        {why === 'ended'
          ? 'It reached its end, or was revoked. Nothing that you did is lost. A new link brings you back to where you were.'
          : 'Twinlock has no passwords. You come in by a link that works once, for ten minutes; whoever administers this Twinlock sends it to you.'}
      </p>
      <p>On the machine that Twinlock was started on, the command line makes one:</p>
      <Code text={command} />
      <p className="text-small text-faint">A link that you opened in another tab signs this one in as well.</p>
      <Button onPress={() => void findSession(why).catch(() => undefined)}>I signed in elsewhere</Button>
    </Entry>
  )
}

/** Whoever is slowed down: the page cannot even ask whether he is signed in. */
function SlowedDown({ problem: { detail, code, requestId } }: { readonly problem: Problem }): ReactElement {
  return (
    <Entry title="Wait a moment">
      <p role="alert">{detail}</p>
      <p className="text-soft">Then try again. Whoever shares this address with you may have been refused, not you.</p>
      <p className="text-small text-faint">
        code <code className="font-mono text-tiny">{code}</code>
        {requestId === undefined ? null : (
          <>
            {' '}
            · request <code className="font-mono text-tiny">{requestId}</code>
          </>
        )}
      </p>
      <Button onPress={() => window.location.reload()}>Try again</Button>
    </Entry>
  )
}

function EnteringFailed({ problem, byLink }: { readonly problem: Problem; readonly byLink: boolean }): ReactElement {
  if (problem.code === 'rate_limited') return <SlowedDown problem={problem} />
  const isSpent = byLink && (problem.isSignedOut || problem.status === 403)
  if (!isSpent)
    return (
      <Entry title="This could not be opened">
        <Failed problem={problem} again={() => window.location.reload()} />
      </Entry>
    )
  return (
    <Entry title="This link does not work any more">
      <p className="text-soft">
        It was used already, or its ten minutes are over. If you did not use it yourself, tell whoever sent it: somebody else may have.
      </p>
      <p>Ask for a new one, or make it on the machine that Twinlock was started on:</p>
      <Code text={command} />
      <p className="text-small text-faint">
        code <code className="font-mono text-tiny">{problem.code}</code>
        {problem.requestId === undefined ? null : (
          <>
            {' '}
            · request <code className="font-mono text-tiny">{problem.requestId}</code>
          </>
        )}
      </p>
      <Button onPress={() => void findSession().catch(() => undefined)}>See whether I am signed in</Button>
    </Entry>
  )
}
