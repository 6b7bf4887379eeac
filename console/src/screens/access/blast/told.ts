// What is told of a blast radius, by the server's answer.
import type { OutputOf } from '../../../api/call.ts'

/** A blast radius. */
export type Told = OutputOf<'access:blast'>
