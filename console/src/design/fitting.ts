// How many columns of a table have room beside each other. It is measured, since what stands in cells is not known before: names, states and moments are as long as
// they are, and beside the navigation a window says little of a table's own room.
import { type RefObject, useEffect, useEffectEvent, useRef, useState } from 'react'

/** More room than this is new room, and not a scroll bar that went because rows became lower. */
const grownPx = 32

interface Fitting {
  /** The columns that stand there, from the left. */
  readonly shown: readonly string[]
  /** Those of them that may go, the first one first. */
  readonly going: readonly string[]
}

/** How many have to go, so that what is too wide by so much fits; nothing where the heads are those of another drawing. */
function neededOf(heads: readonly Element[], tooWide: number, { shown, going }: Fitting): number | undefined {
  if (heads.length !== shown.length) return undefined
  const widthOf = (column: string): number => heads[shown.indexOf(column)]?.getBoundingClientRect().width ?? 0
  let rest = tooWide
  let count = 0
  for (const column of going) {
    if (rest <= 0) break
    rest -= widthOf(column)
    count += 1
  }
  return count
}

/**
 * How many of the columns that may be left out have to be, so that nothing scrolls sideways in `box`; `of` says which are left for a number. They are counted anew
 * when there is more room.
 */
export function useLeftOut(box: RefObject<HTMLElement | null>, of: (leftOut: number) => Fitting): number {
  const [out, setOut] = useState(0)
  const roomThen = useRef(0)
  const look = useEffectEvent(() => {
    const element = box.current
    if (element === null) return
    const { clientWidth: room, scrollWidth } = element
    if (out > 0 && room > roomThen.current + grownPx) {
      roomThen.current = room
      setOut(0)
      return
    }
    const more = neededOf([...element.querySelectorAll('th')], scrollWidth - room, of(out))
    if (more === undefined || more === 0) return
    roomThen.current = room
    setOut(out + more)
  })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    // The table itself grows with what comes into its cells.
    const observer = new ResizeObserver(() => look())
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [box])
  return out
}
