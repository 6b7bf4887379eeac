// Who can change what goes into a twin, observe what comes out, and move it to production: possible and actual side by side. Topology is governed: reading it is
// recorded, and needs a clearance as high as the thing's sensitivity.
import { z } from 'zod'
import { action, idOf, type ResourceType } from '../../kernel/index.ts'
import { findArtifact } from '../../outputs/index.ts'
import { findPaths } from './paths/find-paths.ts'
import { findTarget, legs } from './paths/legs.ts'

/** The paths of a thing, as what looking at them is decided on. */
export const pathsType = {
  name: 'Paths',
  attributes: { sensitivity: 'Long' },
  parents: ['Organization', 'Project', 'Twin'],
} as const satisfies ResourceType

const grant = z.object({
  id: z.string(),
  role: z.string().nullable(),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  notBefore: z.string().nullable(),
  expiresAt: z.string().nullable(),
  through: z.string().nullable().meta({ description: 'The group that it was given to; null where it was given directly.' }),
  givenBy: z.string(),
})

/** A path as it is shown. */
export const pathOutput = z.object({
  leg: z.enum(legs),
  action: z.string(),
  principal: z.object({ type: z.string(), id: z.string(), name: z.string() }),
  owner: z.string().nullable().meta({ description: 'Whoever owns it, where it is a workload: what it can, he can.' }),
  environments: z.array(z.string()).meta({ description: 'Where it is possible; empty where the action happens in no environment.' }),
  policies: z.array(z.string()),
  grants: z.array(grant),
  conditions: z.array(z.string()).meta({ description: 'What guardrails hold back all the same.' }),
  lastUsed: z.string().nullable().meta({ description: 'When this was last done to it, by the ledger; null for never.' }),
})

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
  }),
  output: z.object({
    target: z.object({ type: z.string(), id: z.string() }),
    twins: z.array(z.string()).meta({ description: 'The twins that it is about: for a dataset, those whose scenarios name it.' }),
    paths: z.array(pathOutput),
    toxic: z
      .array(z.object({ principal: z.string(), name: z.string(), legs: z.array(z.enum(legs)), workloads: z.array(z.string()) }))
      .meta({ description: 'One identity on two or three of the legs, alone or with the workloads that it owns.' }),
    former: z
      .array(z.object({ principal: z.string(), action: z.string(), lastUsed: z.string() }))
      .meta({ description: 'What was done and is not possible any more.' }),
  }),
  locate: async ({ input, tx, ports, principal }) => {
    const target = await findTarget(tx, input.target, async (id) => {
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
  async perform({ found: target, tx, ports, allowed }) {
    const { paths, toxic, former } = await findPaths({ tx, ports, version: allowed.version, target })
    return {
      result: { target: target.ref, twins: [...target.twins], paths: [...paths], toxic: [...toxic], former: [...former] },
      facts: { paths: paths.length, toxic: toxic.length },
      related: [{ rel: 'target', ...target.ref }],
    }
  },
})
