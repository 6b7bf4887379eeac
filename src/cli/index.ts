// The door of `cli`, for the generator of the reference and for tests: what there is to type, and what is said about it.
export { commands } from './commands.ts'
export { exitCodes } from './exit-codes.ts'
export { commandHelp, synopsisOf, verbHelp } from './help.ts'
export type { Io } from './io.ts'
export { createPaint, type Paint } from './print/paint.ts'
export { runCommand } from './run-command.ts'
export { openLog } from './start/log.ts'
export { whyNoVerb, withVerbs } from './verb-rule.ts'
