// Data flows one way through the house: a room knows only the rooms before it, and enters them by their door.
// Type imports count: a type that a room must know is knowledge of that room.

import type { Import } from '../imports.ts'
import { isBelow, isTest, longest, roomOf, roomOrder } from '../place.ts'
import { at, type Check, type Code } from '../project.ts'
import { demonstration, folders, hostImporters, outsideRooms, rooms, testsMayImport } from '../rules.ts'

const door = (room: string): string => `src/${room}/index.ts`

const intoHost = (from: string): string | undefined => {
  if (isTest(from) || isBelow(from, [...hostImporters, 'test/', 'bench/', 'scripts/', 'interop/'])) return undefined
  return 'Declare a port (an interface) in the room or in src/kernel instead, and let src/app fill it from src/host.'
}

const outOfHost = (room: string, found: Import): string | undefined => {
  if (roomOrder(room) === undefined || room === 'kernel') return undefined
  if (room === 'app' || room === 'server' || room === 'cli')
    return `src/host implements ports and does not know src/${room}: take it as an argument.`
  return found.typeOnly
    ? undefined
    : `src/host takes only types (ports) from src/${room}: use \`import type\`, or let src/app pass the value in.`
}

const betweenRooms = (from: string, to: string): string | undefined => {
  const [here, there] = [roomOrder(from), roomOrder(to)]
  if (here === undefined || there === undefined || there < here) return undefined
  return `src/${from} comes before src/${to} (${rooms.join(' ← ')}): declare a port in src/${from} and let src/app fill it.`
}

const inSrc = (from: string, found: Import): string | undefined => {
  const [here, there] = [roomOf(from), roomOf(found.target)]
  if (there === undefined && from.startsWith(demonstration.importer) && demonstration.upstreams.test(found.target)) return undefined
  if (there === undefined)
    return `src imports nothing outside src: move what it needs from \`${found.target}\` into a room, or take it through a port.`
  if (here === there)
    return found.target === door(there) && !isTest(from)
      ? 'Import the file itself, not the own door: a room does not go through its door inside.'
      : undefined
  if (there === 'host') return intoHost(from)
  const order = here === 'host' ? (isTest(from) ? undefined : outOfHost(there, found)) : betweenRooms(here ?? '', there)
  return order ?? (augments(found) ? undefined : byDoor(found.target, there))
}

// An augmentation must name the file that declares what it adds to; TypeScript does not follow a named re-export there.
const augments = ({ node }: Import): boolean => node.type === 'TSModuleDeclaration'

const byDoor = (target: string, room: string): string | undefined =>
  room === 'host' || target === door(room)
    ? undefined
    : `Enter src/${room} by its door: import from ${door(room)}, and export there what others may know.`

const outsideSrc = (from: string, target: string): string | undefined => {
  const rule = longest(from, folders)
  const own = from.startsWith('twins/') ? from.split('/').slice(0, 2).join('/') : rule?.folder
  if (!rule || own === undefined || target.startsWith(`${own}/`.replace('//', '/'))) return undefined
  if (!isBelow(target, rule.may) && isFolder(target)) return `${rule.folder} may not import \`${target}\`: ${rule.instead}.`
  const room = roomOf(target)
  if (room === 'host') return intoHost(from)
  return room === undefined ? undefined : byDoor(target, room)
}

// A file at the root (package.json, LICENSE) belongs to no folder and is open to all.
const isFolder = (target: string): boolean => target.includes('/')

const judge = (from: string, found: Import): string | undefined => {
  if (found.kind !== 'file') return undefined
  if (found.target.startsWith('..'))
    return 'Import nothing from outside the repository: add the package, or copy what is needed with its licence.'
  if ((isTest(from) || isBelow(from, ['test/harness/', 'bench/'])) && isBelow(found.target, testsMayImport)) return undefined
  if (!from.startsWith('src/')) return outsideSrc(from, found.target)
  return isFolder(found.target) ? inSrc(from, found) : undefined
}

const stray = ({ path }: Code): boolean =>
  path.startsWith('src/') && !outsideRooms.includes(path) && roomOf(path) !== 'host' && roomOrder(roomOf(path)) === undefined

/** A room knows only the rooms before it, by their doors. */
export const roomOrderHolds: Check = ({ code }) =>
  [...code.values()].flatMap((file) => [
    ...(stray(file)
      ? [
          {
            file: file.path,
            line: 1,
            message: `Move this file into a room (${rooms.join(', ')}, host), or add the room to test/tidy/rules.ts.`,
          },
        ]
      : []),
    ...file.imports.flatMap((found) => {
      const message = judge(file.path, found)
      return message === undefined ? [] : [at(file, found.node, message)]
    }),
  ])
