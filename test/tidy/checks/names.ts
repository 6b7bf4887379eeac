// Files are named for what is in them. A drawer for leftovers is named for what is not known about it.

import { isBelow } from '../place.ts'
import type { Check } from '../project.ts'
import { drawerNames, kebabFolders } from '../rules.ts'

const judge = (path: string): readonly string[] => {
  const parts = path.split('/').map((part) => part.split('.')[0] ?? '')
  const drawer = parts.find((part) => drawerNames.test(part))
  const camel =
    isBelow(path, kebabFolders) && /\.(ts|mjs)$/.test(path)
      ? path.split('/').find((part) => !/^[a-z0-9][a-z0-9.-]*$/.test(part))
      : undefined
  return [
    ...(drawer ? [`Name \`${drawer}\` for what is in it, or move each piece to the file that uses it.`] : []),
    ...(camel ? [`Name \`${camel}\` in kebab-case.`] : []),
  ]
}

/** No drawers among the names of files and folders, and kebab-case for code. */
export const namesSayWhatIsInside: Check = ({ entries }) =>
  [...entries.keys()].flatMap((path) => judge(path).map((message) => ({ file: path, line: 1, message })))
