// The keyboard of the shell. Single letters act only where nothing is being typed and no dialog is open, and can be switched off (WCAG 2.2, 2.1.4).
import { useEffect, useEffectEvent } from 'react'
import { neighboursOf } from '../api/came-from.ts'
import { keep, kept, store } from '../api/store.ts'
import { places } from './screen.ts'

const key = 'twinlock.single-keys'
const sequenceMs = 1_200

/** Whether single letters act. */
export const singleKeys = store<boolean>(kept('localStorage', key) !== 'off')

/** Switches single letters on or off, and remembers it in this browser. */
export function setSingleKeys(on: boolean): void {
  keep('localStorage', key, on ? undefined : 'off')
  singleKeys.set(on)
}

/** What the shell's keys do. */
export interface ShellKeys {
  readonly openPalette: () => void
  readonly openSheet: () => void
  readonly go: (path: string) => void
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

const isVisible = (element: HTMLElement): boolean => element.getClientRects().length > 0

/** Moves the focus to the next (1) or former (-1) item of the view. */
function move(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('main [data-item], main tbody [role="row"]')].filter(isVisible)
  const at = all.findIndex((one) => one.contains(document.activeElement))
  const next = all[at === -1 ? (by === 1 ? 0 : all.length - 1) : at + by]
  next?.focus()
}

function focusFilter(): void {
  document.querySelector<HTMLElement>('main [data-filter] input, main input[data-filter], main input[type="search"]')?.focus()
}

const isPaletteKey = ({ ctrlKey, metaKey, altKey, key: pressed }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && !altKey && pressed.toLowerCase() === 'k'

function mayBeSingle(event: KeyboardEvent): boolean {
  if (!singleKeys.get() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false
  return !isTyping(event.target) && document.querySelector('[role="dialog"]') === null
}

/** Listens to the keyboard for as long as the frame stands. */
export function useShellKeys({ openPalette, openSheet, go }: ShellKeys): void {
  const single = useEffectEvent((event: KeyboardEvent, afterG: boolean): boolean => {
    if (afterG) {
      const place = places.find(({ place: { letter } }) => letter === event.key)
      if (place === undefined) return false
      go(place.path)
      return true
    }
    const step = (to: 'former' | 'next') => (): void => {
      const path = neighboursOf(window.location.pathname)?.[to]
      if (path !== undefined) go(path)
    }
    const acts: Readonly<Record<string, () => void>> = {
      '?': openSheet,
      '/': focusFilter,
      j: () => move(1),
      k: () => move(-1),
      '[': step('former'),
      ']': step('next'),
    }
    const act = acts[event.key]
    act?.()
    return act !== undefined
  })
  const palette = useEffectEvent(openPalette)
  useEffect(() => {
    let gAt = Number.NEGATIVE_INFINITY
    const listen = (event: KeyboardEvent): void => {
      if (isPaletteKey(event)) {
        event.preventDefault()
        palette()
        return
      }
      if (!mayBeSingle(event)) return
      const afterG = event.timeStamp - gAt < sequenceMs
      gAt = event.key === 'g' && !afterG ? event.timeStamp : Number.NEGATIVE_INFINITY
      if (event.key !== 'g' && single(event, afterG)) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
