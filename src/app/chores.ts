// What the parts that work on their own look after, and where there is some of it: the store says that of all organizations at once, so that one in which
// nothing happens costs nothing, however many there are.

/** What may wait in an organization; those that come with time are asked for with the time. */
export type Chore = 'entries' | 'runs' | 'crossings' | 'lapses' | 'requests' | 'archives' | 'deletions' | 'logs' | 'proofs'
