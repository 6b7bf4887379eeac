// How the parts of a view, and the views of a room, stand in a row: on a line where they fit beside each other, and without one where they wrap, as a line in
// the midst of them would divide what belongs together.

/** The row. */
export const tabRow = '-mx-2 flex flex-wrap gap-0.5 md:mx-0 md:gap-x-5 md:gap-y-0 md:border-b md:border-line'

const look = 'block rounded-field px-2 py-1.5 text-small font-medium md:-mb-px md:rounded-none md:border-b-2 md:px-0'

/** One of the row: the one that is shown, or another. */
export function tabLook(isHere: boolean): string {
  return `${look} ${isHere ? 'bg-hover text-ink md:border-accent md:bg-transparent' : 'text-soft hover:text-ink md:border-transparent'}`
}
