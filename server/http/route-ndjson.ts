import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Capability } from '../../contract/capability.ts'
import type { Problem } from '../../contract/entities/page.ts'
import type { Refusal } from '../kernel/outcome.ts'
import type { Flight } from './context.ts'
import { drained } from './drained.ts'
import type { IndexedRow } from './handler.ts'
import { parseJson } from './json.ts'
import { LineReader, type RawLine } from './line-reader.ts'
import { SurfaceError } from './problems.ts'
import type { Surface } from './surface.ts'
import { checkerOf, type Checker } from './validation.ts'

export type AnyLinesHandler = (context: Flight, lines: readonly IndexedRow<unknown>[]) => Promise<readonly (object | Refusal)[]>

/**
 * NDJSON in, NDJSON out, both streaming, one answer line for each input line in input order.
 * Three parties: the reader cuts lines into batches and waits while `linesInFlightMax` are unanswered; each batch is handled at once;
 * the writer sends finished batches in order and waits for a slow client, which fills the window and so slows the reader.
 */
export function ndjsonRouteOf(surface: Surface, capability: Capability, handler: AnyLinesHandler) {
  if (capability.body === undefined) throw new Error(`${capability.name} streams lines but has no schema for one`)
  const checker = checkerOf(capability.body)
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const flight = request.flight
    if (flight === undefined) throw new Error('a route without its gate')
    reply.hijack()
    const bulk = new BulkExchange(surface, flight, checker, handler, request.raw, reply.raw)
    bulk.run().catch((error: unknown) => {
      const { log } = surface.deps
      if (isParting(error)) log.info({ traceId: flight.traceId, reason: error.message }, 'bulk intake ended early')
      else log.warn({ traceId: flight.traceId, error }, 'bulk intake ended early')
      // A body cut short tells the client that answers are missing; a well-formed end would hide it.
      reply.raw.destroy()
    })
  }
}

/** One of the two has gone: no failure of the hub, and nothing that a trace would tell. */
class Parting extends Error {}
const isParting = (error: unknown): error is Error =>
  error instanceof Parting || (error instanceof Error && 'code' in error && error.code === 'ECONNRESET')

type Batch = { readonly size: number; readonly answers: Promise<string> }

class BulkExchange {
  readonly #surface: Surface
  readonly #flight: Flight
  readonly #checker: Checker
  readonly #handler: AnyLinesHandler
  readonly #input: IncomingMessage
  readonly #output: ServerResponse
  readonly #queue: Batch[] = []
  #lines = 0
  #inFlight = 0
  #readAll = false
  #failure: unknown
  #stopped = false

  constructor(
    surface: Surface,
    flight: Flight,
    checker: Checker,
    handler: AnyLinesHandler,
    input: IncomingMessage,
    output: ServerResponse,
  ) {
    this.#surface = surface
    this.#flight = flight
    this.#checker = checker
    this.#handler = handler
    this.#input = input
    this.#output = output
  }

  async run(): Promise<void> {
    this.#output.writeHead(200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      traceresponse: this.#flight.traceparent,
    })
    this.#output.flushHeaders()
    this.#input.setTimeout(this.#surface.limits.idleMsMax, () => this.#input.destroy(new Error('the sender went silent')))
    const stop = (): void => this.#finishReading(new Parting('the hub is stopping'))
    this.#surface.onDrain.add(stop)
    try {
      this.#read().then(
        () => this.#finishReading(),
        (error: unknown) => this.#finishReading(error),
      )
      await this.#write()
    } finally {
      this.#surface.onDrain.delete(stop)
    }
    if (this.#failure !== undefined) throw this.#failure
    this.#output.end()
  }

  /** What was read is still answered; with a failure the answer then breaks off. */
  #finishReading(failure?: unknown): void {
    if (!this.#readAll) this.#failure = failure
    this.#readAll = true
    this.#notify()
  }

  async #read(): Promise<void> {
    const reader = new LineReader(this.#surface.limits.lineBytesMax)
    for await (const chunk of this.#input) {
      await this.#accept(reader.push(chunk))
      if (this.#readAll) return
    }
    await this.#accept(reader.end())
  }

  async #accept(lines: readonly RawLine[]): Promise<void> {
    const { linesPerBatchMax, linesInFlightMax } = this.#surface.limits
    for (let from = 0; from < lines.length; from += linesPerBatchMax) {
      const part = lines.slice(from, from + linesPerBatchMax)
      while (this.#inFlight + part.length > linesInFlightMax && this.#inFlight > 0 && !this.#stopped) await this.#changed()
      if (this.#stopped || this.#readAll) return
      const first = this.#lines
      this.#lines += part.length
      this.#inFlight += part.length
      const answers = this.#answer(part, first)
      // When the writer is gone nobody awaits it; the failure was already told by the writer.
      answers.catch(() => undefined)
      this.#queue.push({ size: part.length, answers })
      this.#notify()
    }
  }

  async #write(): Promise<void> {
    try {
      await this.#writeAll()
    } finally {
      this.#stopped = true
      this.#notify()
    }
  }

  async #writeAll(): Promise<void> {
    while (true) {
      const batch = this.#queue.shift()
      if (batch === undefined) {
        if (this.#readAll) return await drained(this.#output)
        await this.#changed()
        continue
      }
      const text = await batch.answers
      if (this.#output.destroyed) throw new Parting('the client went away')
      if (!this.#output.write(text)) await drained(this.#output)
      this.#inFlight -= batch.size
      this.#notify()
    }
  }

  /** Reader and writer each wait for the other; both look again whenever anything moved. */
  readonly #waiting: (() => void)[] = []
  #changed(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
  #notify(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  async #answer(lines: readonly RawLine[], first: number): Promise<string> {
    const answers: string[] = []
    const valid: IndexedRow<unknown>[] = []
    lines.forEach((line, i) => {
      const index = first + i
      const read = this.#valueOf(line)
      if ('problem' in read) answers[i] = refusedLine(index, read.problem)
      else valid.push({ index, value: read.value })
    })
    if (valid.length > 0) await this.#handle(valid, first, answers)
    return `${answers.join('\n')}\n`
  }

  async #handle(valid: readonly IndexedRow<unknown>[], first: number, answers: string[]): Promise<void> {
    const { book, deps } = this.#surface
    const { language, traceId } = this.#flight
    try {
      const replies = await this.#handler(this.#flight, valid)
      if (replies.length !== valid.length) throw new Error(`${replies.length} answers for ${valid.length} lines`)
      valid.forEach((line, i) => {
        const reply = replies[i]
        if (reply === undefined) return
        answers[line.index - first] = isRefusal(reply)
          ? refusedLine(line.index, book.ofRefusal(reply, language))
          : JSON.stringify({ index: line.index, ...reply })
      })
    } catch (error) {
      deps.log.error({ traceId, error }, 'bulk batch failed')
      const { problem } = book.ofThrown(error, language, traceId)
      for (const line of valid) answers[line.index - first] = refusedLine(line.index, problem)
    }
  }

  #valueOf(line: RawLine): { readonly value: unknown } | { readonly problem: Problem } {
    const { book, limits } = this.#surface
    const { language } = this.#flight
    if (line.kind === 'tooLong') {
      const more = { expected: limits.lineBytesMax, got: line.bytes }
      return {
        problem: book.build(
          'line_too_long',
          { en: `a line may have at most ${limits.lineBytesMax} bytes`, zh: `单行最多 ${limits.lineBytesMax} 字节` },
          more,
          language,
        ),
      }
    }
    if (line.kind === 'notUtf8')
      return { problem: book.build('json_invalid', { en: 'the line is not UTF-8', zh: '该行不是 UTF-8 编码' }, {}, language) }
    try {
      const value = parseJson(line.text)
      if (this.#checker.check(value)) return { value }
      const errors = this.#checker.explain(value)
      const more = { ...errors[0], errors: errors.length > 1 ? errors : undefined }
      return {
        problem: book.build(
          'row_invalid',
          errors[0]?.detail ?? { en: 'the line breaks the schema', zh: '该行不符合结构要求' },
          more,
          language,
        ),
      }
    } catch (error) {
      if (!(error instanceof SurfaceError)) throw error
      return { problem: book.build(error.code, error.detail, error.more, language) }
    }
  }
}

const isRefusal = (reply: object): reply is Refusal => 'status' in reply && reply.status === 'refused' && 'code' in reply
const refusedLine = (index: number, problem: Problem): string => JSON.stringify({ index, status: 'refused', problem })
