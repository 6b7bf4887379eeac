// The error that a program meets when the platform says no. A refusal is an answer, not an accident: programs may record it and go on.

/** A request that was refused: by policy, by the manifest, by a limit, or because what it names is not there. */
export class RunRefused extends Error {
  /** Why, for programs: `denied`, `not_found`, `too_large`, … */
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.name = 'RunRefused'
    this.code = code
  }
}
