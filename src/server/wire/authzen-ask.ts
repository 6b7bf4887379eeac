// How the Authorization API asks the door: by the name of an action and its input, for whoever sent the request.

/** Asks the door and answers its result. Throws coded failures. */
export type Ask = (action: string, input: unknown) => Promise<unknown>
