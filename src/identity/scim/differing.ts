// What a change changed, by the names of attributes and never by their values: what was sent again as it stood is no change, whatever of it a directory addressed.
import { type Doc, isDoc, isSame } from './document.ts'

function namesIn(before: Doc, after: Doc): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !isSame(before[name], after[name]))
}

/** The names of the attributes that differ between two documents; of an extension, those of its own attributes. */
export function differing(before: Doc, after: Doc): string[] {
  return namesIn(before, after).flatMap((name) => {
    if (!name.startsWith('urn:')) return [name]
    const [was, is] = [before[name], after[name]]
    return namesIn(isDoc(was) ? was : {}, isDoc(is) ? is : {})
  })
}
