/** Keys that follow each other faster than this were not typed by a hand. */
const MACHINE_MS = 50
const CODE_MIN = 3
const CODE_MAX = 128

export type Pressed = { readonly isMachine: boolean; readonly code?: string }

/**
 * Tells a scanner that types (a keyboard wedge) from a person: its keys come within milliseconds and end with Enter. Modes: empty →
 * collecting → empty. A gap empties it, so that what a person types is never taken for a code.
 */
export class WedgeReader {
  #typed = ''
  #lastAt = Number.NEGATIVE_INFINITY

  press(key: string, atMs: number): Pressed {
    const isFast = atMs - this.#lastAt <= MACHINE_MS
    this.#lastAt = atMs
    if (!isFast) this.#typed = ''
    if (key === 'Enter') {
      const code = this.#typed
      this.#typed = ''
      return code.length >= CODE_MIN ? { isMachine: true, code } : { isMachine: false }
    }
    // Shift and its like come between the characters of a code and are none of it.
    if (key.length === 1 && this.#typed.length < CODE_MAX) this.#typed += key
    return { isMachine: isFast && this.#typed.length > 1 }
  }
}
