// The keys of a replay: space, arrows, Home and End, comma and point for the clock; a, d, w, s, plus, minus and zero for the room. They act wherever nothing else would take them; the letters of the shell's switch for
// single keys are not among the arrows, so those always act.
import { useEffect, useEffectEvent } from 'react'
import { singleKeys } from '../../../shell/keys.ts'
import type { Look } from './stage.ts'
import type { Camera } from './stage-view.tsx'
import type { Clock } from './use-clock.ts'

const takers =
  'input, textarea, select, button, a, summary, [contenteditable], [role="dialog"], [role="grid"], [role="radio"], [role="option"], [role="tab"]'

const looks: Readonly<Record<string, Look>> = {
  a: 'left',
  d: 'right',
  w: 'higher',
  s: 'lower',
  '+': 'closer',
  '=': 'closer',
  '-': 'farther',
  '0': 'first',
}

/** What a key asks of the room, where it is drawn. */
function lookOf(key: string, { current: look }: Camera): (() => void) | undefined {
  const how = Object.hasOwn(looks, key) ? looks[key] : undefined
  return how === undefined || look === undefined || !singleKeys.get() ? undefined : () => look(how)
}

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
export function useReplayKeys(clock: Clock, camera: Camera, stepSeconds: number, end: number): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const { target } = event
    if (target instanceof Element && target.closest(takers) !== null) return
    if (document.querySelector('[role="dialog"]') !== null) return
    const deed = deedOf(event, clock, stepSeconds, end) ?? lookOf(event.key, camera)
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
