// The coded failures of the host's own ground: the data folder and the database. They are read by the person who started the server,
// so each message says what happened, why, and what to do. A message never holds a password.

/** Why the data folder or the database could not be used. */
export type HostErrorCode =
  | 'platform_unsupported'
  | 'database_user_missing'
  | 'database_user_refused'
  | 'data_folder_unreachable'
  | 'data_folder_not_ours'
  | 'data_folder_open'
  | 'keys_inside_data'
  | 'keys_folder_open'
  | 'binaries_missing'
  | 'binaries_unusable'
  | 'socket_folder_unavailable'
  | 'already_running'
  | 'password_file_missing'
  | 'password_file_open'
  | 'password_file_invalid'
  | 'password_refused'
  | 'cluster_version'
  | 'cluster_creation_failed'
  | 'database_start_failed'
  | 'database_start_timeout'
  | 'database_stop_failed'
  | 'database_url_invalid'
  | 'database_unreachable'
  | 'database_too_old'
  | 'database_being_migrated'
  | 'database_in_use'
  | 'backup_unusable'
  | 'database_owner_insufficient'
  | 'database_role_unsafe'
  | 'test_database_invalid'

/** A failure of the data folder or the database that stops the server, with a code to look up and a message to act on. */
export class HostError extends Error {
  readonly code: HostErrorCode

  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HostError'
    this.code = code
  }
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`, …), or `undefined` for anything else that was thrown. */
export const systemErrorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

/** The message of whatever was thrown. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
