import { Type, type Static, type TSchema } from 'typebox'
import { closed, Version } from './basics.ts'

/** Opaque position in a list; given back as `cursor` it continues after the last row. */
export const Cursor = Type.String({ minLength: 1, maxLength: 512, pattern: '^[A-Za-z0-9_.~:-]+$' })

/** Keyset paging: rows that come or go between two calls never shift the others. */
export const pageQuery = (limitMax: number) => ({
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: limitMax, default: 50 })),
})

/** `next` is left out on the last page. */
export const pageOf = <const S extends TSchema>(item: S) => Type.Object({ items: Type.Array(item), next: Type.Optional(Cursor) })

const Detail = Type.String({ description: 'How it failed, in the language of Accept-Language. 具体原因，语言依 Accept-Language。' })

/** RFC 9457 problem details with the hub's own members. */
export const ProblemItem = Type.Object({
  pointer: Type.Optional(Type.String()),
  detail: Detail,
  expected: Type.Optional(Type.Unknown()),
  got: Type.Optional(Type.Unknown()),
})
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  /** Names the rule that failed; docs/reference/errors.md lists them all. */
  code: Type.String(),
  /** What the rule asks, as the catalogue has it. */
  rule: Type.Optional(Type.String()),
  /** How it failed here, in the reader's language as `title` and `rule` are. */
  detail: Detail,
  pointer: Type.Optional(Type.String()),
  expected: Type.Optional(Type.Unknown()),
  got: Type.Optional(Type.Unknown()),
  errors: Type.Optional(Type.Array(ProblemItem)),
  traceId: Type.Optional(Type.String()),
})

/** What happened to one row of a bulk write. */
export const RowResult = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  key: Type.Optional(Type.String()),
  status: Type.Union([Type.Literal('created'), Type.Literal('updated'), Type.Literal('unchanged'), Type.Literal('refused')]),
  version: Type.Optional(Version),
  problem: Type.Optional(Problem),
})
const Count = Type.Integer({ minimum: 0 })
export const BulkResult = Type.Object(
  { results: Type.Array(RowResult), created: Count, updated: Count, unchanged: Count, refused: Count },
  closed,
)
export type Problem = Static<typeof Problem>
export type ProblemItem = Static<typeof ProblemItem>
export type RowResult = Static<typeof RowResult>
export type BulkResult = Static<typeof BulkResult>
