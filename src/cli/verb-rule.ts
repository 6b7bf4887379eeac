// The one rule from `noun:verb` to a verb of the command line: the same two words. docs/guides/routes-and-verbs.md says it in prose.
import type { Capability } from '../kernel/index.ts'
import { whyNoRoute } from '../server/index.ts'

/** What a command that signs on to another does instead. */
const elsewhere: Readonly<Record<string, string>> = {
  'session:create': 'It is `twinlock login <link>`.',
  'session:end': 'It is `twinlock logout`.',
  'session:show': 'It is `twinlock whoami`.',
}

/** Verbs that a wire protocol serves and that people still type. */
const typed = new Set(['promotion:prove-key'])

/** Why a capability has no verb of its own; undefined when it has one. */
export function whyNoVerb(capability: Capability): string | undefined {
  if (typed.has(capability.name)) return undefined
  return elsewhere[capability.name] ?? whyNoRoute(capability)
}

/** The capabilities that have a verb, in the order of the catalogue. */
export function withVerbs(catalogue: readonly Capability[]): readonly Capability[] {
  return catalogue.filter((one) => whyNoVerb(one) === undefined)
}
