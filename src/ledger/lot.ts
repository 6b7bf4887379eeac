// Lots: entries that one transaction left together, in the order of their ids, and that are numbered together. The store makes them; see the migrations.

/** The most entries of a lot. */
export const LOT_MAX = 128
