// The door of the run's channel: frames, messages and limits between a cell and its supervisor.
export * from './bounded-json.ts'
export * from './child-messages.ts'
export * from './codec.ts'
export * from './frames.ts'
export * from './limits.ts'
export * from './request-window.ts'
export * from './supervisor-messages.ts'
export * from './supervisor-side.ts'
