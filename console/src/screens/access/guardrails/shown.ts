// A guardrail as the server shows it.
import type { OutputOf } from '../../../api/call.ts'

/** A guardrail. */
export type ShownGuardrail = OutputOf<'guardrail:show'>
