// The map while the robot drives: a picture from above every few simulated seconds, sent as it is drawn. When one is drawn follows from simulated time alone,
// so the same drive leaves the same maps, however fast the machine is; the longer it drives, the further they lie apart.
import { DriveStory } from '../../engine/outputs/drive-story.ts'
import { drawMap } from '../../engine/outputs/svg-map.ts'
import type { Moment, SensorHook } from '../../engine/run/sensor-hooks.ts'
import type { SimulationInput } from '../../engine/run/simulation-input.ts'

/** Maps of one drive, at most. */
export const liveMapsMax = 24

const statePeriodNs = 200_000_000
const firstGapNs = 5_000_000_000
const mapsPerGap = 4

/** Draws maps during a drive and hands each to `send`, with its path among the outputs. */
export function liveMap(title: string, goals: SimulationInput['goals'], send: (path: string, svg: string) => void): SensorHook {
  const story = new DriveStory()
  let drawn = 0
  let dueNs = firstGapNs
  return {
    name: 'live-map',
    periodNs: statePeriodNs,
    sample(moment: Moment) {
      story.tell(moment)
      if (moment.timeNs < dueNs || drawn >= liveMapsMax) return
      drawn++
      dueNs += firstGapNs * 2 ** Math.floor(drawn / mapsPerGap)
      const seconds = Math.floor(moment.timeNs / 1e9)
      const subtitle = `${seconds} s driven, ${moment.goalsReached} of ${goals.length} goals reached`
      send(`live/map-${String(seconds).padStart(6, '0')}.svg`, drawMap(moment.scene, { title, subtitle, goals, ...story.drawn() }))
    },
  }
}
