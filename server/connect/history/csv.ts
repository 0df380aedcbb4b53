import { createReadStream } from 'node:fs'
import { Fault } from '../../kernel/fault.ts'

/** Longest record, characters; a quote that is never closed ends here instead of filling memory. */
const RECORD_MAX = 1 << 20
const QUOTE = 34
const COMMA = 44
const CR = 13
const LF = 10

export type CsvRecord = { readonly cells: readonly string[]; readonly line: number }

/**
 * Comma-separated values after RFC 4180, as they arrive: quotes, doubled quotes, line breaks within quotes, LF, CRLF or CR, a byte
 * order mark. Text after a closing quote is kept as it stands. Fault `import_unreadable` for a quote that is never closed.
 */
export class CsvParser {
  private rest = ''
  private line = 1
  private isFirst = true

  /** The records that are whole by now. */
  push(text: string): CsvRecord[] {
    return this.take(this.isFirst ? text.replace(/^\uFEFF/, '') : text, false)
  }

  /** The last record, which needs no line break. */
  end(): CsvRecord[] {
    return this.take('', true)
  }

  private take(more: string, isEnd: boolean): CsvRecord[] {
    if (more.length > 0) this.isFirst = false
    const text = this.rest + more
    const records: CsvRecord[] = []
    let from = 0
    while (from < text.length) {
      const cells: string[] = []
      const next = readRecord(text, from, isEnd, cells)
      if (next === undefined) break
      records.push({ cells, line: this.line })
      this.line += breaksIn(text, from, next)
      from = next
    }
    this.rest = text.slice(from)
    if (this.rest.length > RECORD_MAX || (isEnd && this.rest.length > 0))
      throw new Fault('import_unreadable', `the record that begins on line ${this.line} has no end: is a quote missing?`, 'never')
    return records
  }
}

/** Reads one record into `cells`; where the next one begins, or undefined when this one is not whole yet. */
function readRecord(text: string, from: number, isEnd: boolean, cells: string[]): number | undefined {
  let i = from
  for (;;) {
    let cell = ''
    if (text.charCodeAt(i) === QUOTE) {
      const close = closingQuote(text, i + 1)
      if (close === undefined || (close + 1 === text.length && !isEnd)) return undefined
      cell = text.slice(i + 1, close).replaceAll('""', '"')
      i = close + 1
    }
    const start = i
    let code = text.charCodeAt(i)
    while (i < text.length && code !== COMMA && code !== LF && code !== CR) code = text.charCodeAt(++i)
    cells.push(start === i ? cell : cell + text.slice(start, i))
    if (i === text.length) return isEnd ? i : undefined
    if (code === LF) return i + 1
    if (code === CR) return i + 1 === text.length && !isEnd ? undefined : i + (text.charCodeAt(i + 1) === LF ? 2 : 1)
    i += 1
  }
}

function closingQuote(text: string, from: number): number | undefined {
  for (let i = text.indexOf('"', from); i >= 0; i = text.indexOf('"', i + 2)) if (text.charCodeAt(i + 1) !== QUOTE) return i
  return undefined
}

function breaksIn(text: string, from: number, to: number): number {
  let breaks = 0
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code === LF || (code === CR && text.charCodeAt(i + 1) !== LF)) breaks += 1
  }
  return breaks
}

/** The records of a file in UTF-8, a list for each piece that was read; the bytes go to `onBytes` as well. */
export async function* readCsv(path: string, onBytes?: (bytes: Buffer) => void): AsyncGenerator<CsvRecord[]> {
  const parser = new CsvParser()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const bytes of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    onBytes?.(bytes)
    yield parser.push(decoder.decode(bytes, { stream: true }))
  }
  yield parser.push(decoder.decode())
  yield parser.end()
}
