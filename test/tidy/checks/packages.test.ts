// Which packages a folder may import, and that pure rooms stay pure.

import { test } from 'node:test'
import { accepts, refuses } from '../judge.ts'
import { packagesAreAllowed as check } from './packages.ts'

const manifest = JSON.stringify({
  dependencies: { zod: '1', kysely: '1', pg: '1', fastify: '1', '@cedar-policy/cedar-wasm': '1' },
  devDependencies: { jose: '1', react: '1' },
})
const house = (path: string, text: string) => ({ 'package.json': manifest, [path]: text })

test('a pure room imports zod and kysely, and nothing of Node', () => {
  accepts(check, house('src/runs/a.ts', "import { z } from 'zod'\nimport type { Kysely } from 'kysely'"))
  refuses(check, house('src/runs/a.ts', "import type { Pool } from 'pg'"), /may import zod, kysely, not `pg`/)
  refuses(check, house('src/runs/a.ts', "import { readFile } from 'node:fs/promises'"), /declare a port/)
  refuses(check, house('src/runs/a.ts', "type Buffers = import('node:buffer').Buffer"), /declare a port/)
})

test('a test in a room may use Node', () => accepts(check, house('src/runs/a.test.ts', "import assert from 'node:assert/strict'")))

test('each special package has its one place', () => {
  accepts(check, house('src/access/a.ts', "import cedar from '@cedar-policy/cedar-wasm/nodejs'"))
  refuses(check, house('src/runs/a.ts', "import cedar from '@cedar-policy/cedar-wasm'"), /not `@cedar-policy\/cedar-wasm`/)
  accepts(check, house('src/host/a.ts', "import { Pool } from 'pg'"))
  refuses(check, house('src/host/a.ts', "import { fastify } from 'fastify'"), /not `fastify`/)
  accepts(check, house('src/server/a.ts', "import { fastify } from 'fastify'"))
})

test('a package that is not installed is refused everywhere', () => {
  refuses(check, house('src/host/a.ts', "import x from 'left-pad'"), /not in package\.json/)
  refuses(check, house('test/a.test.ts', "import x from 'left-pad'"), /not in package\.json/)
})

test('what is shipped does not need a devDependency', () =>
  refuses(check, house('src/host/a.ts', "import { SignJWT } from 'jose'"), /missing where the product runs/))

test('what is bundled needs its packages only where it is built', () => {
  accepts(check, house('console/src/a.tsx', "import { useState } from 'react'"))
  refuses(check, house('console/src/a.tsx', "import { SignJWT } from 'jose'"), /console\/ may import/)
  refuses(check, house('console/src/a.tsx', "import { readFile } from 'node:fs/promises'"), /reaches nothing outside itself/)
})

test('a computed import cannot be checked and is refused in shipped code', () => {
  refuses(check, house('src/app/a.ts', 'const load = (name: string) => import(name)'), /Import a literal name/)
  accepts(check, house('scripts/a.ts', 'const load = (name: string) => import(name)'))
})
