// The kernel's door: words that all rooms speak. It knows no room.
export * from './action.ts'
export * from './bytes.ts'
export * from './canonical.ts'
export * from './errors.ts'
export * from './ids.ts'
export * from './ports.ts'
export * from './principal.ts'
export * from './vocabulary.ts'
