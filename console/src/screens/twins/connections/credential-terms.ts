// A credential while it is written. Its value is a secret: it is in the field that it is typed into, and in the one request that carries it.

/** What is written of it. */
export interface Credential {
  readonly isGiven: boolean
  readonly header: string
  readonly value: string
  /** How often it was changed: what stands for it wherever it is compared. */
  readonly written: number
}

/** Nothing written yet. */
export const noCredential: Credential = { isGiven: false, header: 'authorization', value: '', written: 0 }

/** The next state of it; one that is not given any more is forgotten. */
export function rewritten(before: Credential, to: Partial<Credential>): Credential {
  const written = before.written + 1
  return to.isGiven === false ? { ...noCredential, written } : { ...before, ...to, written }
}
