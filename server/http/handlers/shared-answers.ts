/** Answers that many callers share for a moment: each is made at most once in `keptMs`, and so many are kept. */
export class SharedAnswers<T> {
  private readonly kept = new Map<string, { readonly madeAt: number; readonly answer: Promise<T> }>()
  private readonly keptMs: number
  private readonly countMax: number

  constructor(keptMs: number, countMax: number) {
    this.keptMs = keptMs
    this.countMax = countMax
  }

  /** The answer of this key, or a new one. One that failed is nobody's answer but of those who wait for it. */
  of(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.kept.get(key)
    const madeAt = performance.now()
    if (known !== undefined && madeAt - known.madeAt < this.keptMs) return known.answer
    const answer = make()
    answer.catch(() => this.kept.delete(key))
    this.kept.delete(key)
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < this.countMax) break
      this.kept.delete(oldest)
    }
    this.kept.set(key, { madeAt, answer })
    return answer
  }
}
