// A trial sign-in: the way through the provider that people will take, in a page of its own, at whose end stands what the provider said and who that would be.
import { type ReactElement, useState } from 'react'
import { useAct } from '../../../api/queries.ts'
import { announce } from '../../../design/announcer.tsx'
import { Button } from '../../../design/button.tsx'
import { Failed } from '../../../design/conditions.tsx'

/** The button, and the way in once it was pressed. */
export function TryConnection({ sso }: { readonly sso: string }): ReactElement {
  const { act, isActing, problem } = useAct('sso:try')
  const [url, setUrl] = useState<string>()
  const press = async (): Promise<void> => {
    try {
      setUrl((await act({ sso })).url)
      announce('The trial is ready to be begun.')
    } catch {
      setUrl(undefined) // `problem` says why
    }
  }
  return (
    <div className="mt-5">
      <p className="mb-3 max-w-prose text-soft">
        A trial goes the whole way: you sign in at the provider, and a page says what it told and who that would be here, or why its answer
        does not hold. It lets nobody in, links nobody and adds nobody.
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button onPress={() => void press()} isPending={isActing}>
          {url === undefined ? 'Try a sign-in' : 'Another trial'}
        </Button>
        {url === undefined ? null : (
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            className="rounded-mark text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-accent"
          >
            Begin it in another tab
          </a>
        )}
      </div>
      {problem === undefined ? null : (
        <div className="mt-3">
          <Failed problem={problem} what="the trial" />
        </div>
      )}
    </div>
  )
}
