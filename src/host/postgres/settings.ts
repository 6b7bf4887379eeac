// The settings of the embedded PostgreSQL, given on its command line so that no edited file in the cluster can widen them. Their digest goes into
// `cluster_name`: a leftover postmaster that runs with other settings or another version is recognised and replaced.
import { createHash } from 'node:crypto'
import { SOCKET_PORT } from './socket-folder.ts'

/** One PostgreSQL setting by name. */
export type Settings = Readonly<Record<string, string>>

const CAPACITY: Settings = {
  max_connections: '60',
  shared_buffers: '64MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  min_wal_size: '80MB',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  // Plans that were made on empty tables are bad ones: a first directory, or a first run, fills them within a minute.
  autovacuum_naptime: '15s',
  jit: 'off',
}

// Statements, parameters and key values are governed content: they stay out of the log, which is kept with less care than the tables.
const LOGGING: Settings = {
  logging_collector: 'off',
  log_destination: 'stderr',
  log_line_prefix: '%m [%p] %u@%d ',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
}

const ACCESS = (socketFolder: string): Settings => ({
  listen_addresses: '',
  port: String(SOCKET_PORT),
  // A list separated by commas, each name in double quotes, because a path may hold spaces and commas.
  unix_socket_directories: `"${socketFolder.replaceAll('"', '""')}"`,
  unix_socket_permissions: '0700',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  // A client that went away must not hold its locks until the kernel notices.
  client_connection_check_interval: '10s',
})

/** All settings for a socket folder, with `extra` ones last, and the `cluster_name` that identifies them. */
export const settingsFor = (socketFolder: string, version: string, extra: Settings = {}): Settings => {
  const settings = { ...CAPACITY, ...LOGGING, ...ACCESS(socketFolder), ...extra }
  const digest = createHash('sha256')
    .update(JSON.stringify([version, settings]))
    .digest('hex')
    .slice(0, 16)
  return { ...settings, cluster_name: `twinlock ${digest}` }
}

/** The settings as command-line arguments of `postgres`. */
export const settingsArguments = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
