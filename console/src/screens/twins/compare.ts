// Two versions of a scenario, fact by fact: what a run of the later one may touch, bring and use that a run of the earlier one may not, and the other way
// round. It compares what the server told; it decides nothing.
import type { OutputOf } from '../../api/call.ts'

/** A version of a scenario as it is shown. */
export type ShownScenario = OutputOf<'scenario:show'>

/** What became of a fact. */
export type Became = 'added' | 'removed' | 'changed'

/** One fact that differs. `before` is missing for what was added, `after` for what was removed. */
export interface Change {
  readonly became: Became
  readonly name: string
  readonly before?: string
  readonly after?: string
  /** Whether a run may do, bring or use more than before, less, or neither can be said. */
  readonly means?: 'more' | 'less'
}

/** A kind of facts with what differs of it, and how many facts are the same. */
export interface Compared {
  readonly title: string
  readonly changes: readonly Change[]
  readonly same: number
}

type Facts = ReadonlyMap<string, string>
type Meaning = (before: string | undefined, after: string | undefined) => 'more' | 'less' | undefined

function changeOf(name: string, before: string | undefined, after: string | undefined, meaning: Meaning): Change {
  const became: Became = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const means = meaning(before, after)
  return {
    became,
    name,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(means === undefined ? {} : { means }),
  }
}

function compared(title: string, before: Facts, after: Facts, meaning: Meaning): Compared {
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const differing = names.filter((name) => before.get(name) !== after.get(name))
  return {
    title,
    changes: differing.map((name) => changeOf(name, before.get(name), after.get(name), meaning)),
    same: names.length - differing.length,
  }
}

const byPresence: Meaning = (before, after) => (before === undefined ? 'more' : after === undefined ? 'less' : undefined)
const unsaid: Meaning = () => undefined

/** Methods are compared as sets: what only one side has says which way it went. */
const byMethods: Meaning = (before, after) => {
  if (before === undefined || after === undefined) return byPresence(before, after)
  const [had, has] = [before.split(', '), after.split(', ')]
  const [gained, lost] = [has.some((method) => !had.includes(method)), had.some((method) => !has.includes(method))]
  return gained === lost ? undefined : gained ? 'more' : 'less'
}

const byAmount: Meaning = (before, after) => (Number(before) < Number(after) ? 'more' : 'less')

/** The rules of a manifest, by connection and path; rules on the same path are one, with all their methods. */
function rulesOf({ manifest: { connections } }: ShownScenario): Facts {
  const methods = new Map<string, Set<string>>()
  for (const { connection, allow } of connections)
    for (const rule of allow) {
      const name = `${connection} ${rule.path}`
      methods.set(name, new Set([...(methods.get(name) ?? []), ...rule.methods]))
    }
  return new Map([...methods].map(([name, all]) => [name, [...all].sort().join(', ')]))
}

const connectionsOf = ({ manifest }: ShownScenario): Facts => new Map(manifest.connections.map(({ connection }) => [connection, '']))

/** A value as one text, whatever the order in which its names were written. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const pairs = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${pairs.map(([name, one]) => `${JSON.stringify(name)}: ${textOf(one)}`).join(', ')}}`
}

const parametersOf = ({ manifest }: ShownScenario): Facts =>
  new Map(Object.entries(manifest.parameters).map(([name, value]) => [name, textOf(value)]))

const assetsOf = ({ assets }: ShownScenario): Facts => new Map(assets.map(({ name, digest }) => [name, digest]))

function limitsOf({ manifest: { deadlineSeconds, memoryMegabytes, outputs } }: ShownScenario): Facts {
  return new Map([
    ['Seconds until it is ended', String(deadlineSeconds)],
    ['Megabytes of memory', String(memoryMegabytes)],
    ['Output files', String(outputs.filesMax)],
    ['Output bytes', String(outputs.bytesMax)],
  ])
}

/** Compares two versions. */
export function compare(before: ShownScenario, after: ShownScenario): readonly Compared[] {
  return [
    compared('Connections', connectionsOf(before), connectionsOf(after), byPresence),
    compared('Rules', rulesOf(before), rulesOf(after), byMethods),
    compared('Parameters', parametersOf(before), parametersOf(after), unsaid),
    compared('Assets', assetsOf(before), assetsOf(after), unsaid),
    compared('Limits', limitsOf(before), limitsOf(after), byAmount),
  ]
}

/** The earlier and the later of two versions of one scenario; of different scenarios, in the order in which they were named. */
export function inOrder(one: ShownScenario, other: ShownScenario): readonly [before: ShownScenario, after: ShownScenario] {
  const isLater = one.twin === other.twin && one.slug === other.slug && one.version > other.version
  return isLater ? [other, one] : [one, other]
}
