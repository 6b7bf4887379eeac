// What can go wrong with what a directory asks for; the server's map to HTTP does not compile without each of them.

/** Failure codes of directories. */
export type DirectoryErrorCode =
  | 'filter_refused' // a filter that cannot be read, or asks for more than a filter may (`invalidFilter`)
  | 'attribute_unknown' // a path that leads to no attribute (`invalidPath`)
  | 'no_target' // nothing is where a change should happen (`noTarget`)
  | 'read_only' // the attribute is not the directory's to change (`mutability`)
  | 'value_refused' // a value that the attribute cannot hold (`invalidValue`)
  | 'claimed' // somebody or something has this name already (`uniqueness`)
  | 'etag_moved' // the resource is not the version that the change was meant for
  | 'last_administrator' // nobody could manage the organization any more

declare module '../../kernel/errors.ts' {
  interface ErrorCodes {
    directories: DirectoryErrorCode
  }
}
