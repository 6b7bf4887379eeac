// A directory that says something of everything that it can: it leaves rows in each of its tables and passes each of its acts, without HTTP.
import type { Door } from '../../src/app/index.ts'
import { type Act, actWith, textAt } from './acting.ts'

/** What a directory left behind. */
export interface Said {
  readonly directory: string
  readonly token: string
  readonly person: string
  readonly group: string
}

/** Opens a directory as an administrator, and has it say, change and remove something; two people and a group stay. */
export async function fillDirectory(door: Door, admin: Act, owner: string, slug: string): Promise<Said> {
  const made = await admin('directory:create', { slug, name: 'A provider', owner })
  const directory = textAt(made, 'directory')
  const rotated = await admin('directory:rotate-token', { directory, overlapHours: 1 })
  const token = textAt(rotated, 'token')
  const act = actWith(door, { kind: 'directory', token })
  const user = (name: string) => ({ userName: `${name}-${slug}@people.example`, displayName: name })
  const person = textAt(await act('directory:create-user', { body: user('stays') }), 'resource', 'id')
  const leaver = textAt(await act('directory:create-user', { body: user('leaves') }), 'resource', 'id')
  await act('directory:replace-user', { id: leaver, body: { ...user('leaves'), title: 'Leaver' } })
  await act('directory:patch-user', { id: leaver, body: { Operations: [{ op: 'replace', value: { active: false } }] } })
  await act('directory:remove-user', { id: leaver })
  const group = textAt(
    await act('directory:create-group', { body: { displayName: 'Some', members: [{ value: person }] } }),
    'resource',
    'id',
  )
  const passing = textAt(await act('directory:create-group', { body: { displayName: 'Passing' } }), 'resource', 'id')
  await act('directory:patch-group', { id: passing, body: { Operations: [{ op: 'add', path: 'members', value: [{ value: person }] }] } })
  await act('directory:replace-group', { id: passing, body: { displayName: 'Passing', members: [] } })
  await act('directory:remove-group', { id: passing })
  return { directory, token, person, group }
}
