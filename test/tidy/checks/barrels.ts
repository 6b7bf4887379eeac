// A file that only passes others' exports on hides where things live. A room's door does it on purpose; nothing else does.

import type { Check, Code } from '../project.ts'
import { doors } from '../rules.ts'

const onlyPassesOn = ({ program }: Code): boolean =>
  program.body.length > 0 &&
  program.body.every(
    (statement) =>
      statement.type === 'ExportAllDeclaration' ||
      statement.type === 'ImportDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' && statement.declaration === null),
  ) &&
  program.body.some(
    (statement) =>
      statement.type === 'ExportAllDeclaration' || (statement.type === 'ExportNamedDeclaration' && statement.specifiers.length > 0),
  )

/** Only a door consists of re-exports. */
export const noBarrels: Check = ({ code }) =>
  [...code.values()]
    .filter((file) => onlyPassesOn(file) && !doors.some((door) => door.test(file.path)))
    .map(({ path }) => ({
      file: path,
      line: 1,
      message: "Import from the files themselves and remove this one: only a room's door (index.ts) passes exports on.",
    }))
