// The readers of texts and bytes that this repository holds, found in its sources by how they are called and what they take first; and which of them the
// fuzzers name. So that a new one is attacked, or somebody has said why not.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A function that reads what others wrote. */
export interface Reader {
  readonly name: string
  readonly file: string
  readonly isAttacked: boolean
}

const root = join(import.meta.dirname, '..', '..')
const declared =
  /^export (?:async )?function ((?:parse|read|decode)[A-Z]\w*)\(\s*(?:sha256: \w+, |kind: \w+, |run: \w+, |attribute: \w+, |baseUrl: string, )?(text|bytes|xml|base64|body|line|header|words|payload|given|note|path|png|lines|source|envelope)\b/gm

/** Readers that no target names, and why. */
export const notFuzzed: Readonly<Record<string, string>> = {
  decodeBase64: 'within notes, receipts and keys',
  decodeUtf8: 'within notes, receipts and exports',
  parseDecimal: 'within notes; that of policies with the other values of Cedar',
  parseSignatures: 'within notes',
  readKeyId: 'within keys',
  parseDatetime: 'compared with cedar-wasm itself, in src/access/compiled',
  parseDuration: 'compared with cedar-wasm itself, in src/access/compiled',
  parseIp: 'compared with cedar-wasm itself, in src/access/compiled',
  readPolicy: 'within policies',
  readHeader: 'within tokens',
  readClaims: 'within tokens',
  parseStrictJson: 'within tokens',
  parseTrustDomain: 'within SPIFFE ids',
  readParameters: 'within queries; that of the console reads what its own user types',
  readSeeds: 'reads what the user of the console types',
  readPublicKey: 'reads what the user of the console pastes; the server reads it with the schema of its input',
  readBaseUrl: 'reads what whoever starts the server says',
  readBlob: 'a path of ours; what lies there is hashed',
  readBundle: 'nothing of the product reads one',
  readReadings: 'runs within the cell of the run whose asset it is',
}

const sourcesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file))

/** Every reader, in the order of its file. */
export function readers(): readonly Reader[] {
  const targets = sourcesIn('test/fuzz/targets').map((file) => readFileSync(join(root, file), 'utf8'))
  const files = ['src', 'sdk', 'engine', 'twins', 'console/src'].flatMap(sourcesIn)
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(declared)].map(([, name = '']) => {
      const used = new RegExp(`\\b${name}\\b`)
      return { name, file, isAttacked: targets.some((text) => used.test(text)) }
    }),
  )
}
