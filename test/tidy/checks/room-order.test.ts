// The order of rooms, their doors, the host behind ports, and what folders outside src may know.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { roomOrderHolds as check } from './room-order.ts'

const door = {
  'src/kernel/index.ts': '',
  'src/ledger/index.ts': '',
  'src/runs/index.ts': '',
  'src/app/index.ts': '',
  'src/host/clock.ts': '',
}
const house = (path: string, text: string) => ({ ...door, [path]: text })

test('a room may import the doors of the rooms before it', () =>
  accepts(check, house('src/runs/end-run.ts', "import { id } from '../kernel/index.ts'\nimport type { Log } from '../ledger/index.ts'")))

test('a room may not import a later room, in any form', () => {
  for (const text of [
    "import { end } from '../runs/index.ts'",
    "import type { Run } from '../runs/index.ts'",
    "export { end } from '../runs/index.ts'",
    "export * from '../runs/index.ts'",
    "type Run = import('../runs/index.ts').Run",
    "const runs = await import('../runs/index.ts')",
    "declare module '../runs/index.ts' { interface Tables {} }",
    "const worker = new URL('../runs/index.ts', import.meta.url)",
  ])
    refuses(check, house('src/ledger/tile.ts', text), /src\/ledger comes before src\/runs .* declare a port/)
})

test('a room is entered by its door alone, even the kernel', () => {
  refuses(check, house('src/runs/a.ts', "import type { Tile } from '../ledger/tile.ts'"), /by its door: import from src\/ledger\/index\.ts/)
  refuses(check, house('src/runs/a.ts', "import { id } from '../kernel/ids.ts'"), /by its door/)
  refuses(check, house('test/full-path.test.ts', "import { id } from '../src/kernel/ids.ts'"), /by its door/)
})

test('an augmentation names the file that declares, and keeps the order', () =>
  accepts(check, house('src/runs/tables.ts', "declare module '../kernel/action.ts' { interface Tables { run: string } }")))

test('a room does not go through its own door inside, but its test may', () => {
  refuses(check, house('src/runs/a.ts', "import { end } from './index.ts'"), /Import the file itself/)
  accepts(check, house('src/runs/a.test.ts', "import { end } from './index.ts'"))
})

test('only app, the start of the command line and tests know the host', () => {
  const text = "import { clock } from '../host/clock.ts'"
  refuses(check, house('src/runs/a.ts', text), /Declare a port/)
  refuses(check, house('src/server/a.ts', text), /Declare a port/)
  refuses(check, house('src/cli/run.ts', text), /Declare a port/)
  refuses(check, house('console/a.ts', "import { clock } from '../src/host/clock.ts'"), /console\/ may not import/)
  for (const path of ['src/app/compose.ts', 'src/cli/start.ts', 'src/runs/a.test.ts', 'src/host/other.ts'])
    accepts(check, house(path, text))
  accepts(check, house('bench/a.ts', "import { clock } from '../src/host/clock.ts'"))
})

test('the host takes types from rooms and values from the kernel alone', () => {
  accepts(check, house('src/host/log.ts', "import type { Log } from '../ledger/index.ts'\nimport { id } from '../kernel/index.ts'"))
  refuses(check, house('src/host/log.ts', "import { log } from '../ledger/index.ts'"), /only types \(ports\) from src\/ledger/)
  refuses(check, house('src/host/log.ts', "import type { App } from '../app/index.ts'"), /does not know src\/app/)
})

test('what is below src but in no room is refused', () => refuses(check, { 'src/billing/index.ts': '' }, /Move this file into a room/))

test('src imports nothing outside src but what lies at the root', () => {
  refuses(check, house('src/runs/a.ts', "import { step } from '../../engine/step.ts'"), /src imports nothing outside src/)
  accepts(check, house('src/cli/version.ts', "import manifest from '../../package.json' with { type: 'json' }"))
})

test('the engine, the twins, the SDK and the console know only what they may', () => {
  refuses(check, house('engine/step.ts', "import { id } from '../src/kernel/index.ts'"), /engine knows nothing of the platform/)
  refuses(check, house('twins/payments/main.ts', "import { a } from '../incident/a.ts'"), /run library/)
  accepts(
    check,
    house(
      'twins/payments/main.ts',
      "import { a } from './a.ts'\nimport { run } from '../../sdk/run/index.ts'\nimport { step } from '../../engine/step.ts'",
    ),
  )
  accepts(check, house('sdk/verify/verify.ts', "import { open } from '../../src/ledger/index.ts'"))
  refuses(check, house('sdk/verify/verify.ts', "import { run } from '../../src/runs/index.ts'"), /auditable alone/)
  refuses(check, house('sdk/client/client.ts', "import { run } from '../../src/runs/index.ts'"), /generated types/)
  refuses(check, house('console/app.ts', "import { run } from '../src/runs/index.ts'"), /go through sdk/)
})

test('nothing comes from outside the repository', () =>
  refuses(check, { 'engine/a.ts': "import '../../other/a.ts'" }, /outside the repository/))
