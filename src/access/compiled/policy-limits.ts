// What is refused before cedar-wasm's parser sees it. The parser recurses: a few hundred bytes of brackets overflow its stack, and from then on every call
// to it fails, for everybody. Policies come from customers, so their nesting is measured here, on tokens, by a bound that errs on the safe side.

/** How long the text of one policy may be, in characters. */
export const policyTextMax = 65_536
/** How deep a policy may be nested, in units of one operator of a chain; a bracket counts for four. cedar-wasm 4.13 fails at about 360. */
export const policyNestingMax = 180

/** Thrown when a policy's text is too long or nested too deep to be parsed safely. */
export class PolicyLimitError extends Error {}

const token = /\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"|&&|\|\||[A-Za-z_][A-Za-z0-9_]*|[0-9]+|::|[^\s]/g
const bracketWeight = 4
/** Eight operands of one `&&` or `||` weigh as much as one of another chain. */
const junctionWeight = 0.125

/** One open bracket, with what is nested to its left: what lies within comes on top of it. */
interface Level {
  /** What an `if` chain and junctions of this level add for as long as it is open. */
  kept: number
  /** The operators of the chain that is being read. */
  chain: number
}

const chained = new Set(['+', '-', '*', '.', '!', 'has', 'like', 'in', 'is', '<', '>', '='])

function read(level: Level, found: string): void {
  if (found === '&&' || found === '||') {
    level.kept += junctionWeight
    level.chain = 0
  } else if (found === ',' || found === ';') level.chain = 0
  else if (found === 'if' || found === 'else') level.kept += 1
  else if (chained.has(found)) level.chain += 1
}

/** An upper bound of how deep a policy's text is nested. */
export function nestingOf(text: string): number {
  const levels: Level[] = []
  let level: Level = { kept: 0, chain: 0 }
  let below = 0
  let deepest = 0
  for (const [found] of text.matchAll(token)) {
    if (found === '(' || found === '[' || found === '{') {
      levels.push(level)
      below += level.kept + level.chain + bracketWeight
      level = { kept: 0, chain: 0 }
    } else if (found === ')' || found === ']' || found === '}') {
      level = levels.pop() ?? { kept: 0, chain: 0 }
      below -= level.kept + level.chain + bracketWeight
      // a method's brackets are a link of the chain that they stand in
      level.chain += 1
    } else read(level, found)
    deepest = Math.max(deepest, below + level.kept + level.chain)
  }
  return deepest
}

/** Refuses a policy's text that is too long or nested too deep. Throws `PolicyLimitError`, which says which limit was hit. */
export function checkPolicyLimits(text: string): void {
  if (text.length > policyTextMax) throw new PolicyLimitError(`A policy is longer than ${policyTextMax} characters.`)
  if (nestingOf(text) > policyNestingMax) throw new PolicyLimitError(`A policy is nested deeper than ${policyNestingMax} units.`)
}

/** What `checkPolicyLimits` has against a text: one sentence, or nothing. */
export function policyLimitProblem(text: string): string[] {
  try {
    checkPolicyLimits(text)
    return []
  } catch (error) {
    if (error instanceof PolicyLimitError) return [error.message]
    throw error
  }
}
