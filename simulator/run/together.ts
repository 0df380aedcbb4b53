const TOGETHER_MAX = 200

type Waiting<T, R> = { readonly one: T; readonly resolve: (answer: R) => void; readonly reject: (error: unknown) => void }

/** Collects what several people tell one door in the same moment and tells it at once; each gets an answer of their own. */
export class Together<T, R> {
  readonly #tell: (all: readonly T[]) => Promise<readonly (() => R)[]>
  #waiting: Waiting<T, R>[] = []

  /** `tell` gives an answer to each, in order: a function that returns it, or throws what stands in its way. */
  constructor(tell: (all: readonly T[]) => Promise<readonly (() => R)[]>) {
    this.#tell = tell
  }

  say(one: T): Promise<R> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send())
      this.#waiting.push({ one, resolve, reject })
    })
  }

  #send(): void {
    const all = this.#waiting
    this.#waiting = []
    for (let i = 0; i < all.length; i += TOGETHER_MAX) void this.#sendSome(all.slice(i, i + TOGETHER_MAX))
  }

  async #sendSome(some: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const answers = await this.#tell(some.map(({ one }) => one))
      some.forEach(({ resolve, reject }, i) => {
        const answer = answers[i]
        if (answer === undefined) reject(new Error(`${some.length} were told, ${answers.length} were answered`))
        else answerWith(answer, resolve, reject)
      })
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
}

function answerWith<R>(answer: () => R, resolve: (value: R) => void, reject: (error: unknown) => void): void {
  try {
    resolve(answer())
  } catch (error) {
    reject(error)
  }
}
