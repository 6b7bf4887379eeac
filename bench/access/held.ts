// What the door decides by: ten grants each of ten thousand people who act in turn, in the engine that the product runs, read anew for each act and kept. The answers
// are held to cedar-wasm first.
import { createCedar, grantPolicy, type Policy, readSchema } from '../../src/access/index.ts'
import { catalogue } from '../../src/app/catalogue.ts'
import { prepareDeciding } from '../../src/app/deciding.ts'
import type { Figure } from '../figure.ts'
import { over, ratesPerSecond, weighed } from './measure.ts'

const peopleCount = 10_000
const grantsEach = 10
/** As many people as the memory of a server keeps with that many grants each. */
const keptCount = 900
const roles = ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor']

const id = (prefix: string, number: number): string => `${prefix}_${String(number).padStart(26, '0')}`
const person = (number: number) => ({ type: 'Person', id: id('per', number) })

function grantsOf(who: number): Policy[] {
  return Array.from({ length: grantsEach }, (_, at) => {
    const number = who + at * peopleCount
    const terms = {
      org_id: 'org',
      id: id('grt', number),
      principal_type: 'Person',
      principal_id: id('per', who),
      role: roles[(number + at) % roles.length] ?? null,
      scope_type: at % 2 === 0 ? 'Organization' : 'Project',
      scope_id: at % 2 === 0 ? 'org' : id('prj', number % 1000),
      environments: number % 3 === 0 ? [id('env', number % 4)] : [],
      not_before: null,
      expires_at: number % 2 === 0 ? new Date(1_900_000_000_000 + number * 1000) : null,
      given_by: 'somebody',
      created_at: new Date(0),
      revoked_at: null,
    }
    return grantPolicy(terms, person(who))
  })
}

const context = {
  now: 1_800_000_000,
  environment: '',
  environmentClass: '',
  weekday: 1,
  minute: 1,
  signedInSecondsAgo: 1,
  stepUpSeconds: 43_200,
  acr: '',
  address: '',
}

function question(who: number, policies: readonly Policy[]) {
  const principal = person(who)
  const resource = { type: 'Organization', id: 'org', attributes: {}, parents: [] }
  const entities = [{ ...principal, attributes: { clearance: 1, chain: [principal.id] }, parents: [] }, resource]
  return { principal, action: 'project:create', resource, context, entities, standing: prepareDeciding().shipped, policies }
}

/** Throws unless both say the same. */
function compare(people: readonly number[]): void {
  const reference = createCedar(readSchema(catalogue).text)
  let allowed = 0
  for (const who of people) {
    const asked = question(who, grantsOf(who))
    const [ours, theirs] = [prepareDeciding().engine.ask(asked), reference.ask(asked)]
    const told = ({ policies, ...answer }: typeof ours) => JSON.stringify({ ...answer, policies: policies.toSorted() })
    if (told(ours) !== told(theirs)) throw new Error(`The engines disagree on ${who}: ${told(ours)}, ${told(theirs)}.`)
    if (ours.allowed) allowed++
  }
  if (allowed === 0 || allowed === people.length) throw new Error('Of these people some may and some may not.')
}

/** The figures of what is held. */
export function heldFigures(): Figure[] {
  const { engine } = prepareDeciding()
  const people = Array.from({ length: peopleCount }, (_, at) => at)
  compare(people.filter((at) => at % 500 === 7 || at % 500 === 8))
  const kept = weighed(() => {
    const lists = people.slice(0, keptCount).map((who) => Object.freeze(grantsOf(who)))
    lists.forEach((list, who) => void engine.ask(question(who, list)))
    return lists
  })
  const [anew = 1, again = 1] = ratesPerSecond(
    [
      over(people, 200, (who) => engine.ask(question(who, grantsOf(who)))),
      over(people, 2000, (who) => engine.ask(question(who % keptCount, kept.result[who % keptCount] ?? []))),
    ],
    3,
  )
  const name = `decided by ${grantsEach} grants each, ${peopleCount.toLocaleString('en-US')} people in turn`
  return [
    { name: `${name}: compiled anew for each act`, value: 1e6 / anew, unit: 'µs', goal: '< 500 µs', ok: 1e6 / anew < 500 },
    { name: `${name}: kept`, value: 1e6 / again, unit: 'µs', goal: '< 50 µs', ok: 1e6 / again < 50 },
    { name: 'heap of 9,000 policies that are kept', value: kept.megabytes, unit: 'MB', goal: '< 40 MB', ok: kept.megabytes < 40 },
  ]
}
