// What a form that makes something lacks, in one sentence, in the place of its button.
import type { ReactElement } from 'react'

/** The sentence. */
export function Lacks({ children }: { readonly children: string }): ReactElement {
  return <p className="text-small text-soft">{children}</p>
}

/** The first thing that is missing, of conditions in the order of the form. */
export function firstLack(...all: readonly (readonly [isMissing: boolean, said: string])[]): string | undefined {
  return all.find(([isMissing]) => isMissing)?.[1]
}

/** A slug as the server takes one. */
export const isSlug = (text: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(text)

/** A slug that a name suggests, while nobody wrote another. */
export function slugFrom(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
}
