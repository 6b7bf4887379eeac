// A table of up to hundreds of thousands of rows: only the rows in sight are drawn, and they are asked for as they come into sight. One tab stop; arrows,
// Page Up and Down, Home and End move; Enter opens. Rows are one line high.
import {
  type KeyboardEvent,
  memo,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useRef,
  useState,
} from 'react'

/** A column of a long table; `width` is a CSS grid track. */
export interface LongColumn<T> {
  readonly id: string
  readonly title: string
  readonly width: string
  readonly cell: (row: T) => ReactNode
  readonly align?: 'end'
}

interface LongTableProps<T> {
  readonly label: string
  /** How many rows there are in all. */
  readonly count: number
  /** The row at a place, counted from 0; undefined while it is on its way. */
  readonly rowAt: (at: number) => T | undefined
  /** Which rows are in sight, so that they can be fetched. */
  readonly onSight?: (first: number, last: number) => void
  readonly columns: readonly LongColumn<T>[]
  readonly onOpen?: (row: T, at: number) => void
  /** The row that is selected, and kept in sight; undefined for none. */
  readonly selected?: number | undefined
  readonly height?: string
  readonly empty?: ReactNode
  /** Which rows stand out: a mark at their edge and a ground, beside the word that says why. */
  readonly isMarked?: (row: T) => boolean
  /** Whether what is added at the end stays in sight for somebody who looks at the end. */
  readonly follows?: boolean
}

const rowHeight = 32
/** What is in sight is told in steps of so many rows, so that not each frame of scrolling draws anew. */
const stepRows = 8

interface Window {
  readonly first: number
  readonly last: number
}

function moved(key: string, at: number, count: number, page: number): number | undefined {
  const to: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    j: at + 1,
    k: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  }
  const next = to[key]
  return next === undefined ? undefined : Math.max(0, Math.min(count - 1, next))
}

function isMarkedAt<T>(row: T | undefined, isMarked: (row: T) => boolean): boolean {
  return row !== undefined && isMarked(row)
}

interface LongRowProps<T> {
  readonly id: string
  readonly at: number
  readonly row: T | undefined
  readonly columns: readonly LongColumn<T>[]
  readonly tracks: string
  readonly isActive: boolean
  readonly isSelected: boolean
  readonly isMarked: boolean
}

const activeLook = 'group-focus-visible:outline-2 group-focus-visible:-outline-offset-2 group-focus-visible:outline-accent'

function PlainRow<T>({ id, at, row, columns, tracks, isActive, isSelected, isMarked }: LongRowProps<T>): ReactElement {
  const ground = isSelected ? 'bg-accent-ground' : isMarked ? 'bg-bad-ground hover:bg-hover' : 'hover:bg-hover'
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isSelected}
      data-at={at}
      className={`absolute inset-x-0 grid items-center border-b border-line/70 ${isMarked ? 'shadow-[inset_3px_0_0_var(--color-bad)]' : ''} ${ground} ${isActive ? activeLook : ''}`}
      style={{ top: at * rowHeight, height: rowHeight, gridTemplateColumns: tracks, contain: 'strict' }}
    >
      {columns.map(({ id: column, cell, align }) => (
        <span key={column} role="gridcell" className={`truncate px-2 ${align === 'end' ? 'text-right' : ''}`}>
          {row === undefined ? <span className="skeleton inline-block h-3 w-2/3" /> : cell(row)}
        </span>
      ))}
    </div>
  )
}

/** Rows that stay in sight while the table scrolls are not drawn again. */
const LongRow = memo(PlainRow) as typeof PlainRow // `memo` forgets the type of the row

/** The place of the row that something happened in; undefined outside of the rows. */
function placeOf(target: EventTarget): number | undefined {
  const at = target instanceof Element ? target.closest('[data-at]')?.getAttribute('data-at') : undefined
  return at === null || at === undefined ? undefined : Number(at)
}

interface SightOptions {
  readonly count: number
  readonly follows: boolean
  readonly onSight: ((first: number, last: number) => void) | undefined
}

/** What is in sight of the box, kept up to date while it scrolls, grows and changes its size. */
function useSight(box: RefObject<HTMLDivElement | null>, { count, follows, onSight }: SightOptions) {
  const [sight, setSight] = useState<Window>({ first: 0, last: 40 })
  const look = useEffectEvent(() => {
    const element = box.current
    if (element === null) return
    const first = Math.max(0, (Math.floor(element.scrollTop / rowHeight / stepRows) - 1) * stepRows)
    const end = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight / stepRows)
    const last = Math.min(count - 1, (end + 1) * stepRows)
    setSight((before) => (before.first === first && before.last === last ? before : { first, last }))
    onSight?.(first, last)
  })
  const isAtEnd = useRef(follows)
  const stay = useEffectEvent(() => {
    if (follows && isAtEnd.current) box.current?.scrollTo({ top: count * rowHeight + rowHeight })
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new count changes what is in sight.
  useEffect(() => {
    stay()
    look()
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => look())
    observer.observe(element)
    return () => observer.disconnect()
  }, [count])
  const scrolled = ({ scrollTop, clientHeight, scrollHeight }: HTMLDivElement): void => {
    isAtEnd.current = scrollTop + clientHeight > scrollHeight - rowHeight
    look()
  }
  return { sight, scrolled }
}

/** A table of very many rows. */
export function LongTable<T>({
  label,
  count,
  rowAt,
  onSight,
  columns,
  onOpen,
  selected,
  height = '60vh',
  empty,
  isMarked,
  follows = false,
}: LongTableProps<T>): ReactElement {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const { sight, scrolled } = useSight(box, { count, follows, onSight })
  const [active, setActive] = useState(selected ?? 0)
  const tracks = columns.map(({ width }) => width).join(' ')

  const show = useEffectEvent((at: number) => {
    const element = box.current
    if (element === null) return
    const [top, bottom] = [at * rowHeight, (at + 1) * rowHeight]
    const inside = element.clientHeight - rowHeight // the header stays above
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop + inside) element.scrollTop = bottom - inside
  })

  useEffect(() => {
    if (selected === undefined) return
    setActive(selected)
    show(selected)
  }, [selected])

  const press = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? rowHeight) / rowHeight) - 2)
    const next = moved(event.key, active, count, page)
    if (next !== undefined) {
      event.preventDefault()
      setActive(next)
      show(next)
      return
    }
    const row = rowAt(active)
    if (event.key === 'Enter' && row !== undefined && onOpen !== undefined) {
      event.preventDefault()
      onOpen(row, active)
    }
  }

  const click = (target: EventTarget): void => {
    const at = placeOf(target)
    if (at === undefined) return
    setActive(at)
    const row = rowAt(at)
    if (row !== undefined) onOpen?.(row, at)
  }

  if (count === 0) return <>{empty}</>
  const shown = Array.from({ length: Math.max(0, Math.min(sight.last, count - 1) - sight.first + 1) }, (_, at) => sight.first + at)
  return (
    <div
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={shown.includes(active) ? `${id}-${active}` : undefined}
      tabIndex={0}
      onScroll={({ currentTarget }) => scrolled(currentTarget)}
      onKeyDown={press}
      onClick={({ target }) => click(target)}
      className="group relative overflow-auto border-y border-line bg-paper"
      style={{ height, contain: 'strict' }}
    >
      <div
        role="row"
        aria-rowindex={1}
        className="sticky top-0 z-10 grid min-w-fit border-b border-line bg-paper text-small text-faint"
        style={{ gridTemplateColumns: tracks, height: rowHeight }}
      >
        {columns.map(({ id: column, title, align }) => (
          <span key={column} role="columnheader" className={`truncate px-2 py-1.5 ${align === 'end' ? 'text-right' : ''}`}>
            {title}
          </span>
        ))}
      </div>
      <div role="rowgroup" className="relative min-w-fit" style={{ height: count * rowHeight }}>
        {shown.map((at) => (
          <LongRow
            key={at}
            id={`${id}-${at}`}
            at={at}
            row={rowAt(at)}
            columns={columns}
            tracks={tracks}
            isActive={at === active}
            isSelected={at === selected}
            isMarked={isMarked !== undefined && isMarkedAt(rowAt(at), isMarked)}
          />
        ))}
      </div>
    </div>
  )
}
