import { isUtf8 } from 'node:buffer'

/** One line of an NDJSON body, or why it cannot be one. */
export type RawLine =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tooLong'; readonly bytes: number }
  | { readonly kind: 'notUtf8' }

const NEWLINE = 10

/**
 * Cuts chunks of bytes into lines of at most `bytesMax`. A longer line is skipped to its end without being kept;
 * blank lines count as no line. Newline bytes never occur inside a UTF-8 character, so chunks may end anywhere.
 */
export class LineReader {
  readonly #bytesMax: number
  #kept: Buffer[] = []
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** The lines that this chunk completes. */
  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = []
    let from = 0
    let to = chunk.indexOf(NEWLINE)
    while (to !== -1) {
      this.#keep(chunk.subarray(from, to))
      this.#take(lines)
      from = to + 1
      to = chunk.indexOf(NEWLINE, from)
    }
    // A copy, so that a short rest does not hold its whole chunk in memory.
    if (from < chunk.length) this.#keep(Buffer.from(chunk.subarray(from)))
    return lines
  }

  /** The last line, where the body does not end with a newline. */
  end(): RawLine[] {
    const lines: RawLine[] = []
    this.#take(lines)
    return lines
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > this.#bytesMax) this.#kept = []
    else if (part.length > 0) this.#kept.push(part)
  }

  #take(lines: RawLine[]): void {
    const bytes = this.#bytes
    const kept = this.#kept
    this.#bytes = 0
    this.#kept = []
    if (bytes === 0) return
    if (bytes > this.#bytesMax) {
      lines.push({ kind: 'tooLong', bytes })
      return
    }
    const line = kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept)
    if (!isUtf8(line)) lines.push({ kind: 'notUtf8' })
    else {
      const text = line.toString('utf8')
      if (text.trim() !== '') lines.push({ kind: 'text', text })
    }
  }
}
