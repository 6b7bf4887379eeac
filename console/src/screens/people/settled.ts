// What somebody types, once he has paused: so that not each letter asks the server.
import { useEffect, useEffectEvent, useState } from 'react'

const pauseMs = 250

/** How often lists of very many are read again, in milliseconds: each reading looks through all of them. */
export const everyMs = 60_000

/** The value as it was when it last stood still; values that say the same are one. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  const key = JSON.stringify(value)
  const settle = useEffectEvent(() => setSettled(() => value))
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new value that says the same begins no new pause.
  useEffect(() => {
    const timer = setTimeout(settle, pauseMs)
    return () => clearTimeout(timer)
  }, [key])
  return settled
}
