// Who can change what goes into a twin, observe what comes out, and move it to production: possible and actual side by side. Topology is governed: reading it is
// recorded, and needs a clearance as high as the thing's sensitivity.
import { z } from 'zod'
import { action, idOf, type ResourceType } from '../../kernel/index.ts'
import { findArtifact } from '../../outputs/index.ts'
import { findPaths } from './paths/find-paths.ts'
import { findTarget, legs } from './paths/legs.ts'
import { pathKinds } from './paths/path.ts'
import { grantShown, named, way } from './paths/shown.ts'

/** The paths of a thing, as what looking at them is decided on. */
const pathsType = {
  name: 'Paths',
  attributes: { sensitivity: 'Long' },
  parents: ['Organization', 'Project', 'Twin'],
} as const satisfies ResourceType

/** A path as it is shown. */
const pathOutput = z.object({
  leg: z.enum(legs),
  action: z.string(),
  kind: z.enum(pathKinds).meta({
    description:
      'By a grant; by breaking the glass, which a grant allows; by owning a workload that has one; a live run, which acts for whoever launched it; the credential of a connection that feeds it; a promotion.',
  }),
  principal: named,
  owner: z.string().nullable().meta({ description: 'Whoever owns it, where it is a workload: what it can, he can.' }),
  environments: z.array(z.string()).meta({ description: 'Where it is possible; empty where the action happens in no environment.' }),
  policies: z.array(z.string()),
  ways: z.array(way).meta({ description: 'Each from whoever acts, through groups, to the grant; more than one where he has it twice.' }),
  grants: z.array(grantShown),
  conditions: z.array(z.string()).meta({ description: 'What guardrails hold back all the same.' }),
  lastUsed: z.string().nullable().meta({ description: 'When this was last done to it, by the ledger; null for never.' }),
  credentials: z.number().meta({ description: 'How many live sessions or tokens whoever acts has.' }),
})

const total = z.object({
  paths: z.number(),
  people: z.number(),
  workloads: z.number(),
  never: z.number().meta({ description: 'Paths that were never used.' }),
  glass: z.number().meta({ description: 'What somebody could do by breaking the glass, beside those paths.' }),
})

const principal = z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc')])
const toxicMax = 500
const formerMax = 500

/** Shows every path of a twin, dataset or artifact. */
export const showPaths = action({
  name: 'access:paths',
  summary:
    'Show who and what can change the input of a twin, dataset or artifact, observe its output, or move it to production; by what, and last when.',
  effect: 'content',
  roles: ['admin', 'auditor'],
  resource: pathsType,
  input: z.strictObject({
    target: z.union([idOf('twn'), idOf('ast'), idOf('art')]).meta({ description: 'A twin, an asset or an artifact.' }),
    leg: z.enum(legs).optional().meta({ description: 'Only over this leg.' }),
    principal: principal.optional().meta({ description: 'Only of this one, or of the workloads that it owns.' }),
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(200)
      .meta({ description: 'About so many paths; all of one principal stay together.' }),
    after: z.string().max(40).optional().meta({ description: 'Go on after this principal: the `next` of the page before.' }),
  }),
  output: z.object({
    target: named,
    twins: z.array(z.string()).meta({ description: 'The twins that it is about: for a dataset, those whose scenarios name it.' }),
    totals: z.object({ input: total, output: total, production: total }).meta({ description: 'Of all paths by grants, not of the page.' }),
    paths: z.array(pathOutput),
    toxic: z
      .array(z.object({ principal: z.string(), name: z.string(), legs: z.array(z.enum(legs)), workloads: z.array(z.string()) }))
      .meta({
        description: `One identity on two or three of the legs by what it holds, alone or with the workloads that it owns; the first ${toxicMax}.`,
      }),
    toxicTotal: z.number(),
    former: z
      .array(z.object({ principal: z.string(), action: z.string(), lastUsed: z.string() }))
      .meta({ description: `What was done and is not possible any more; the first ${formerMax}.` }),
    withheld: z.number().meta({
      description:
        'More sensitive than you may know, and so counted and not shown: twins of a dataset; runs, connections, promoted artifacts.',
    }),
    next: z.string().nullable(),
  }),
  locate: async ({ input, tx, ports, principal }) => {
    const target = await findTarget(tx, { id: input.target, clearance: principal.clearance }, async (id) => {
      const { makers, environment } = await findArtifact(tx, id)
      return { makers, environment: environment.id }
    })
    const [twin] = target.twins
    const above = twin === undefined ? undefined : await ports.scopes.above(tx, { type: 'Twin', id: twin })
    const organization = { type: 'Organization', id: principal.org }
    // a dataset of several twins belongs to none of them
    const parents = target.ref.type === 'Asset' || above === undefined ? [organization] : above
    return { resource: { type: 'Paths', id: target.ref.id, attributes: { sensitivity: target.sensitivity }, parents }, found: target }
  },
  async perform({ found: target, input, tx, ports, principal, allowed }) {
    const asking = { tx, ports, org: principal.org, version: allowed.version, target }
    const found = await findPaths(asking, { ...input, clearance: principal.clearance })
    const { paths, totals, toxic, former, next } = found
    const { ref, name, twins } = target
    const withheld = target.withheld + found.withheld
    return {
      result: {
        target: { ...ref, name },
        twins: [...twins],
        totals: { ...totals },
        paths: [...paths],
        toxic: toxic.slice(0, toxicMax),
        toxicTotal: toxic.length,
        former: former.slice(0, formerMax),
        withheld,
        next,
      },
      facts: { paths: totals.input.paths + totals.output.paths + totals.production.paths, toxic: toxic.length, withheld },
      related: [{ rel: 'target', ...ref }],
    }
  },
})
