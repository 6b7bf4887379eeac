// How long a lineage of 500 things takes to open: in a console that is loaded, from the step into the view to the frame that shows its graph, over loopback.
// The view's own scripts, the server's answer, the layout and the drawing are in it. Once as it opens, with siblings as clusters; and once with everything
// drawn, which is the most that a trail can hold. Processor time stands beside it, since a machine that does other things as well only lengthens the former.
import type { CDPSession, Page } from 'playwright-core'
import { type OpenedConsole, settled } from '../../test/console/open-console.ts'
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
    for (const { id, action, resource, made } of planned()) {
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
        `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body) values ($1, $2, now(), $3, 'done', $4, $5, $6)`,
        [org, id, action, people.operator, resource[1], JSON.stringify(body)],
      )
      await client.query(
        `insert into entry_ref (org_id, ref_id, entry_id, rel) values ($1, $2, $5, 'actor'), ($1, $3, $5, 'resource'), ($1, $4, $5, $6)`,
        [org, people.operator, resource[1], made[2], id, made[0]],
      )
    }
  })
}

interface Opened {
  readonly wall: number
  /** What the page's main thread computed for it. */
  readonly page: number
  /** What the server, and whoever looks, computed for it: they are one process here. */
  readonly server: number
}

async function busyMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
}

/** Steps into the view as a link does, and waits in the page until what was asked for, a line and the frame that shows them are there. */
function stepInto(page: Page, path: string): Promise<number> {
  return page.evaluate(
    ([to, subject, limit]) =>
      new Promise<number>((resolve, reject) => {
        const began = performance.now()
        history.pushState({}, '', to)
        dispatchEvent(new PopStateEvent('popstate'))
        const look = (): void => {
          const isDrawn =
            document.querySelector(`[data-node="${subject}"]`) !== null &&
            document.querySelector('.react-flow__edge-path, .react-flow__viewport-portal path') !== null
          if (isDrawn) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)))
          else if (performance.now() - began > limit) reject(new Error(`No graph after ${limit} ms.`))
          else requestAnimationFrame(look)
        }
        look()
      }),
    [path, idOf('scn', 0), msWaitedMax] as const,
  )
}

async function opensIn(page: Page, devtools: CDPSession, url: string, path: string): Promise<Opened> {
  await page.goto(`${url}/console/`)
  await settled(page)
  await page.waitForLoadState('networkidle')
  const [busy, used] = [await busyMs(devtools), process.cpuUsage()]
  const wall = await stepInto(page, path)
  const { user, system } = process.cpuUsage(used)
  return { wall, page: (await busyMs(devtools)) - busy, server: (user + system) / 1_000 }
}

/** How long the lineage of 500 things takes to open. */
export async function lineageFigures(opened: OpenedConsole): Promise<Figure[]> {
  await plant(opened)
  const watched = await opened.as('auditor')
  const devtools = await watched.page.context().newCDPSession(watched.page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const path = `/console/lineage/${idOf('scn', 0)}`
  const figures: Figure[] = []
  for (const [name, to] of [
    ['lineage of 500 things', path],
    ['lineage of 500 things, all drawn', `${path}?opened=${idOf('run', 0)}`],
  ] as const) {
    const times: Opened[] = []
    for (let round = 0; round < rounds; round += 1) times.push(await opensIn(watched.page, devtools, opened.url, to))
    const of = (what: keyof Opened): number => median(times.map((time) => time[what]))
    figures.push(
      { name, value: of('wall'), unit: 'ms', goal: '< 1,000 ms', ok: of('wall') < msMax },
      { name: `${name}: the page's processor time`, value: of('page'), unit: 'ms', ok: true },
      { name: `${name}: the server's processor time`, value: of('server'), unit: 'ms', ok: true },
    )
  }
  await watched.close()
  return figures
}
