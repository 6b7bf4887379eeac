// The shared clock against every way in which time can lie: jumps of an hour both ways, here and at the database, slow and fast clocks, sleep, silence.
import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { isCoded } from '../../kernel/index.ts'
import { CommonClock, type MachineClocks } from './common-clock.ts'

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

/** A universe with one true time; every clock in it may lie about it. */
class Universe {
  passed = 0
  databaseOffset = 0
  latest = 0
  askingMs = 2
  isAway = false
  readonly lines: string[] = []

  pass(ms: number): void {
    this.passed += ms
  }

  /** What `common_time` in the migrations does. */
  ask = async (carried: number | undefined) => {
    if (this.isAway) throw new Error('away')
    this.pass(this.askingMs)
    const wall = start + this.passed + this.databaseOffset
    const at =
      this.latest - wall > 2_000
        ? Math.max(this.latest, Math.min(carried ?? this.latest, this.latest + 60_000))
        : Math.max(this.latest, Math.min(wall, carried === undefined ? wall : carried + 1_500))
    this.latest = at
    return { at, wall }
  }

  machine(lies: { wall?: () => number; pace?: number; bootPace?: number; asleep?: () => number } = {}): MachineClocks {
    return {
      wall: () => start + this.passed + (lies.wall?.() ?? 0),
      monotonic: () => (this.passed - (lies.asleep?.() ?? 0)) * (lies.pace ?? 1),
      sinceBoot: () => Math.floor((this.passed * (lies.bootPace ?? 1)) / 1000) * 1000,
    }
  }

  clock(machine = this.machine()): CommonClock {
    return new CommonClock({ ask: this.ask, machine, log: (line) => this.lines.push(line) })
  }

  get time(): number {
    return start + this.passed
  }
}

let universe: Universe
beforeEach(() => {
  universe = new Universe()
})

const near = (clock: CommonClock, time: number, within = 10) =>
  assert.ok(Math.abs(clock.now() - time) <= within, `${clock.now() - time} ms off`)
const denies = (clock: CommonClock) =>
  assert.throws(
    () => clock.now(),
    (error) => isCoded(error, 'unavailable'),
  )

async function live(clocks: readonly CommonClock[], ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    universe.pass(5_000)
    for (const clock of clocks) await clock.measure()
  }
}

describe('the shared clock', () => {
  it('denies before its first reading', () => {
    denies(universe.clock())
  })

  it('is the same on two servers whose own clocks are five minutes apart', async () => {
    const [one, other] = [universe.clock(), universe.clock(universe.machine({ wall: () => 300_000 }))]
    await live([one, other], 60_000)
    assert.ok(Math.abs(one.now() - other.now()) <= 10)
    near(one, universe.time)
  })

  it('does not move when this machine’s wall clock jumps an hour, or over a leap second, either way', async () => {
    for (const jump of [hour, -hour, 1_000, -1_000]) {
      let offset = 0
      const clock = universe.clock(universe.machine({ wall: () => offset }))
      await clock.measure()
      offset = jump
      near(clock, universe.time)
      await live([clock], 20_000)
      near(clock, universe.time)
    }
  })

  it('goes on when the database’s clock is set back an hour, also for a server that starts then', async () => {
    const clock = universe.clock()
    await live([clock], 10_000)
    universe.databaseOffset = -hour
    await live([clock], 60_000)
    near(clock, universe.time, 100)
    const fresh = universe.clock()
    await fresh.measure()
    near(fresh, universe.time, 100)
  })

  it('denies while the database’s clock has leapt ahead, and goes on where that ends', async () => {
    const clock = universe.clock()
    await live([clock], 10_000)
    universe.databaseOffset = hour
    await live([clock], 5_000)
    denies(clock)
    universe.databaseOffset = 0
    await live([clock], 5_000)
    near(clock, universe.time, 3_100)
    assert.deepEqual(universe.lines.length, 2)
  })

  it('follows a leap ahead that stays, and then all servers do', async () => {
    const clocks = [universe.clock(), universe.clock()]
    await live(clocks, 10_000)
    universe.databaseOffset = hour
    await live(clocks, 45_000)
    for (const clock of clocks) near(clock, universe.time + hour, 100)
  })

  it('never goes back, whatever the readings say', async () => {
    const clock = universe.clock()
    let last = 0
    for (const offset of [0, 400, -900, 300, -hour, 0, -5_000]) {
      universe.databaseOffset = offset
      await live([clock], 10_000)
      assert.ok(clock.now() >= last)
      last = clock.now()
    }
  })

  it('is corrected at each reading where its monotonic clock is slow', async () => {
    const clock = universe.clock(universe.machine({ pace: 0.5 }))
    await clock.measure()
    await live([clock], 300_000)
    near(clock, universe.time, 3_000)
  })

  it('denies where every clock of its machine is slow beyond measure', async () => {
    const clock = universe.clock(universe.machine({ pace: 0.5, bootPace: 0.5 }))
    await clock.measure()
    await live([clock], 10_000)
    denies(clock)
  })

  it('is held back where its monotonic clock is fast, and pushes nobody else', async () => {
    const [fast, right] = [universe.clock(universe.machine({ pace: 2 })), universe.clock()]
    await fast.measure()
    await right.measure()
    await live([fast, right], 300_000)
    near(right, universe.time, 50)
    near(fast, universe.time, 10_000)
  })

  it('knows that time passed while the machine slept, before the next reading', async () => {
    let asleep = 0
    const clock = universe.clock(universe.machine({ asleep: () => asleep }))
    await clock.measure()
    universe.pass(30_000)
    asleep = 30_000
    near(clock, universe.time, 1_000)
    universe.pass(hour)
    asleep += hour
    denies(clock)
    await clock.measure()
    near(clock, universe.time, 2_000)
  })

  it('denies when the database was silent for a minute, and goes on at the next reading', async () => {
    const clock = universe.clock()
    await clock.measure()
    universe.isAway = true
    universe.pass(59_000)
    near(clock, universe.time)
    await assert.rejects(clock.measure(), /away/)
    universe.pass(2_000)
    denies(clock)
    universe.isAway = false
    await clock.measure()
    near(clock, universe.time)
  })

  it('takes nothing from a reading that was long on its way', async () => {
    const clock = universe.clock()
    await clock.measure()
    universe.askingMs = 20_000
    await clock.measure()
    near(clock, universe.time)
    assert.match(universe.lines.join(), /took 20000 ms/)
  })
})
