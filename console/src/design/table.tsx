// Lists of things as tables: one tab stop, arrows inside, Enter opens, headers sort. For tens of thousands of rows there is `LongTable`.
import { useRouter } from '@tanstack/react-router'
import { type ReactElement, type ReactNode, useRef, useState, useSyncExternalStore } from 'react'
import { Column as AriaColumn, Table as AriaTable, Cell, Row, type SortDescriptor, TableBody, TableHeader } from 'react-aria-components'
import { rememberList } from '../api/came-from.ts'
import { useLeftOut } from './fitting.ts'
import { Icon } from './icon.tsx'

/** A column. */
export interface Column<T> {
  readonly id: string
  readonly title: string
  readonly cell: (row: T) => ReactNode
  /** What it sorts by; a column without it does not sort. */
  readonly by?: (row: T) => string | number
  readonly align?: 'end'
  /**
   * From which width of the window on it is shown, where the table has room for it; what it holds must then be said elsewhere, in the row's first cell or in its
   * view. A first cell that says it hides it again with `beside-sm:hidden`, where all columns from `sm` on stand beside it.
   */
  readonly from?: 'sm' | 'md' | 'lg'
  readonly className?: string
}

interface TableProps<T> {
  /** What the table holds, for those who hear it. */
  readonly label: string
  readonly rows: readonly T[]
  readonly idOf: (row: T) => string
  /** Its first column names the row. */
  readonly columns: readonly Column<T>[]
  /** Where a row's own view is; Enter and a press open it, as they do a link: with Ctrl in another tab. */
  readonly to?: (row: T) => string
  readonly onOpen?: (row: T) => void
  readonly empty?: ReactNode
  /** What cells show beside their row: names that are read apart. When one of these is another, rows are drawn anew. */
  readonly also?: readonly unknown[]
}

const queries = { sm: '(min-width: 36rem)', md: '(min-width: 56rem)', lg: '(min-width: 76rem)' } as const

/** Whether the window is at least so wide. */
export function useWidth(from: keyof typeof queries): boolean {
  const query = window.matchMedia(queries[from])
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener)
      return () => query.removeEventListener('change', listener)
    },
    () => query.matches,
  )
}

function sorted<T>(rows: readonly T[], columns: readonly Column<T>[], by: SortDescriptor | undefined): readonly T[] {
  const key = columns.find(({ id }) => id === by?.column)?.by
  if (by === undefined || key === undefined) return rows
  const sign = by.direction === 'descending' ? -1 : 1
  return [...rows].sort((one, other) => {
    const [a, b] = [key(one), key(other)]
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)))
  })
}

interface SortMarkProps {
  readonly direction: 'ascending' | 'descending' | undefined
  /** Before the title, where numbers end at the column's edge. */
  readonly isBefore: boolean
}

/** By what the table is sorted; or, where one points or is, that it could be sorted by this. It takes no room away when it comes. */
function SortMark({ direction, isBefore }: SortMarkProps): ReactElement {
  const shown = direction === undefined ? 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60' : 'text-ink'
  return (
    <Icon name={direction === 'descending' ? 'down' : 'up'} className={`size-3 self-center ${shown} ${isBefore ? 'order-first' : ''}`} />
  )
}

const widths = ['sm', 'md', 'lg'] as const

/** The columns that stand there when so many are left out, and those that may go as well: the last ones of the widest windows go first. */
function fitting<T>(columns: readonly Column<T>[], leftOut: number) {
  const inOrder = [...widths].reverse().flatMap((width) => columns.filter(({ from }) => from === width).reverse())
  const gone = new Set(inOrder.slice(0, leftOut))
  const shown = columns.filter((one) => !gone.has(one))
  return { shown, ids: { shown: shown.map(({ id }) => id), going: inOrder.slice(leftOut).map(({ id }) => id) } }
}

/** A table. */
export function Table<T extends object>({ label, rows, idOf, columns, to, onOpen, empty, also = [] }: TableProps<T>): ReactElement {
  const { basepath } = useRouter()
  const [by, setBy] = useState<SortDescriptor>()
  const wide = { sm: useWidth('sm'), md: useWidth('md'), lg: useWidth('lg') }
  const box = useRef<HTMLDivElement>(null)
  const possible = columns.filter(({ from }) => from === undefined || wide[from])
  const { shown, ids } = fitting(
    possible,
    useLeftOut(box, (leftOut) => fitting(possible, leftOut).ids),
  )
  // The widths of which every column stands beside the first.
  const beside = widths.filter((width) => wide[width] && columns.every((one) => one.from !== width || shown.includes(one)))
  const opens = to !== undefined || onOpen !== undefined
  const open = (id: string): void => {
    const row = rows.find((one) => idOf(one) === id)
    if (row === undefined) return
    if (onOpen !== undefined) onOpen(row)
    else if (to !== undefined) rememberList(sorted(rows, columns, by).map(to))
  }
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>
  return (
    <div ref={box} data-beside={beside.join(' ')} className="-mx-2 overflow-x-auto px-2 pb-1">
      <AriaTable
        aria-label={label}
        selectionMode="none"
        {...(by === undefined ? {} : { sortDescriptor: by })}
        onSortChange={setBy}
        {...(opens ? { onRowAction: (key: string | number) => open(String(key)) } : {})}
        className="w-full border-collapse text-left"
      >
        <TableHeader>
          {shown.map(({ id, title, by: key, align }, at) => (
            <AriaColumn
              key={id}
              id={id}
              isRowHeader={at === 0}
              allowsSorting={key !== undefined}
              className={`group border-b border-line py-1.5 pr-4 text-small last:pr-0 font-normal whitespace-nowrap text-faint ${align === 'end' ? 'text-right' : ''} ${key ? 'cursor-default hover:text-ink' : ''}`}
            >
              {({ sortDirection, allowsSorting }) => (
                <span className="inline-flex items-baseline gap-1">
                  {title}
                  {allowsSorting ? <SortMark direction={sortDirection} isBefore={align === 'end'} /> : null}
                </span>
              )}
            </AriaColumn>
          ))}
        </TableHeader>
        <TableBody items={sorted(rows, columns, by)} dependencies={[ids.shown.join(' '), ...also]}>
          {(row) => (
            <Row
              id={idOf(row)}
              {...(to === undefined || onOpen !== undefined ? {} : { href: `${basepath.replace(/\/$/, '')}${to(row)}` })}
              className={`border-b border-line/70 align-top outline-offset-[-2px] last:border-b-0 focus-visible:bg-accent-ground ${opens ? 'cursor-default hover:bg-hover hover:shadow-[-8px_0_0_var(--color-hover),8px_0_0_var(--color-hover)]' : ''}`}
            >
              {shown.map(({ id, cell, align, className = '' }) => (
                <Cell key={id} className={`py-2 pr-4 last:pr-0 ${align === 'end' ? 'text-right' : ''} ${className}`}>
                  {cell(row)}
                </Cell>
              ))}
            </Row>
          )}
        </TableBody>
      </AriaTable>
    </div>
  )
}
