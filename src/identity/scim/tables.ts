// The tables of directories. An attacker who can read here learns what a directory says of people, and no token; one who can write here changes what the
// directory is shown and what drift is found, and nobody's access: that stands in `person`, `group_member` and grants.
import type { ColumnType, Generated } from 'kysely'
import type { Doc } from './document.ts'
import type { Attributes } from './mapped-attributes.ts'

/** One connection of an identity provider. */
export interface DirectoryTable {
  org_id: string
  id: string
  slug: string
  name: string
  owner_id: string
  adopts: boolean
  /** Proposed until an administrator accepts what an admin link set up: its token may look, and say nothing. */
  state: 'proposed' | 'active' | 'retired'
  created_at: Date
}

/** A bearer token of a directory; `ends_at` is null for the one that is in force. */
export interface DirectoryTokenTable {
  org_id: string
  hash: string
  directory_id: string
  /** The person who was shown it; null where it was shown to whoever held an admin link. */
  made_by: string | null
  created_at: Date
  ends_at: Date | null
}

/** A user as its directory last said; `person_id` is the person that it is here. */
export interface DirectoryUserTable {
  org_id: string
  person_id: string
  directory_id: string
  external_id: string | null
  user_name_key: string
  active: boolean
  doc: ColumnType<Doc, string, string>
  /** Of that, what mappings may ask for, as it is compared. */
  said: ColumnType<Attributes, string, string>
  version: number
  created_at: Date
  updated_at: Date
}

/** An address of a user, in lower case. */
export interface DirectoryAddressTable {
  org_id: string
  person_id: string
  address: string
}

/** A group as its directory last said, without its members. */
export interface DirectoryGroupTable {
  org_id: string
  group_id: string
  directory_id: string
  external_id: string | null
  display_key: string
  /** What was put in, at one time or another, since its members were counted last. */
  members_at_most: Generated<number>
  doc: ColumnType<Doc, string, string>
  version: number
  created_at: Date
  updated_at: Date
}

/** That the directory said somebody, or a group, is in a group. */
export interface DirectoryMemberTable {
  org_id: string
  group_id: string
  member_id: string
}

/** What a directory asked for. `changed` holds names of attributes; `code` is null when it was done. */
export interface DirectoryDeliveryTable {
  org_id: string
  id: string
  directory_id: string
  at: Date
  operation: string
  resource_id: string | null
  changed: string[]
  code: string | null
  entry_id: string
}

/** A person whom a directory removed. */
export interface DirectoryFormerTable {
  org_id: string
  person_id: string
  directory_id: string
}
