// The reference of actions: everything that the product can do, with its route, its verb, who may do it and how it is recorded.

import { synopsisOf, whyNoVerb } from '../../src/cli/index.ts'
import type { Capability } from '../../src/kernel/index.ts'
import { routeOf, whyNoRoute } from '../../src/server/index.ts'

const recorded: Readonly<Record<Capability['effect'], string>> = {
  read: 'decided and counted',
  pulse: 'decided and counted',
  content: 'an entry, durable before the first byte',
  change: 'an entry, in the same transaction',
  consequence: 'an entry, in a signed checkpoint before it takes effect',
}

function whoOf({ roles, by, system }: Capability): string {
  const said = [
    ...roles.map((role) => `\`${role}\``),
    ...by.map((kind) => `a ${kind}, without a role`),
    ...system.map((part) => `the ${part}`),
  ]
  return said.join(', ')
}

function sectionOf(capability: Capability): string {
  const route = routeOf(capability)
  const noVerb = whyNoVerb(capability)
  return [
    `## ${capability.name}`,
    '',
    capability.summary,
    '',
    `- Route: ${route === undefined ? (whyNoRoute(capability) ?? '') : `\`${route.method} ${route.path}\``}`,
    `- Verb: ${noVerb ?? `\`${synopsisOf(capability)}\``}`,
    `- Who: ${whoOf(capability)}`,
    `- Decided on: \`${capability.resource.name}\``,
    `- Effect: ${capability.effect}; recorded as ${recorded[capability.effect]}`,
    '',
  ].join('\n')
}

/** The reference as Markdown. */
export function actionsReference(catalogue: readonly Capability[]): string {
  return `# Actions\n\nEverything that Twinlock can do. Generated from the catalogue: \`npm run generate\`.\n\n${catalogue.map(sectionOf).join('\n')}`
}
