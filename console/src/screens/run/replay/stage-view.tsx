// The canvas of the drive: loads three when it is first shown, and hands it the time, its size and the colours of the theme. It draws when one of them changes.
import { type ReactElement, type RefObject, useEffect, useRef, useState } from 'react'
import type { ReplayFile } from './replay-file.ts'
import type { Look, Stage, StageColours } from './stage.ts'

/** Where keys and buttons find the camera, while the room is drawn. */
export type Camera = RefObject<((how: Look) => void) | undefined>

/** Whether this browser can draw in three dimensions. */
export function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}

function coloursHere(): StageColours {
  const style = getComputedStyle(document.documentElement)
  const token = (name: string): string => style.getPropertyValue(`--color-${name}`).trim()
  return {
    ground: token('sunken'),
    floor: token('hover'),
    still: token('edge'),
    robot: token('run'),
    person: token('person'),
    goal: token('accent'),
  }
}

interface StageViewProps {
  readonly file: ReplayFile
  readonly t: number
  readonly label: string
  readonly camera: Camera
  /** It could not be drawn: the plan takes its place. */
  readonly onFailed: () => void
}

/** The drive in three dimensions. */
export function StageView({ file, t, label, camera, onFailed }: StageViewProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null)
  const failed = useRef(onFailed)
  const [stage, setStage] = useState<Stage>()

  useEffect(() => {
    const element = canvas.current
    if (element === null) return
    let made: Stage | undefined
    let isOver = false
    const fit = (): void => made?.fit(element.clientWidth, element.clientHeight)
    const sizes = new ResizeObserver(fit)
    const themes = new MutationObserver(() => made?.wear(coloursHere()))
    void import('./stage.ts')
      .then((file3d) => {
        if (isOver) return
        made = new file3d.Stage(element, file, coloursHere())
        fit()
        sizes.observe(element)
        themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
        setStage(made)
        camera.current = (how) => made?.look(how)
      })
      .catch(() => failed.current())
    return () => {
      isOver = true
      sizes.disconnect()
      themes.disconnect()
      made?.close()
      camera.current = undefined
      setStage(undefined)
    }
  }, [file, camera])

  useEffect(() => stage?.show(t), [stage, t])

  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      data-drawn={stage === undefined ? undefined : ''}
      className="h-full w-full touch-none rounded-mark"
    />
  )
}
