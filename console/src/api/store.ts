// A value that parts of the page share and that views follow. Ours, because it is twenty lines.
import { useSyncExternalStore } from 'react'

/** A shared value. */
export interface Store<T> {
  get(): T
  set(value: T): void
  subscribe(listener: () => void): () => void
}

/** Makes a store. */
export function store<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(value, next)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value of a store; the view follows it. */
export function useStore<T>({ subscribe, get }: Store<T>): T {
  return useSyncExternalStore(subscribe, get)
}

/** Reads what this browser keeps; undefined where there is nothing, or where keeping is forbidden. */
export function kept(area: 'localStorage' | 'sessionStorage', key: string): string | undefined {
  try {
    return globalThis[area].getItem(key) ?? undefined
  } catch {
    return undefined // a browser that keeps nothing
  }
}

/** Keeps a text in this browser; undefined forgets it. Nothing secret is ever kept: sessions are cookies that no script reads. */
export function keep(area: 'localStorage' | 'sessionStorage', key: string, value: string | undefined): void {
  try {
    if (value === undefined) globalThis[area].removeItem(key)
    else globalThis[area].setItem(key, value)
  } catch {
    // A browser that keeps nothing: what was chosen lasts as long as the page.
  }
}
