// How long a lineage of 500 things takes to open: from the request for the page to its graph, over loopback, with the server's answer and the layout in it.
// Once as it opens, with siblings as clusters; and once with everything drawn, which is the most that a trail can hold.
import type { Page } from 'playwright-core'
import type { OpenedConsole } from '../../test/console/open-console.ts'
import { asSuperuser } from '../../test/harness/database.ts'
import type { Figure } from '../figure.ts'

const runs = 166
const msMax = 1_000
const msWaitedMax = 60_000
const rounds = 5

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN

const idOf = (prefix: string, at: number): string => `${prefix}_000000000000000000000b${String(at).padStart(4, '0')}`

interface Planned {
  readonly id: string
  readonly action: string
  readonly resource: readonly [type: string, id: string]
  readonly made: readonly [rel: string, type: string, id: string]
}

/** A scenario whose runs each left an artifact that somebody asks to promote: 166 × 3 things, the scenario and the person. */
function planned(): readonly Planned[] {
  return Array.from({ length: runs }, (_, at): Planned[] => {
    const [run, artifact, promotion] = [idOf('run', at), idOf('art', at), idOf('prm', at)]
    return [
      { id: idOf('ent', at * 3), action: 'run:launch', resource: ['Scenario', idOf('scn', 0)], made: ['run', 'Run', run] },
      { id: idOf('ent', at * 3 + 1), action: 'artifact:seal', resource: ['Run', run], made: ['artifact', 'Artifact', artifact] },
      {
        id: idOf('ent', at * 3 + 2),
        action: 'promotion:request',
        resource: ['Artifact', artifact],
        made: ['promotion', 'Promotion', promotion],
      },
    ]
  }).flat()
}

async function plant({ harness }: OpenedConsole): Promise<void> {
  const { org, people } = harness.starter
  await asSuperuser(harness.twinlock, async (client) => {
    for (const [at, { id, action, resource, made }] of planned().entries()) {
      const body = {
        v: 1,
        at: '2026-01-01T00:00:00.000Z',
        action,
        outcome: 'done',
        actor: { type: 'Person', id: people.operator, chain: [] },
        resource: { type: resource[0], id: resource[1] },
        policies: [],
        related: [{ rel: made[0], type: made[1], id: made[2] }],
        texts: {},
        request: 'bench',
      }
      await client.query(
        `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body, seq) values ($1, $2, now(), $3, 'done', $4, $5, $6, $7)`,
        [org, id, action, people.operator, resource[1], JSON.stringify(body), 1_000_000 + at],
      )
      await client.query(
        `insert into entry_ref (org_id, ref_id, entry_id, rel) values ($1, $2, $5, 'actor'), ($1, $3, $5, 'resource'), ($1, $4, $5, $6)`,
        [org, people.operator, resource[1], made[2], id, made[0]],
      )
    }
  })
}

async function opensIn(page: Page, url: string): Promise<number> {
  await page.goto('about:blank')
  const began = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator('[data-node]').first().waitFor({ state: 'attached', timeout: msWaitedMax })
  return performance.now() - began
}

/** How long the lineage of 500 things takes to open. */
export async function lineageFigures(opened: OpenedConsole): Promise<Figure[]> {
  await plant(opened)
  const watched = await opened.as('auditor')
  const path = `${opened.url}/console/lineage/${idOf('scn', 0)}`
  const figures: Figure[] = []
  for (const [name, url] of [
    ['lineage of 500 things', path],
    ['lineage of 500 things, all drawn', `${path}?opened=${idOf('run', 0)}`],
  ] as const) {
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) times.push(await opensIn(watched.page, url))
    const value = median(times)
    figures.push({ name, value, unit: 'ms', goal: '< 1,000 ms', ok: value < msMax })
  }
  await watched.close()
  return figures
}
