// Verifies an export of the ledger, offline: the checkpoint's signature against the log's key, then every entry against the checkpoint. It trusts the
// key that it is given and nothing else; a key that came with the export proves that the export is whole, not whose it is.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type ExportVerdict, LedgerError, parseVerifierKey, type VerifyCrypto, verifyExport } from '../../ledger/index.ts'
import { type Command, textFlag } from '../command.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { reasonOf } from '../io.ts'
import { pairs } from '../print/table.ts'
import { exportFiles, exportInto } from './ledger-export.ts'

// The DER of an Ed25519 public key, up to its 32 bytes (RFC 8410 section 4).
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex')

const hashBytes = 32

const crypto: VerifyCrypto = {
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  ed25519Verify(publicKey, message, signature) {
    try {
      const key = createPublicKey({ key: Buffer.concat([ed25519Prefix, publicKey]), format: 'der', type: 'spki' })
      return verify(null, message, key, signature)
    } catch {
      return false // bytes that are no point of the curve sign nothing
    }
  },
}

async function* linesOf(path: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    yield encoder.encode(line)
}

/** Leaf hashes in whole hashes, however the file's bytes come. */
async function* hashesOf(path: string): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array()
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.concat([rest, chunk])
    const whole = bytes.length - (bytes.length % hashBytes)
    rest = bytes.subarray(whole)
    if (whole > 0) yield bytes.subarray(0, whole)
  }
  if (rest.length > 0) yield rest // the verifier says what is wrong with a piece of a hash
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw usage(`\`${path}\` cannot be read: ${reasonOf(error)}`, 'Give the folder of an export: entries.jsonl, checkpoint, verifier.key.')
  }
}

/** Verifies the export in a folder with a verifier key line. */
async function verifyFolder(folder: string, keyLine: string): Promise<ExportVerdict> {
  const checkpoint = read(join(folder, exportFiles.checkpoint))
  const entries = join(folder, exportFiles.entries)
  if (!existsSync(entries)) throw usage(`There is no ${exportFiles.entries} in ${folder}.`)
  const leaves = join(folder, exportFiles.leaves)
  const hasLeaves = existsSync(leaves) && statSync(leaves).size > 0
  try {
    const key = parseVerifierKey(crypto.sha256, keyLine.trim())
    return await verifyExport(
      crypto,
      { checkpoint, entries: linesOf(entries), ...(hasLeaves ? { leafTiles: hashesOf(leaves) } : {}) },
      { origin: key.name, logKeys: [key], witnessKeys: [], witnessQuorum: 0 },
    )
  } catch (error) {
    if (error instanceof LedgerError) return { holds: false, code: error.code, message: error.message }
    throw error
  }
}

async function freshExport(context: Context): Promise<string> {
  const time = new Date(context.io.now()).toISOString().replaceAll(':', '').slice(0, 17)
  const folder = join(await context.dataFolder(), 'exports', time)
  const { size } = await exportInto(folder, context, false)
  context.say(`Exported ${size} entries into ${folder}.`)
  return folder
}

function verdictLines(verdict: ExportVerdict, folder: string, ownKey: boolean, { paint }: Context): string[] {
  if (!verdict.holds) {
    return [
      `${paint.red('✗')} ${paint.bold('The ledger does not hold.')} ${verdict.code}: ${verdict.message}`,
      ...pairs(
        [
          ['export', folder],
          ['entries read', String(verdict.entriesRead ?? 0)],
        ],
        paint,
      ),
    ]
  }
  const { origin, size, root } = verdict.head
  const trusted = ownKey ? 'the one that you gave' : 'the one that came with the export: compare it with a copy that you trust'
  return [
    `${paint.green('✓')} ${paint.bold('The ledger holds.')} Verified offline: these are exactly the ${size} entries that the log signed.`,
    ...pairs(
      [
        ['log', origin],
        ['entries', String(size)],
        ['root', Buffer.from(root).toString('base64')],
        ['key', trusted],
        ['export', folder],
      ],
      paint,
    ),
  ]
}

/** `twinlock ledger verify [folder]`. */
export const ledgerVerify: Command = {
  words: ['ledger', 'verify'],
  synopsis: 'ledger verify [folder]',
  summary: 'Verify an export of the ledger, offline; without a folder it makes an export first.',
  flags: [{ name: 'verifier-key', value: '<file>', about: 'The log’s key from somewhere that you trust; the export’s own otherwise.' }],
  async run({ positionals: [given, ...more], values }, context): Promise<ExitCode> {
    if (more.length > 0) throw usage('`twinlock ledger verify` takes one folder.')
    const folder = given === undefined ? await freshExport(context) : resolve(context.io.cwd, given)
    const keyFile = textFlag(values, 'verifier-key')
    const keyLine = read(keyFile === undefined ? join(folder, exportFiles.key) : resolve(context.io.cwd, keyFile))
    const verdict = await verifyFolder(folder, keyLine)
    const lines = verdictLines(verdict, folder, keyFile !== undefined, context)
    if (!verdict.holds)
      throw new CliFailure(exitCodes.proofFails, `${verdict.code}: ${verdict.message}`, {
        next: `Keep ${folder} as evidence, and compare it with earlier exports.`,
      })
    if (context.globals.json)
      context.io.out(`${JSON.stringify({ holds: true, origin: verdict.head.origin, size: verdict.head.size, folder }, null, 2)}\n`)
    else context.io.out(`${lines.join('\n')}\n`)
    return exitCodes.ok
  },
}
