// The order of the house, as data. The checks beside this file read it; whoever changes the order changes it here, in one reviewable line.
// Each exception carries its reason. An exception without one does not belong here.

/** Names of files and folders that are never committed; mirrors .gitignore. */
export const ignored: readonly RegExp[] = [/^node_modules$/, /^\.git$/, /^\.twinlock$/, /^dist$/, /^coverage$/, /\.(log|tmp|tsbuildinfo)$/]

/** The rooms in the order that data flows. A room knows only the rooms before it. */
export const rooms = [
  'kernel',
  'ledger',
  'identity',
  'access',
  'credentials',
  'twins',
  'runs',
  'egress',
  'outputs',
  'promotion',
  'posture',
  'app',
  'server',
  'cli',
] as const

/** The rooms that are pure: compiled without Node, they reach the outside through ports alone. */
export const pureRooms: readonly string[] = rooms.slice(0, rooms.indexOf('app'))

/** Who may import src/host, by the start of the path. Tests and bench may as well. */
export const hostImporters: readonly string[] = ['src/host/', 'src/app/', 'src/cli/start']

/** The demonstration: the one command that starts the ready-made twins' own upstreams beside the product. */
export const demonstration = { importer: 'src/cli/start/', upstreams: /^twins\/[\w-]+\/upstreams?\.ts$/ }

/** What a folder outside src may import besides itself, by the start of the path; the longest match holds. */
export const folders: readonly { readonly folder: string; readonly may: readonly string[]; readonly instead: string }[] = [
  { folder: 'engine/', may: [], instead: 'the engine knows nothing of the platform: take what it needs as an argument' },
  { folder: 'twins/', may: ['sdk/run/', 'engine/'], instead: 'a twin uses the run library (sdk/run) and the engine, as a customer would' },
  {
    folder: 'sdk/verify/',
    may: ['src/kernel/index.ts', 'src/ledger/index.ts'],
    instead: 'the verifier is auditable alone: it uses the doors of src/ledger and src/kernel, or nothing',
  },
  { folder: 'sdk/', may: ['sdk/'], instead: 'the SDK sees only the generated types of the public API' },
  { folder: 'console/', may: ['sdk/'], instead: 'the console is a client of the public API: go through sdk' },
  { folder: 'integrations/', may: ['sdk/'], instead: 'an integration is a client of the public API: go through sdk' },
  { folder: 'interop/', may: ['src/', 'sdk/', 'test/', 'engine/'], instead: 'interop tests speak to the product from outside' },
  { folder: 'bench/', may: ['src/', 'sdk/', 'engine/', 'twins/', 'test/'], instead: 'measure what a user meets' },
  { folder: 'test/', may: ['src/', 'sdk/', 'engine/', 'twins/', 'scripts/', 'console/', 'bench/'], instead: 'test through the doors' },
  { folder: 'scripts/', may: ['src/', 'sdk/', 'engine/', 'twins/', 'test/', 'bin/'], instead: 'a script uses the doors of src' },
  { folder: 'bin/', may: ['src/cli/', 'scripts/'], instead: 'the binary only starts src/cli/main.ts' },
]

/** What tests, their harness and benchmarks may import besides what their neighbours may: laws are tested, and parts are measured, by taking them apart. */
export const testsMayImport: readonly string[] = ['test/', 'src/host/', 'src/app/', 'src/access/compiled/']

// What one room may import that the other pure rooms may not.
const roomPackages: Readonly<Record<string, readonly string[]>> = { access: ['@cedar-policy/cedar-wasm'] }

/** The packages that each folder may import, by the start of the path; the longest match holds. `node` says whether node:* is allowed. */
export const packages: readonly { readonly folder: string; readonly allowed: readonly string[]; readonly node: boolean }[] = [
  ...pureRooms.map((room) => ({ folder: `src/${room}/`, allowed: ['zod', 'kysely', ...(roomPackages[room] ?? [])], node: false })),
  {
    folder: 'src/host/',
    allowed: ['pg', 'kysely', 'zod', '@cedar-policy/cedar-wasm', 'jose', 'openid-client', '@simplewebauthn/server'],
    node: true,
  },
  { folder: 'src/app/', allowed: ['zod', 'kysely'], node: true },
  { folder: 'src/server/', allowed: ['fastify', 'zod'], node: true },
  { folder: 'src/cli/', allowed: ['zod'], node: true },
  { folder: 'engine/', allowed: ['@dimforge/rapier3d-deterministic-compat', '@mcap/core', 'fast-xml-parser', 'zod'], node: true },
  { folder: 'twins/', allowed: [], node: true },
  { folder: 'sdk/', allowed: [], node: true },
  { folder: 'sdk/verify/', allowed: [], node: false },
  {
    folder: 'console/',
    allowed: ['@tanstack/react-query', '@tanstack/react-router', '@xyflow/react', 'react', 'react-aria-components', 'react-dom', 'three'],
    node: false,
  },
  { folder: 'console/build/', allowed: ['@tailwindcss/vite', '@vitejs/plugin-react', 'vite'], node: true },
  {
    folder: 'bench/',
    allowed: [
      'jose',
      'zod',
      'kysely',
      'pg',
      '@cedar-policy/cedar-wasm',
      'playwright-core',
      '@sparticuz/chromium',
      'casbin',
      '@casl/ability',
      'fastify',
    ],
    node: true,
  },
  { folder: 'scripts/', allowed: ['zod', 'typescript', 'playwright-core', '@sparticuz/chromium'], node: true },
  {
    folder: 'test/',
    allowed: [
      'oxc-parser',
      'jose',
      'zod',
      'kysely',
      'pg',
      'typescript',
      'playwright-core',
      '@sparticuz/chromium',
      'axe-core',
      'oidc-provider',
      'samlify',
    ],
    node: true,
  },
]

/** What is bundled into static files: its packages need not be there where the product runs. */
export const bundled: readonly string[] = ['console/']

/** Where every import names a literal. Elsewhere a module may be loaded by path: a customer's twin, a benchmark, a generator. */
export const literalImports: readonly string[] = ['src/', 'sdk/verify/']

/** Longest allowed, in physical lines; above `look` it is shown in the report. Tests, generated code and declarations are not measured. */
export const sizes = {
  fileMax: 350,
  fileLook: 200,
  functionMax: 60,
  /** React pages are measured apart: their markup is long and flat. */
  consoleFunctionMax: 120,
}

/** Files whose opening comment is required, and how long it may be, in lines. */
export const headers = { folders: ['src/', 'engine/', 'sdk/', 'console/', 'scripts/', 'bench/', 'test/'], min: 1, max: 12 }

/** Folders whose exported names need a docstring. */
export const documented: readonly string[] = ['src/', 'sdk/', 'engine/', 'console/']

/** Files that are compiled with a program but belong to no room. */
export const outsideRooms: readonly string[] = [
  // The few globals of the rooms' program; nothing imports it, the compiler includes it.
  'src/platform.d.ts',
  // Fails the rooms' type check when Node's types leak in; nothing imports it, the compiler includes it.
  'src/platform-canary.ts',
]

/** A banned word and what to write instead. Names in code are split into words first: `readerLease` is "reader lease". */
export interface Word {
  readonly pattern: RegExp
  readonly instead: string
}

/** Banned everywhere: in code, comments, strings and documents. */
export const words: readonly Word[] = [
  {
    pattern: /(?<!reader )(?<!readers )(?<!upstream )\bleases?\b/,
    instead: 'say which: a run has a claim and a deadline, a replica a "reader lease", a dynamic secret an "upstream lease"',
  },
  { pattern: /\bwhite ?list(s|ed|ing)?\b/, instead: 'write "allow list"' },
  { pattern: /\bblack ?list(s|ed|ing)?\b/, instead: 'write "deny list"' },
  { pattern: /\bmaster\b/, instead: 'write "primary", "main" or what it leads' },
  { pattern: /\bslaves?\b/, instead: 'write "replica" or "follower"' },
  {
    pattern: /\b(alice|bob|carol|mallory|john|jane)\b/,
    instead: 'name the role instead of a person: the operator, the reviewer, `reviewer@example.com`',
  },
  { pattern: /@author\b|\bco authored by\b|\bsigned off by\b/, instead: 'leave names of people out: history keeps them' },
]

/** Banned as written, with regard to case. */
export const marks: readonly Word[] = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, instead: 'do it now, or describe the limit as it is in a sentence' },
  { pattern: /@ts-(ignore|nocheck)\b/, instead: 'use @ts-expect-error with a reason, so that it fails when it is no longer needed' },
]

/** Mail addresses are of nobody: only reserved domains. */
export const mail = {
  pattern: /[\w.+-]+@([\w-]+\.)+[a-z]{2,}\b/gi,
  allowed: /^git@|@([\w-]+\.)*(example|test|invalid|localhost|internal|local|example\.(com|org|net))$/i,
}

/** Where a banned word is meant. */
export const wordExceptions: readonly { readonly path: RegExp; readonly reason: string }[] = [
  { path: /^test\/tidy\//, reason: 'the rules name the words that they ban, and their tests break them' },
  { path: /^package-lock\.json$/, reason: 'written by npm' },
  { path: /^LICENSE$/, reason: 'the text of the licence' },
  { path: /(^|\/)generated\//, reason: 'generated from a source that is checked' },
]

/** Banned as part of a file's or folder's name. */
export const drawerNames = /(^|-)(helpers?|utils?|misc)(-|$)|^commons?$/

/** Folders of code whose names are kebab-case. */
export const kebabFolders: readonly string[] = ['src/', 'engine/', 'sdk/', 'console/', 'scripts/', 'bench/', 'test/', 'twins/']

/** Files that a tool demands a default export from. */
export const defaultExports = /(^|\/)[\w-]+\.config\.(ts|mjs)$/

/** Calls that wait for time to pass; a test never does. Methods of the same name count on these objects alone. */
export const sleeps: { readonly calls: readonly string[]; readonly on: readonly string[] } = {
  calls: ['setTimeout', 'setInterval', 'wait'],
  on: ['globalThis', 'timers', 'timersPromises', 'scheduler', 'Atomics'],
}

/** Tests that may wait for real time, each with the reason why time cannot be injected. */
export const sleepExceptions: readonly { readonly file: string; readonly reason: string }[] = [
  {
    file: 'src/host/upstream/hostile-upstream.test.ts',
    reason: 'an upstream that drips its answer is what is tested; no test waits for the timer',
  },
]

/** Doors of rooms, and of the parts of a room: the only files that may consist of re-exports. */
export const doors: readonly RegExp[] = [/^src\/[\w-]+\/(?:[\w-]+\/)?index\.ts$/, /^engine\/index\.ts$/, /^sdk\/([\w-]+\/)?index\.ts$/]

/** Where reachability begins, by the start of the path; every test and script is an entry as well. */
export const entryPoints: readonly string[] = [
  'src/cli/main.ts',
  'src/server/',
  'console/build/',
  'console/src/main.tsx',
  'bin/',
  'bench/',
  'scripts/',
  'test/',
]

/** Files that are found by their name: the console finds screens, what is done there and their keys by their folders. */
export const foundByName: readonly RegExp[] = [/^console\/src\/screens\/[\w-]+\/(route\.tsx|acts\.ts|keys\.ts)$/]

/** Source files that something other than an import reaches. */
export const reachedOtherwise: readonly { readonly file: string; readonly reason: string }[] = [
  // The verifier's door must compile without the kernel's tables, so the ledger's door does not pass them on.
  { file: 'src/ledger/tables.ts', reason: 'declares the ledger’s rows by augmenting the kernel; the rooms’ program includes it' },
]

/** Files whose exports something other than an import takes. */
export const takenOtherwise: readonly { readonly file: string; readonly reason: string }[] = [
  { file: 'src/cli/main.ts', reason: 'the binary loads it by its path: from the sources, or from the bundle' },
  { file: 'src/host/cells/probe/program.ts', reason: 'a cell loads its program by its name' },
  { file: 'console/build/build.ts', reason: 'a program of its own; whoever builds the console otherwise may call what it is made of' },
]

/** Where a transaction may be opened, by the start of the path. Everything else works inside the one it is given. */
export const transactionOpeners: readonly string[] = ['src/app/', 'src/host/']

/** Files written by a program, and the command that prints each as it should be. */
export const generated: readonly { readonly file: string; readonly command: readonly string[] }[] = [
  { file: 'docs/access-matrix.txt', command: ['scripts/generate.mjs', '--print', 'docs/access-matrix.txt'] },
  { file: 'docs/licences.txt', command: ['scripts/licences.ts', '--print'] },
  { file: 'docs/openapi.json', command: ['scripts/generate.mjs', '--print', 'docs/openapi.json'] },
  { file: 'console/src/api/generated/api.ts', command: ['scripts/generate.mjs', '--print', 'console/src/api/generated/api.ts'] },
]

/** Strings that tie the product to one machine or one registry. Written in pieces, so that this file does not contain them. */
export const machineStrings: readonly { readonly text: string; readonly except: readonly string[]; readonly instead: string }[] = [
  { text: ['', 'work', ''].join('/'), except: [], instead: 'derive the path from import.meta.url or from a setting' },
  { text: ['', 'tmp', 'b', ''].join('/'), except: [], instead: 'make a temporary folder with mkdtemp' },
  { text: ['registry', 'npmjs', 'org'].join('.'), except: ['package-lock.json'], instead: 'leave the registry to the npm configuration' },
]

/** The largest file, in bytes, and the binary files that belong here. */
export const contents = {
  bytesMax: 1_000_000,
  binaries: [/^docs\/.*\.(png|webp|gif)$/, /^console\/.*\.(png|ico|woff2)$/] as readonly RegExp[],
}

/** The folders that the test runner looks in. */
export { testFolders } from '../../scripts/test/find-tests.ts'
