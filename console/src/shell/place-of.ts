// Which place of the navigation a path within the console lies in: the one that it begins with, or the one that its screen belongs to. Pure.

/** What a screen says of where it is. */
interface Placed {
  readonly path: string
  readonly place?: object
  readonly under?: string
}

/** The path before its first parameter: everything below it is the screen's too. */
const startOf = (pattern: string): string => pattern.replace(/\/\$.*$/, '')

/** The path of the place; undefined where the path lies in none. */
export function placeOf(path: string, screens: readonly Placed[]): string | undefined {
  const around = screens.find((one) => {
    const start = startOf(one.path)
    return (one.place ?? one.under) !== undefined && (path === start || path.startsWith(`${start}/`))
  })
  return around?.under ?? around?.path
}
