// The key of a workload that is being registered: made in this browser and shown this once, or made elsewhere, and its public half pasted.
import { type ReactElement, useEffect, useState } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { session } from '../../../api/session.ts'
import { useStore } from '../../../api/store.ts'
import { Button } from '../../../design/button.tsx'
import { Choose } from '../../../design/choose.tsx'
import { save } from '../../artifacts/read-file.ts'
import { ShownOnce } from '../../identity/copied.tsx'
import { KeyField } from './key-field.tsx'
import { type KeyPair, keyFileOf, makeKeyPair } from './new-key.ts'
import type { PublicKey } from './public-key.ts'

/** Whether the key is made here: where the URL does not say otherwise, and the browser can. Over plain HTTP from elsewhere it has no `crypto.subtle`. */
export const isMadeIn = (search: Readonly<Record<string, string | undefined>>): boolean => search.key !== 'pasted' && window.isSecureContext

/** A key pair, made once the view is there; undefined until then, and where the browser can make none. */
export function useKeyPair(): KeyPair | undefined {
  const [pair, setPair] = useState<KeyPair>()
  useEffect(() => {
    let isWanted = window.isSecureContext
    if (isWanted) void makeKeyPair().then((made) => isWanted && setPair(made))
    return () => {
      isWanted = false
    }
  }, [])
  return pair
}

interface KeyMadeProps {
  readonly workload: OutputOf<'workload:create'>
  readonly pair: KeyPair
}

/** The key file, once. */
export function KeyMade({ workload, pair }: KeyMadeProps): ReactElement {
  const now = useStore(session)
  const file = keyFileOf({ ...workload, organization: now.state === 'somebody' ? now.here.id : '' }, pair, window.location.origin)
  const name = `${workload.slug}.key.json`
  return (
    <>
      <ShownOnce shown={[{ name: 'Its key file', text: file, hint: 'For nobody to read but the workload itself: mode 0600.' }]}>
        Its key is shown this once. Whoever has it acts as the workload.
      </ShownOnce>
      <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button onPress={() => save(name, new TextEncoder().encode(file))}>Save it as a file</Button>
        <code className="font-mono text-tiny text-soft">npx twinlock whoami --key {name}</code>
      </p>
    </>
  )
}

interface KeyChoiceProps {
  readonly isMade: boolean
  readonly onChange: (key: 'pasted' | undefined) => void
  readonly onPasted: (key: PublicKey | undefined) => void
}

function hint(isMade: boolean): string {
  if (isMade) return 'Made in this browser, and shown this once when it is registered. It is sent nowhere.'
  return window.isSecureContext
    ? 'Made where it will live; only its public half is pasted.'
    : 'Over plain HTTP a browser makes no keys: paste the public half of one.'
}

/** Where the key comes from, and the field for one that is pasted. */
export function KeyChoice({ isMade, onChange, onPasted }: KeyChoiceProps): ReactElement {
  return (
    <>
      <div>
        <p className="mb-1 text-small font-medium">Its key</p>
        <Choose
          label="Its key"
          value={isMade ? 'made' : 'pasted'}
          onChange={(id) => onChange(id === 'pasted' ? id : undefined)}
          choices={[
            { id: 'made', name: 'Made here' },
            { id: 'pasted', name: 'Pasted' },
          ]}
        />
        <p className="mt-1 text-small text-soft">{hint(isMade)}</p>
      </div>
      {isMade ? null : <KeyField label="Its public key" onKey={onPasted} />}
    </>
  )
}
