// What the twin leaves for viewers follows from the drive alone: made-up moments, told twice, at whatever pace.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Verdict } from '../../engine/run/assertions.ts'
import type { Moment } from '../../engine/run/sensor-hooks.ts'
import { initialPoses, type Scene } from '../../engine/scene/scene.ts'
import { liveMap, liveMapsMax } from './live-map.ts'
import { ReplayRecorder, replayLimits } from './replay.ts'

const scene: Scene = {
  name: 'bare',
  gravity: { x: 0, y: 0, z: -9.81 },
  bodies: [],
  lights: [],
  ambient: { r: 1, g: 1, b: 1 },
  warnings: [],
}
const goals = [{ name: '<dock>', x: 1, y: 2 }]

/** As much of a moment as the two hooks look at. */
function momentAt(step: number): Moment {
  const motion = { position: { x: step / 100, y: 0, z: 0 }, rotation: { x: 0, y: 0, z: 0, w: 1 } }
  // The rest of a moment is for sensors.
  return {
    timeNs: step * 200_000_000,
    step,
    scene,
    snapshot: initialPoses(scene),
    robotIndex: 0,
    motion,
    command: { status: 'driving' },
    estimate: null,
    goalsReached: step > 10 ? 1 : 0,
    faults: [],
  } as unknown as Moment
}

const verdict = { passed: true, momentNs: 3_000_000_000, measures: { seconds: 3, goalsReached: 1 } } as unknown as Verdict // as above

function replayOf(steps: number): string {
  const replay = new ReplayRecorder()
  replay.called()
  for (let step = 0; step < steps; step++) {
    if (step === 5) replay.called()
    replay.hook.sample(momentAt(step))
  }
  return replay.text({ name: 'deliver', seed: 1, goals }, verdict)
}

describe('the replay', () => {
  it('is the same bytes for the same drive, with calls by their numbers on simulated time', () => {
    assert.equal(replayOf(20), replayOf(20))
    const { marks, times, robot } = JSON.parse(replayOf(20))
    assert.deepEqual(marks, [
      { call: 1, t: 0 },
      { call: 2, t: 0.8 },
      { goal: 1, t: 2.2 },
      { end: 'passed', t: 3 },
    ])
    assert.deepEqual([times.length, robot.track.length], [20, 60])
  })

  it('has an end, and says what it left out', () => {
    const { times, leftOut } = JSON.parse(replayOf(replayLimits.stepsMax + 7))
    assert.deepEqual([times.length, leftOut.steps], [replayLimits.stepsMax, 7])
  })
})

describe('the map while it drives', () => {
  const drawn = (steps: number) => {
    const maps: [string, string][] = []
    const hook = liveMap('deliver', goals, (path, svg) => maps.push([path, svg]))
    for (let step = 0; step < steps; step++) hook.sample(momentAt(step))
    return maps
  }

  it('is drawn at moments of simulated time, each further apart, so often and no more', () => {
    const paths = drawn(60_000).map(([path]) => path)
    assert.deepEqual(
      paths.slice(0, 6),
      ['000005', '000010', '000015', '000020', '000030', '000040'].map((at) => `live/map-${at}.svg`),
    )
    assert.equal(paths.length, liveMapsMax)
    assert.equal(new Set(paths).size, paths.length)
  })

  it('is the same bytes for the same drive, and shows names as text', () => {
    assert.deepEqual(drawn(60), drawn(60))
    assert.doesNotMatch(String(drawn(60)[0]?.[1]), /<dock>/)
  })
})
