// Signing in without a link. Through the organization's provider: an address or the organization's short name is all that is typed here; the browser then goes to the server,
// which sends it on. When it comes back refused, only a code comes along: the words are here, so that nobody can write them into a link.
import { type ReactElement, useState } from 'react'
import { canHavePasskeys, signInByCode, signInByPasskey } from '../api/passkeys.ts'
import { asProblem, type Problem } from '../api/problem.ts'
import { Button } from '../design/button.tsx'
import { TextField } from '../design/field.tsx'
import type { Refusal } from './refused-sign-in.ts'

const refusals: Readonly<Record<string, string>> = {
  sign_in_expired: 'This browser began no sign-in in the last ten minutes. Begin again here.',
  sign_in_replayed: 'This sign-in was used before. If that was not you, tell an administrator; else begin again.',
  sign_in_refused:
    'What came back from the provider does not hold, or the provider refused. Begin again; if it stays, tell an administrator.',
  sign_in_unmatched:
    'The provider knows you, but nobody here is linked to you. An administrator can add you with the address that it knows.',
  provider_failed: 'The provider does not answer, or not as it should. Try again in a minute, or ask for a one-time link.',
  not_found: 'There is no provider for this organization or address. Check how it is written, or ask for a one-time link.',
  rate_limited: 'Too many sign-ins from here were refused.',
  too_many_requests: 'So many sign in at this moment that this one was not taken.',
  unavailable: 'Twinlock cannot reach its own store at the moment.',
  internal: 'Something went wrong on our side; the log has it under the request id.',
}

/** Those that waiting helps against. */
const passing: ReadonlySet<string> = new Set(['rate_limited', 'too_many_requests', 'unavailable'])

/** What a refusal means, and when to try again where waiting helps. */
function wordsOf({ code, waitSeconds }: Refusal): string {
  const words = refusals[code] ?? 'The sign-in was refused. Begin again.'
  if (!passing.has(code)) return words
  if (waitSeconds === undefined) return `${words} Try again in a minute.`
  return `${words} Try again in ${waitSeconds === 1 ? 'a second' : `${waitSeconds} seconds`}.`
}

/** Goes to the provider of an address, or of an organization. */
export function goToProvider(who: string, back: string): void {
  const query = new URLSearchParams({ [who.includes('@') ? 'email' : 'organization']: who.trim(), return: back })
  window.location.assign(`/sso/start?${query}`)
}

type Going = { readonly state: 'ready' | 'busy' } | { readonly state: 'failed'; readonly problem: Problem }

/** Does one thing at a time, and says what went wrong with it. */
function useGoing(): readonly [Going, (work: () => Promise<void>) => Promise<void>] {
  const [going, setGoing] = useState<Going>({ state: 'ready' })
  const go = async (work: () => Promise<void>): Promise<void> => {
    setGoing({ state: 'busy' })
    try {
      await work()
      setGoing({ state: 'ready' })
    } catch (error) {
      setGoing({ state: 'failed', problem: asProblem(error) })
    }
  }
  return [going, go]
}

function Wrong({ going }: { readonly going: Going }): ReactElement | null {
  if (going.state !== 'failed') return null
  const { detail, code, next } = going.problem
  return (
    <p role="alert" className="mt-2 text-bad">
      {detail} {next} <span className="text-small text-faint">code {code}</span>
    </p>
  )
}

function ByCode(): ReactElement {
  const [organization, setOrganization] = useState('')
  const [code, setCode] = useState('')
  const [going, go] = useGoing()
  return (
    <details className="mt-4">
      <summary className="cursor-pointer text-small text-soft">Use a recovery code</summary>
      <form
        className="mt-3 space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (organization.trim() !== '' && code.trim() !== '') void go(() => signInByCode(organization, code))
        }}
      >
        <TextField label="Organization" value={organization} onChange={setOrganization} maxLength={100} hint="Its short name." />
        <TextField label="Recovery code" value={code} onChange={setCode} maxLength={60} mono hint="One of the ten; each works once." />
        <Button type="submit" isPending={going.state === 'busy'}>
          Sign in
        </Button>
        <Wrong going={going} />
      </form>
    </details>
  )
}

/** A passkey, or a recovery code: the ways in that need neither a link nor a provider. */
function ByOneself(): ReactElement {
  const [going, go] = useGoing()
  return (
    <section className="mt-8 border-t border-line pt-6" aria-labelledby="by-oneself">
      <h2 id="by-oneself" className="mb-3 font-semibold">
        Sign in with a key of yours
      </h2>
      {canHavePasskeys() ? (
        <>
          <Button onPress={() => void go(signInByPasskey)} isPending={going.state === 'busy'}>
            Use a passkey
          </Button>
          <Wrong going={going} />
        </>
      ) : (
        <p className="text-small text-faint">Passkeys work where Twinlock is reached by a name instead of an address.</p>
      )}
      <ByCode />
    </section>
  )
}

/** The fields and their buttons, and what went wrong the last time. */
export function SignInByProvider({ refusal }: { readonly refusal: Refusal | undefined }): ReactElement {
  const [who, setWho] = useState('')
  const isReady = who.trim().length > 0
  const go = () => {
    if (isReady) goToProvider(who, '/console/')
  }
  return (
    <>
      <section className="mt-8 border-t border-line pt-6" aria-labelledby="by-provider">
        <h2 id="by-provider" className="font-semibold">
          Sign in with your organization
        </h2>
        {refusal === undefined ? null : (
          <div role="alert" className="mt-2 text-bad">
            <p>{wordsOf(refusal)}</p>
            <p className="text-small text-faint">
              code <code className="font-mono text-tiny">{refusal.code}</code>
              {refusal.request === undefined ? null : (
                <>
                  {' '}
                  · request <code className="font-mono text-tiny">{refusal.request}</code>
                </>
              )}
            </p>
          </div>
        )}
        <form
          className="mt-3 flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            go()
          }}
        >
          <div className="min-w-64 grow">
            <TextField
              label="Work address or organization"
              value={who}
              onChange={setWho}
              maxLength={320}
              hint="Your organization’s own sign-in page comes next."
            />
          </div>
          <Button onPress={go}>Continue</Button>
        </form>
      </section>
      <ByOneself />
    </>
  )
}
