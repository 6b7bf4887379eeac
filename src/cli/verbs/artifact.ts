// Artifacts for people: what is in one, why it is as sensitive as it is; and the pull of a channel, whose files are written only when every digest holds.

import { createHash } from 'node:crypto'
import { join, relative, resolve } from 'node:path'
import type { z } from 'zod'
import { textFlag, type VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import { bytesText, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs } from '../print/table.ts'
import { keyForChannel } from '../sign-in/workload-key.ts'
import { artifactAnswer, contentAnswer, type fileAnswer, pullAnswer } from './answers.ts'
import { type FileToWrite, writeFile, writeFiles } from './write-files.ts'

const fileRow = (file: z.output<typeof fileAnswer>): string[] => [
  `  ${safe(file.name)}`,
  safe(file.mediaType),
  bytesText(file.bytes),
  safe(file.digest),
]

/** An artifact: digest, files, sensitivity with its reasons, findings. */
export const artifactShow: VerbExtra = {
  lines(answer, { paint }) {
    const one = artifactAnswer.parse(answer)
    const findings =
      one.findings.length === 0
        ? paint.green('a scan found no secret in it')
        : paint.red(`a scan found ${one.findings.length} secrets in it`)
    return [
      `${paint.bold('Artifact')} ${safe(one.id)}  ${one.state === 'promoted' ? paint.green(one.state) : paint.yellow(safe(one.state))}`,
      `  ${paint.bold(safe(one.digest))}`,
      ...pairs(
        [
          ['run', safe(one.run)],
          ['twin', safe(one.twin)],
          ['sealed', momentText(one.sealedAt)],
          ['findings', findings],
        ],
        paint,
      ),
      '',
      `${paint.bold('Sensitivity')} ${safe(one.sensitivity)}`,
      ...aligned(one.sensitivityBecause.map(({ of, name, sensitivity }) => [`  ${safe(of)} ${safe(name)}`, safe(sensitivity)])),
      '',
      paint.bold('Files'),
      ...aligned(one.files.map(fileRow)),
      '',
      paint.bold('Attestations'),
      ...one.attestations.map(({ predicateType }) => `  ${safe(predicateType)}`),
    ]
  },
  next: (answer) => [`How it came to be: twinlock trace ${safe(String(answer.id))}`],
}

function checked(files: readonly z.output<typeof contentAnswer>[]): FileToWrite[] {
  return files.map(({ name, digest, bytes, content }) => {
    const read = Buffer.from(content, 'base64')
    const found = `sha256:${createHash('sha256').update(read).digest('hex')}`
    if (found !== digest || read.length !== bytes) {
      throw new CliFailure(
        exitCodes.proofFails,
        `\`${safe(name)}\` is not what its digest says: ${safe(digest)} was promised, ${found} came. Nothing was written.`,
        { next: 'Pull it again; if it stays, look into who changed it.' },
      )
    }
    return { name, bytes: read }
  })
}

async function asService(channel: string, context: Context): Promise<Context['api']> {
  if (context.globals.key !== undefined || context.globals.as !== undefined || context.io.env.TWINLOCK_TOKEN !== undefined)
    return context.api
  const folder = await context.dataFolder()
  const key = keyForChannel(context.io, folder, channel)
  if (key === undefined)
    throw new CliFailure(exitCodes.signInFirst, `No key file in ${join(folder, 'workloads')} says that its service pulls \`${channel}\`.`, {
      next: 'Give the service’s key file with --key <file>.',
    })
  context.say(`As ${key.spiffeId}`)
  return context.apiOf(key)
}

/** Fetches what a channel points at and writes it beside the caller. */
export const artifactPull: VerbExtra = {
  flags: [
    { name: 'out', value: '<folder>', about: 'Where to write; ./<channel> otherwise.' },
    { name: 'force', about: 'Overwrite what is there.' },
  ],
  notes: [
    'Acts as the service whose key file in the data folder names the channel, or with --key. Files are written only when every digest holds.',
  ],
  async perform(input, values, context) {
    const channel = String(input.channel)
    const api = await asService(channel, context)
    const { files, ...pulled } = pullAnswer.parse(await api.call('artifact:pull', input))
    const ready = checked(files)
    const attestations = { name: '.twinlock/attestations.json', bytes: Buffer.from(`${JSON.stringify(pulled.attestations, null, 2)}\n`) }
    const out = resolve(context.io.cwd, textFlag(values, 'out') ?? channel)
    writeFiles(out, [...ready, attestations], values.force === true)
    return { channel, ...pulled, out, files: files.map(({ content: _, ...file }) => file) }
  },
  lines(answer, { paint, io }) {
    const pulled = pullAnswer.omit({ files: true }).parse(answer)
    const files = answer.files as z.output<typeof fileAnswer>[] // made by `perform` from a parsed answer
    return [
      `${paint.bold('Pulled')} ${safe(String(answer.channel))} into ${relative(io.cwd, String(answer.out)) || '.'}: ${files.length} files, every digest holds`,
      `  ${paint.bold(safe(pulled.digest))}`,
      ...pairs(
        [
          ['artifact', safe(pulled.artifact)],
          ['promotion', safe(pulled.promotion)],
        ],
        paint,
      ),
      '',
      ...aligned(files.map(fileRow)),
    ]
  },
  next: (answer) => [`How it came here: twinlock trace ${safe(String(answer.artifact))}`],
}

/** The text that bytes are, or nothing for what is not plain text: a terminal would take other bytes for commands. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return /[^\P{Cc}\t\r\n]/u.test(text) ? undefined : text
  } catch {
    return undefined // not UTF-8
  }
}

/** Reads one file of an artifact: a text as text; anything else into a file. */
export const artifactRead: VerbExtra = {
  flags: [
    { name: 'out', value: '<file>', about: 'Write the bytes there, whole or not at all.' },
    { name: 'force', about: 'Overwrite what is there.' },
  ],
  notes: ['A text is printed as text. What is not text is never printed: write it with --out.'],
  async perform(input, values, context) {
    const file = contentAnswer.parse(await context.api.call('artifact:read', input))
    const [read] = checked([file])
    const out = textFlag(values, 'out')
    if (out === undefined || read === undefined) return file
    const path = resolve(context.io.cwd, out)
    writeFile(path, read.bytes, values.force === true)
    const { content: _, ...about } = file
    return { ...about, out: path }
  },
  lines(answer, { paint, io }) {
    if (typeof answer.out === 'string')
      return [
        `Wrote ${bytesText(Number(answer.bytes))} to ${relative(io.cwd, answer.out)}; the digest holds.`,
        `  ${safe(String(answer.digest))}`,
      ]
    const file = contentAnswer.parse(answer)
    const text = textIn(Buffer.from(file.content, 'base64'))
    // A pipe gets the text as it is; a terminal gets it without anything that it would take for a command.
    if (text !== undefined)
      return io.outIsTerminal
        ? text
            .replace(/\r?\n$/, '')
            .split(/\r?\n/)
            .map(safe)
        : [text.replace(/\n$/, '')]
    return [...aligned([fileRow(file)]), paint.dim('It is not text, and is not printed: write it with --out <file>.')]
  },
}
