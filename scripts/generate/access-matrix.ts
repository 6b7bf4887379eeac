// The access matrix: role × action × environment class, found by really asking. A synthetic person with one grant of one role on the organization asks for
// each action on a synthetic resource; what the decision says is what is printed, so that a change of policy is a change that anybody can read.
import { grantPolicy, resourceTypes, wouldAllow } from '../../src/access/index.ts'
import { createDecider } from '../../src/app/index.ts'
import {
  type Attributes,
  type AttributeType,
  type AttributeValue,
  type Capability,
  type Entity,
  type EnvironmentClass,
  environmentClasses,
  type Located,
  type OrgId,
  type Principal,
  type Role,
  roles,
} from '../../src/kernel/index.ts'

const org = 'org_00000000000000000000000000' as OrgId // a made-up id that no store has
const person = 'per_00000000000000000000000000'

const blank: Readonly<Record<AttributeType, AttributeValue>> = { String: '', Long: 0, Boolean: false, 'Set<String>': [] }

function blankAttributes(attributes: Attributes): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(attributes).map(([name, type]) => [name, blank[type]]))
}

/** A made-up thing of a type: nobody's own, made by nobody, public. */
function thing(type: { readonly name: string; readonly attributes: Attributes; readonly parents: readonly string[] }): Entity {
  const id = type.name === 'Organization' ? org : `synthetic-${type.name.toLowerCase()}`
  const parents = type.parents.map((name) => ({ type: name, id: name === 'Organization' ? org : `synthetic-${name.toLowerCase()}` }))
  return { type: type.name, id, attributes: blankAttributes(type.attributes), parents }
}

/** What an action would find: a blank resource with everything that stands above it, in an environment of a class. */
export function syntheticLocated(
  capability: Capability,
  environmentClass: EnvironmentClass,
  catalogue: readonly Capability[],
): Located<unknown> {
  const types = new Map(resourceTypes(catalogue).map((type) => [type.name, type]))
  const others = new Map<string, Entity>()
  const climb = (names: readonly string[]): void => {
    for (const name of names) {
      const type = types.get(name) ?? { name, attributes: {}, parents: [] }
      if (others.has(name)) continue
      others.set(name, thing(type))
      climb(type.parents)
    }
  }
  climb(capability.resource.parents)
  return {
    resource: thing(capability.resource),
    others: [...others.values()],
    environment: { id: 'synthetic-environment', class: environmentClass },
    context: blankAttributes(capability.context),
    found: undefined,
  }
}

const principal: Principal = { kind: 'person', id: person, org, name: 'synthetic', clearance: 3, chain: [person] }

function grantOf(role: Role) {
  return grantPolicy({
    org_id: org,
    id: 'grt_00000000000000000000000000',
    principal_type: 'Person',
    principal_id: person,
    role,
    scope_type: 'Organization',
    scope_id: org,
    environments: [],
    not_before: null,
    expires_at: null,
    given_by: person,
    created_at: new Date(0),
    revoked_at: null,
  })
}

const header = `Who may do what: role × action × environment class.

Each cell has four places, for the classes ${environmentClasses.join(', ')} in this order: ✓ allowed, · not.
Found by asking the decision itself, for a person with this one role granted on the whole organization, on a thing that the person neither made nor reviewed.
What a grant's scope, environments and dates, a clearance or separation of duties take away comes on top. Generated: \`npm run generate\`.
`

/** The matrix as text. */
export function accessMatrix(catalogue: readonly Capability[]): string {
  const decider = createDecider()
  const allows = (capability: Capability, role: Role, environmentClass: EnvironmentClass): boolean =>
    wouldAllow(decider, {
      capability,
      principal,
      located: syntheticLocated(capability, environmentClass, catalogue),
      policies: [grantOf(role)],
      version: 0,
      now: 0,
    }).allowed
  const width = Math.max(...catalogue.map(({ name }) => name.length))
  const cell = (text: string): string => text.padEnd(10)
  const rows = catalogue
    .filter((one) => one.roles.length > 0)
    .map((capability) => {
      const cells = roles.map((role) => cell(environmentClasses.map((one) => (allows(capability, role, one) ? '✓' : '·')).join('')))
      return `${capability.name.padEnd(width)}  ${cells.join('')}`.trimEnd()
    })
  const own = catalogue.filter((one) => one.by.length > 0).map((one) => `${one.name.padEnd(width)}  ${one.by.join(', ')}`)
  const parts = catalogue.filter((one) => one.system.length > 0).map((one) => `${one.name.padEnd(width)}  ${one.system.join(', ')}`)
  return [
    header,
    `${''.padEnd(width)}  ${roles.map(cell).join('')}`.trimEnd(),
    ...rows,
    '',
    'Without a role, to what is their own or was promoted for them:',
    ...own,
    '',
    'Parts of the product, each only what names it:',
    ...parts,
    '',
  ].join('\n')
}
