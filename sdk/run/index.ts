// The door of the run library: what the program of a twin may use.
export * from './context.ts'
export * from './run-refused.ts'
export type { AssetInfo, Json, LogLevel, Verdict } from './wire.ts'
