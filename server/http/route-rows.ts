import { BULK_ROWS_MAX } from '../../contract/capabilities/facts.ts'
import type { Capability, Rows } from '../../contract/capability.ts'
import type { BulkResult, Problem, RowResult } from '../../contract/entities/page.ts'
import type { Flight } from './context.ts'
import type { IndexedRow, Refused, RowReply } from './handler.ts'
import { SurfaceError, type ProblemBook } from './problems.ts'
import type { AnyHandler } from './route-json.ts'
import { checkerOf, type Checker } from './validation.ts'

export type AnyRowsHandler = (context: Flight, rows: readonly IndexedRow<unknown>[]) => Promise<readonly RowReply[] | Refused>

/** A bulk write as a JSON handler: rows that break the schema are answered here, the others by the capability's handler. */
export function rowsHandlerOf(book: ProblemBook, capability: Capability & { readonly rows: Rows }, handler: AnyRowsHandler): AnyHandler {
  const check = checkerOf(capability.rows.item)
  return async (flight, input) => {
    const body = bodyOf(input)
    const results: RowResult[] = []
    const valid: IndexedRow<unknown>[] = []
    body.forEach((value, index) => {
      if (check.check(value)) valid.push({ index, value })
      else
        results[index] = {
          ...named(index, keyOf(capability.rows, value)),
          status: 'refused',
          problem: rowProblem(book, check, value, index, flight),
        }
    })
    // Under a key also what has no valid row is an input that another one must not be taken for.
    const replies = valid.length === 0 && flight.idempotencyKey === undefined ? [] : await handler(flight, valid)
    if ('status' in replies) return replies
    if (replies.length !== valid.length) throw new Error(`${capability.name} answered ${replies.length} of ${valid.length} rows`)
    valid.forEach((row, i) => {
      const reply = replies[i]
      if (reply !== undefined) results[row.index] = resultOf(book, capability.rows, row, reply, flight)
    })
    return { status: 'done', value: counted(results) }
  }
}

function bodyOf(input: unknown): readonly unknown[] {
  const body: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'body') : undefined
  if (!Array.isArray(body)) {
    throw new SurfaceError(
      'body_invalid',
      { en: 'the body must be an array of rows', zh: '请求体须为行的数组' },
      { pointer: '', expected: 'array', got: body === undefined ? 'nothing' : typeof body },
    )
  }
  if (body.length > BULK_ROWS_MAX) {
    throw new SurfaceError(
      'too_many_rows',
      { en: `one request takes at most ${BULK_ROWS_MAX} rows`, zh: `单次请求最多 ${BULK_ROWS_MAX} 行` },
      { expected: BULK_ROWS_MAX, got: body.length },
    )
  }
  return body
}

function rowProblem(book: ProblemBook, check: Checker, value: unknown, index: number, flight: Flight): Problem {
  const errors = check.explain(value, `/${index}`)
  const first = errors[0]
  return book.build(
    'row_invalid',
    first?.detail ?? { en: 'the row breaks the schema', zh: '该行不符合结构要求' },
    { ...first, errors: errors.length > 1 ? errors : undefined },
    flight.language,
  )
}

const named = (index: number, key: string | undefined) => (key === undefined ? { index } : { index, key })

/** The row's name in the answer, where it has one. */
function keyOf(rows: Rows, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const parts = rows.key.map((field) => Reflect.get(value, field))
  return parts.every((part) => typeof part === 'string') ? parts.join('/').slice(0, 300) : undefined
}

function resultOf(book: ProblemBook, rows: Rows, row: IndexedRow<unknown>, reply: RowReply, flight: Flight): RowResult {
  const name = named(row.index, keyOf(rows, row.value))
  if (reply.status === 'refused') {
    const pointer = `/${row.index}${reply.pointer ?? ''}`
    return { ...name, status: 'refused', problem: book.ofRefusal({ ...reply, pointer }, flight.language) }
  }
  return reply.version === undefined ? { ...name, status: reply.status } : { ...name, status: reply.status, version: reply.version }
}

function counted(results: RowResult[]): BulkResult {
  const counts = { created: 0, updated: 0, unchanged: 0, refused: 0 }
  for (const result of results) counts[result.status] += 1
  return { results, ...counts }
}
