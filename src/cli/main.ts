// The command line. `start` and what keeps its data bring their own world; everything else is a client of the public API. Loaded late, so that each pays for itself
// alone: what were loaded here, a start would load before its database begins.

const interrupted = 130

/** Runs the command line with the arguments after its name, and returns the exit code. `isBundled`: from the bundle, and not from the sources. */
export async function main(args: readonly string[], isBundled = false): Promise<number> {
  if (args[0] === 'start') {
    const { start } = await import('./start.ts')
    return start(args.slice(1), isBundled)
  }
  const [verb = '', ...rest] = args
  if (['status', 'stop', 'backup', 'restore'].includes(verb)) {
    const { maintain } = await import('./start/maintain.ts')
    return maintain(verb, rest)
  }
  process.once('SIGINT', () => process.exit(interrupted))
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  const [{ runCommand }, { catalogue }, { processIo }] = await Promise.all([
    import('./run-command.ts'),
    import('../app/index.ts'),
    import('./io.ts'),
  ])
  return runCommand(args, processIo(), catalogue)
}
