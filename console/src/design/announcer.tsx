// What happened, said once: a line at the foot of the page that goes away, and the same words for those who hear the page.
import { type ReactElement, useEffect } from 'react'
import { store, useStore } from '../api/store.ts'
import { Icon } from './icon.tsx'

/** How a toast is meant. */
export type Tone = 'plain' | 'good' | 'bad'

interface Said {
  readonly key: number
  readonly text: string
  readonly tone: Tone
  readonly isShown: boolean
}

const said = store<Said | undefined>(undefined)
const toastMs = 8_000

/** Says something to those who hear the page, without showing it. */
export function announce(text: string): void {
  said.set({ key: Date.now(), text, tone: 'plain', isShown: false })
}

/** Shows and says what happened. */
export function toast(text: string, tone: Tone = 'plain'): void {
  said.set({ key: Date.now(), text, tone, isShown: true })
}

/** The place where it is said; the frame has one. */
export function Announcer(): ReactElement {
  const now = useStore(said)
  const key = now?.key
  useEffect(() => {
    if (key === undefined) return
    const timer = setTimeout(() => said.set(undefined), toastMs)
    return () => clearTimeout(timer)
  }, [key])
  return (
    <>
      <div role="status" aria-live="polite" className="sr-only">
        {now?.text}
      </div>
      {now?.isShown ? (
        <div className="fixed inset-x-3 bottom-3 z-50 flex justify-center md:inset-x-auto md:right-4">
          <div className="fade-in flex max-w-xl items-start gap-2 rounded-sheet border border-edge bg-raised px-3 py-2" aria-hidden="true">
            {now.tone === 'plain' ? null : (
              <Icon name={now.tone === 'good' ? 'check' : 'warn'} className={`mt-0.5 ${now.tone === 'good' ? 'text-good' : 'text-bad'}`} />
            )}
            <span>{now.text}</span>
          </div>
        </div>
      ) : null}
    </>
  )
}
