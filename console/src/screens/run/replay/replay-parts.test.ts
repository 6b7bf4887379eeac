// What a replay is made of, without a browser: the file that a run wrote, read strictly, and where everything is at a time.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { byTime, callsWanted, momentAt, outlineOf, poseAt, stepAt } from './moment.ts'
import { readReplay, replayLimits } from './replay-file.ts'

const box = { name: 'shelf', label: 'shelf', at: [2, 1, 0.5], turn: [0, 0, 0, 1], size: [2, 1, 1] }
const drive = {
  schema: 'warehouse-replay/1',
  scenario: 'deliver',
  seed: 1,
  stepSeconds: 0.2,
  goals: [{ name: 'pick', x: 1, y: 0 }],
  boxes: [box],
  robot: { boxes: [], track: [0, 0, 3, 1, 0, -3, 2, 0, -3] },
  people: [{ name: 'ann', boxes: [], track: [5, 0, 0, 4, 0, 0, 3, 0, 0] }],
  times: [0, 0.2, 0.4],
  marks: [
    { goal: 1, t: 0.2 },
    { call: 1, t: 0 },
    { call: 2, t: 0 },
    { end: 'passed', t: 0.5 },
  ],
  leftOut: { steps: 0, boxes: 0 },
}
const read = (change: object = {}) => readReplay(JSON.stringify({ ...drive, ...change }))

describe('the file of a replay', () => {
  it('is read with its marks in order, and ends with the last of them', () => {
    const { marks, end } = read()
    assert.deepEqual(
      marks.map(({ kind, t }) => [kind, t]),
      [
        ['call', 0],
        ['call', 0],
        ['goal', 0.2],
        ['end', 0.5],
      ],
    )
    assert.equal(end, 0.5)
  })

  it('is refused, with the place, when a run wrote something else', () => {
    for (const [change, said] of [
      [{ schema: 'other/1' }, /schema/],
      [{ times: [] }, /times.*empty/],
      [{ times: [0, 0.2, 0.2] }, /times\/2/],
      [{ robot: { boxes: [], track: [0, 0] } }, /robot\/track/],
      [{ robot: { boxes: [], track: [0, 0, null, 1, 0, 0, 2, 0, 0] } }, /robot\/track\/2/],
      [{ boxes: [{ ...box, size: [1e9, 1, 1] }] }, /boxes\/0\/size\/0/],
      [{ boxes: Array(replayLimits.boxesMax + 1).fill(box) }, /at most 4000/],
      [{ people: Array(replayLimits.peopleMax + 1).fill(drive.people[0]) }, /at most 64/],
      [{ marks: [{ end: 'x'.repeat(501), t: 0 }] }, /marks\/0\/end/],
      [{ goals: { length: 3 } }, /goals.*no list/],
    ] as const) {
      assert.throws(() => read(change), said)
    }
    assert.throws(() => readReplay('['))
  })
})

describe('a moment of a drive', () => {
  it('is between two steps where the drive was, turning the short way', () => {
    const { times, robot } = read()
    assert.equal(poseAt(times, robot, 0.1).x, 0.5)
    assert.ok(Math.abs(poseAt(times, robot, 0.1).yaw) > 3, 'from 3 to −3 radians over the back, not over the front')
    assert.deepEqual(poseAt(times, robot, 99), { x: 2, y: 0, yaw: -3 })
    assert.deepEqual(
      [-1, 0, 0.19, 0.2, 9].map((t) => stepAt(times, t)),
      [0, 0, 0, 1, 2],
    )
  })

  it('says how fast, who is nearest, which goals are reached and what happened last', () => {
    const file = read()
    const { metresPerSecond, nearest, goals, last } = momentAt(file, 0.2)
    assert.ok(Math.abs(metresPerSecond - 5) < 1e-9)
    assert.deepEqual([nearest, goals, last], [{ name: 'ann', metres: 3 }, 1, 2])
    assert.equal(byTime(file.marks)[0]?.marks.length, 2)
  })

  it('sees a box from above as it lies', () => {
    const half = Math.SQRT1_2
    const flat = (turn: readonly number[]) => outlineOf({ ...box, turn, at: [0, 0, 0], size: [2, 1, 4] } as never)
    const wide = (turn: readonly number[]) => Math.round(Math.max(...flat(turn).map(([x]) => x)) * 100) / 100
    assert.equal(wide([0, 0, 0, 1]), 1)
    assert.equal(wide([0, 0, half, half]), 0.5, 'turned about the vertical')
    assert.equal(wide([0, half, 0, half]), 2, 'laid over')
    assert.equal(flat([0, 0, 0, 1]).length, 4)
  })
})

describe('the calls that are read for the marks in sight', () => {
  const call = (number: number) => ({ kind: 'call', number, t: 0 }) as const

  it('are those between the first and the last of them, and none where no mark is a call', () => {
    assert.deepEqual(callsWanted([call(812), { kind: 'goal', number: 1, t: 2 }, call(790)], 400), [790, 812])
    assert.equal(callsWanted([{ kind: 'end', verdict: 'passed', t: 3 }], 400), undefined)
  })

  it('are never the whole tape because a run marked a call that is far from the others', () => {
    assert.deepEqual(callsWanted([call(1), call(1_000_000)], 400), [1, 401])
  })
})
