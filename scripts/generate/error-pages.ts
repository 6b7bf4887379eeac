// One page for each failure code, from the same table that the server answers from.
import type { ErrorCode } from '../../src/kernel/index.ts'
import { errorCodes, explanationOf, statusOf } from '../../src/server/index.ts'

function page(code: ErrorCode): string {
  const { status, title } = statusOf[code]
  const { means, next } = explanationOf[code]
  return `# ${code}\n\n**${title}** (HTTP ${status})\n\n${means}\n\nNext: ${next}\n`
}

function index(): string {
  const rows = errorCodes.map((code) => `| [\`${code}\`](${code}.md) | ${statusOf[code].status} | ${statusOf[code].title} |`)
  return `# Failure codes\n\nEvery problem (RFC 9457) carries one of these as \`code\`. Generated: \`npm run generate\`.\n\n| code | HTTP | |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}

/** The pages by their paths below a folder. */
export function errorPages(folder: string): Record<string, () => string> {
  return { [`${folder}/README.md`]: index, ...Object.fromEntries(errorCodes.map((code) => [`${folder}/${code}.md`, () => page(code)])) }
}
