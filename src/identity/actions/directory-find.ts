// A search from the root: what a directory looks for without saying whether it is a user or a group. It finds what was said by that directory, and nothing else.
import type { z } from 'zod'
import { action } from '../../kernel/index.ts'
import { locateSelf } from '../scim/directories.ts'
import { findInput } from '../scim/find.ts'
import { findAcross } from '../scim/find-across.ts'
import { ofDirectory, pageOutput } from './directory-user.ts'

/** Finds users and groups of a directory. */
export const findDirectoryResources = action({
  ...ofDirectory,
  name: 'directory:find',
  summary: 'As a directory, look for people and groups that it said something of, both at once.',
  effect: 'read',
  input: findInput,
  output: pageOutput,
  locate: async ({ principal }) => locateSelf(principal),
  perform: async (it) => ({ result: { ...(await findAcross(it, it.input)) } as z.input<typeof pageOutput> }), // read-only lists are lists
})
