// What a guardrail says beside its policy: in which environments it holds, and from which sensitivity on. Words come from anywhere. Pure.

/** The classes of environments, from the most harmless to production. */
export const classes = ['sandbox', 'staging', 'preproduction', 'production'] as const
/** The class of an environment. */
export type EnvironmentClass = (typeof classes)[number]
/** The sensitivities, from the least to the most. */
export const sensitivities = ['public', 'internal', 'confidential', 'restricted'] as const
/** How sensitive something is. */
export type Level = (typeof sensitivities)[number]

/** What a guardrail says beside its policy. */
export interface Terms {
  readonly environmentClasses: readonly EnvironmentClass[]
  readonly sensitivity: Level | null
}

/** The class that a word names; undefined for another word. */
export const classIn = (word: string): EnvironmentClass | undefined => classes.find((one) => one === word)
/** The sensitivity that a word names; undefined for another word. */
export const levelIn = (word: string | undefined): Level | undefined => sensitivities.find((one) => one === word)
