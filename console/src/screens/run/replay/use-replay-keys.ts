// The keys of a replay: space, arrows, Home and End, comma and point. They act wherever nothing else would take them; the letters of the shell's switch for
// single keys are not among the arrows, so those always act.
import { useEffect, useEffectEvent } from 'react'
import { singleKeys } from '../../../shell/keys.ts'
import type { Clock } from './use-clock.ts'

const takers =
  'input, textarea, select, button, a, summary, [contenteditable], [role="dialog"], [role="grid"], [role="radio"], [role="option"], [role="tab"]'

function deedOf(event: KeyboardEvent, clock: Clock, stepSeconds: number, end: number): (() => void) | undefined {
  const step = stepSeconds * (event.shiftKey ? 10 : 1)
  const deeds: Readonly<Record<string, () => void>> = {
    ' ': clock.toggle,
    ArrowLeft: () => clock.seek(clock.t - step),
    ArrowRight: () => clock.seek(clock.t + step),
    Home: () => clock.seek(0),
    End: () => clock.seek(end),
    ...(singleKeys.get() ? { ',': clock.slower, '.': clock.faster } : {}),
  }
  return deeds[event.key]
}

/** Listens while the replay stands. */
export function useReplayKeys(clock: Clock, stepSeconds: number, end: number): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const { target } = event
    if (target instanceof Element && target.closest(takers) !== null) return
    if (document.querySelector('[role="dialog"]') !== null) return
    const deed = deedOf(event, clock, stepSeconds, end)
    if (deed === undefined) return
    event.preventDefault()
    deed()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
