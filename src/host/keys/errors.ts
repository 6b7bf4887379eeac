// The coded failures of key files. They stop the server and are read by the person who started it, so each says what happened and what to do.
// A message names files and users, never key bytes.

/** Why the key-encryption keys cannot be used. */
export type KeyFileErrorCode =
  | 'key_folder_unusable' // the folder cannot be made or read
  | 'key_folder_link' // the folder is a symbolic link, or no folder
  | 'key_folder_not_ours' // the folder belongs to somebody else
  | 'key_folder_open' // others can list or enter the folder
  | 'key_missing' // a key file is not there, and sealed data may exist that needs it
  | 'key_file_link' // a key file is a symbolic link, or no regular file
  | 'key_file_not_ours' // a key file belongs to somebody else
  | 'key_file_open' // others can read or write a key file
  | 'key_file_length' // a key file does not hold 32 bytes
  | 'key_file_unusable' // a key file cannot be read or written
  | 'key_shared' // two sides have the same key
  | 'key_foreign' // the keys are not those that sealed what the database holds
  | 'key_rotation_unfinished' // the key before the last rotation still seals something

/** A failure of the key folder or of a key file, with a code to look up and a message to act on. */
export class KeyFileError extends Error {
  readonly code: KeyFileErrorCode

  constructor(code: KeyFileErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KeyFileError'
    this.code = code
  }
}
