// The static checks, as data. Each is independent of the others and runs beside them.
// A type check whose configuration file does not exist is left out.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from './children.ts'
import { root } from './find-tests.ts'

/** A static check: its heading, and the command that ends with exit code 0 when it holds. */
export interface Check {
  readonly title: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Settings
}

const bin = (name: string): string => join(root, 'node_modules/.bin', name)

const projects = ['tsconfig.rooms.json', 'tsconfig.host.json', 'tsconfig.web.json', 'console/tsconfig.json']

// The four type checks share the cores anyway; threads within one of them check much of the same twice. Each lives for seconds, and collects no
// garbage before it holds a gibibyte.
const typeCheck = { args: ['--singleThreaded'], env: { GOGC: 'off', GOMEMLIMIT: '1GiB' } }

/** Every static check that this repository has now. */
export const checks = (): readonly Check[] => [
  { title: 'format and lint: biome', command: bin('biome'), args: ['check', '--error-on-warnings'] },
  ...projects
    .filter((file) => existsSync(join(root, file)))
    .map((file) => ({ title: `types: ${file}`, command: bin('tsc'), args: ['-p', file, ...typeCheck.args], env: typeCheck.env })),
]
