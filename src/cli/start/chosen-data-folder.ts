// Where `twinlock start` of this clone keeps its data, for commands that look there for workload keys or leave exports there. Makes nothing.
import { join } from 'node:path'
import { chooseDataFolder } from '../../host/data-folder.ts'
import { resolveDatabaseUser } from '../../host/postgres/database-user.ts'

const clone = join(import.meta.dirname, '..', '..', '..')

/** The data folder that a start with this environment would choose. */
export function chosenDataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return chooseDataFolder({ clone, environment }, resolveDatabaseUser())
}
