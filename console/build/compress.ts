// Compressed copies beside the assets, so that the server sends them without compressing anything itself.
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const [toBrotli, toGzip] = [promisify(brotliCompress), promisify(gzip)]
const isText = (name: string): boolean => /\.(js|css|svg|html|json)$/.test(name)

async function compressOne(path: string): Promise<void> {
  const content = await readFile(path)
  const [small, smaller] = await Promise.all([
    toGzip(content, { level: 9 }),
    toBrotli(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  ])
  await Promise.all([writeFile(`${path}.gz`, small), writeFile(`${path}.br`, smaller)])
}

/** Writes `.br` and `.gz` beside every text file below the folder. */
export async function compress(folder: string): Promise<void> {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && isText(entry.name))
  await Promise.all(files.map((entry) => compressOne(join(entry.parentPath, entry.name))))
}
