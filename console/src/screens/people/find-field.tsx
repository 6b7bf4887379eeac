// Looking among very many: what is typed goes to the server when somebody pauses, and stands in the URL.
import { type ReactElement, useEffect, useEffectEvent, useRef, useState } from 'react'
import { Search } from '../../design/field.tsx'
import { useSettled } from './settled.ts'

/** How many characters the server takes. */
const charactersMax = 100

interface FindFieldProps {
  readonly label: string
  /** What the URL says. */
  readonly value: string | undefined
  readonly onChange: (find: string | undefined) => void
}

/** The field. */
export function FindField({ label, value = '', onChange }: FindFieldProps): ReactElement {
  const [typed, setTyped] = useState(value)
  const settled = useSettled(typed)
  const said = useRef(value)
  const say = useEffectEvent((text: string) => {
    if (text === said.current) return
    said.current = text
    onChange(text === '' ? undefined : text)
  })
  useEffect(() => say(settled.trim().slice(0, charactersMax)), [settled])
  useEffect(() => {
    // Somebody else changed the URL: a link, or the way back.
    if (value === said.current) return
    said.current = value
    setTyped(value)
  }, [value])
  return <Search label={label} value={typed} onChange={setTyped} />
}
