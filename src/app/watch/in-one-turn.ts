// Asking once for all who ask the same in one turn of the event loop. What makes two questions the same is for whoever asks to say.
// INVARIANT: nothing is asked before the turn is over, so whoever is answered asked before it was decided.

/** Asks for those who ask the same in one turn, once. */
export class InOneTurn<T> {
  readonly #asked = new Map<string, Promise<T>>()
  #turn: Promise<void> | undefined

  /** Answers what `question` comes to, when this turn is over. */
  ask(key: string, question: () => Promise<T>): Promise<T> {
    this.#turn ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#turn = undefined
      this.#asked.clear()
    })
    const asked = this.#asked.get(key) ?? this.#turn.then(question)
    this.#asked.set(key, asked)
    return asked
  }
}
