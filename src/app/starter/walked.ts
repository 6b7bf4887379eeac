// What walking the main job once came to, for whoever prints it.

/** The artifact that the run left in quarantine. */
export interface Artifact {
  readonly id: string
  readonly run: string
  readonly digest: string
  readonly sensitivity: string
  readonly state: string
}

/** A run that was walked to its end. */
export interface WalkedRun {
  readonly run: string
  /** As `run:show` answers it. */
  readonly ended: Readonly<Record<string, unknown>>
  readonly allowed: number
  readonly denied: number
  readonly artifact: Artifact | undefined
  /** The promotion that waits for review. */
  readonly promotion: string | undefined
}
