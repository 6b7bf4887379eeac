// Which documents there are, and who writes each. All of them are functions of the code alone: no clock, no network, no data.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readPolicy, shippedPolicies } from '../../src/access/index.ts'
import { catalogue } from '../../src/app/index.ts'
import { openApi } from '../../src/server/index.ts'
import { accessMatrix } from './access-matrix.ts'
import { actionsReference } from './actions-reference.ts'
import { cliReference } from './cli-reference.ts'
import { consoleApi, type OpenApi } from './console-api.ts'
import { errorPages } from './error-pages.ts'
import { runEndings } from './run-endings.ts'

const root = join(import.meta.dirname, '..', '..')
const errorsFolder = 'docs/errors'

/** JSON of which the outer levels are spread over lines, so that a change is seen where it was made, and the rest is not, so that the file stays small. */
function spread(value: unknown, levels: number, indent = ''): string {
  if (levels === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value)
  const deeper = `${indent}  `
  const lines = Object.entries(value).map(([key, one]) => `${deeper}${JSON.stringify(key)}: ${spread(one, levels - 1, deeper)}`)
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`
}

/** The API as a document: a line for each part of an operation. */
function openApiDocument(): string {
  return `${spread(openApi(catalogue, 'http://127.0.0.1:8484'), 5)}\n`
}

/** What cedar-wasm reads in each of the shipped policies, by their text; a line for each. */
function shippedPoliciesAsRead(): string {
  const lines = shippedPolicies(catalogue).map(({ text }) => `${JSON.stringify(text)}: ${JSON.stringify(readPolicy(text))}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

/** Every generated document by its path. */
const documents: Readonly<Record<string, () => string>> = {
  'src/app/generated/shipped-policies.json': shippedPoliciesAsRead,
  'docs/openapi.json': openApiDocument,
  'docs/access-matrix.txt': () => accessMatrix(catalogue),
  'docs/reference/cli.md': () => cliReference(catalogue),
  'docs/reference/run-endings.md': runEndings,
  'docs/reference/actions.md': () => actionsReference(catalogue),
  'console/src/api/generated/api.ts': () => consoleApi(openApi(catalogue, 'http://127.0.0.1:8484') as OpenApi), // the document that `openApi` makes
  ...errorPages(errorsFolder),
}

/** Prints one document. */
export async function printOne(file: string): Promise<void> {
  const make = documents[file]
  if (make === undefined) {
    process.stderr.write(`There is no generated file ${file}. There are:\n  ${Object.keys(documents).join('\n  ')}\n`)
    process.exitCode = 2
    return
  }
  process.stdout.write(make())
}

/** Writes every document, and removes pages of codes that are gone. */
export async function writeAll(): Promise<void> {
  for (const [file, make] of Object.entries(documents)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), make())
  }
  for (const name of readdirSync(join(root, errorsFolder))) {
    if (!(`${errorsFolder}/${basename(name)}` in documents)) rmSync(join(root, errorsFolder, name))
  }
  process.stdout.write(`${Object.keys(documents).length} files written.\n`)
}
