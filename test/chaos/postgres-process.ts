// An embedded PostgreSQL on a small disk of its own: started by `unshare --mount`, this process mounts a tmpfs that nobody else sees, starts the database
// in it and tells where it listens. The disk and everything on it end with this process.
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../src/host/postgres/start-postgres.ts'

const [folder = '', megabytes = ''] = process.argv.slice(2)

async function begin(): Promise<void> {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=711`, 'none', folder])
  const settings = { fsync: 'off', max_wal_size: '32MB', min_wal_size: '32MB' }
  const postgres = await startPostgres({ dataFolder: { postgres: join(folder, 'postgres') }, log: () => undefined, settings })
  const filler = join(folder, 'filler')
  process.on('message', (message) => {
    if (message === 'fill') {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, Buffer.alloc(bavail * bsize))
    } else if (existsSync(filler)) rmSync(filler)
    process.send?.('done')
  })
  process.on('disconnect', () => {
    postgres.stop().finally(() => process.exit(0))
  })
  process.send?.(postgres.connection)
}

await begin()
