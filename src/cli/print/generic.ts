// Any answer, printed for a person: a list as a table, a thing as names and values. Verbs that need more have a file of their own.
import type { Answer } from '../api.ts'
import { momentText } from './moments.ts'
import { type Paint, safe } from './paint.ts'
import { pairs, table } from './table.ts'

const none = '—'

const isoMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A reference: nothing but an id, and a type or a name. */
function isRef(value: unknown): value is { readonly id: string; readonly type?: string; readonly name?: string } {
  return typeof value === 'object' && value !== null && ['id,type', 'id,name'].includes(Object.keys(value).sort().join())
}

function listInLine(list: readonly unknown[]): string {
  if (list.length === 0) return none
  const isOfPlain = list.every((one) => typeof one !== 'object' || one === null)
  return isOfPlain ? list.map(inLine).join(', ') : safe(JSON.stringify(list))
}

/** A value in one line. */
function inLine(value: unknown): string {
  if (value === null || value === undefined || value === '') return none
  if (Array.isArray(value)) return listInLine(value)
  if (isRef(value)) return safe(`${value.type ?? value.name ?? ''} ${value.id}`)
  if (typeof value === 'object') return safe(JSON.stringify(value))
  return typeof value === 'string' && isoMoment.test(value) ? momentText(value) : safe(String(value))
}

/** `trustDomain` as words: `trust domain`. A name may be somebody's text as well: a parameter of a run is one. */
export function asWords(name: string): string {
  return safe(name).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function isThing(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function flat(answer: Answer, before = ''): [string, unknown][] {
  return Object.entries(answer).flatMap(([name, value]): [string, unknown][] => {
    const said = before === '' ? asWords(name) : `${before} · ${asWords(name)}`
    return isThing(value) && !isRef(value) && Object.keys(value).length > 0 && Object.keys(value).length <= 8
      ? flat(value, said)
      : [[said, value]]
  })
}

function isTabular(value: unknown): value is readonly Answer[] {
  return Array.isArray(value) && value.length > 0 && value.every(isThing)
}

/** Things as a table. Its columns are the fields that hold single values; what has parts of its own is shown by the thing's own verb. */
function tableOf(items: readonly Answer[], paint: Paint): string[] {
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))].filter((name) =>
    items.every((item) => !isThing(item[name]) || isRef(item[name])),
  )
  return table(
    names.map(asWords),
    items.map((item) => names.map((name) => inLine(item[name]))),
    paint,
  )
}

/** A thing as names and values, with a table for each list of things in it. */
function detailsOf(answer: Answer, paint: Paint): string[] {
  const all = flat(answer)
  const lines = pairs(
    all.filter(([, value]) => !isTabular(value)).map(([name, value]) => [name, inLine(value)]),
    paint,
    '',
  )
  for (const [name, value] of all) if (isTabular(value)) lines.push('', paint.bold(name), ...tableOf(value, paint))
  return lines
}

/** An answer for a person. */
export function genericLines(answer: Answer, paint: Paint): string[] {
  if (!Array.isArray(answer.items)) return detailsOf(answer, paint)
  return answer.items.length === 0 ? [] : tableOf(answer.items.filter(isThing), paint)
}

const idPattern = /^[a-z]{3}_[0-9a-z]{26}$/

/** The ids that `--quiet` prints: of a list each item's, of a thing its own. */
export function idsOf(answer: Answer): string[] {
  if (Array.isArray(answer.items)) return answer.items.filter(isThing).flatMap(idsOf)
  const own =
    typeof answer.id === 'string' ? answer.id : Object.values(answer).find((value) => typeof value === 'string' && idPattern.test(value))
  return typeof own === 'string' ? [safe(own)] : []
}
