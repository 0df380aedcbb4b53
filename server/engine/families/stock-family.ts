import { done } from '../../kernel/outcome.ts'
import { parseInstant, type Instant } from '../../kernel/time.ts'
import type { StockAdjustmentInput, StockCountInput } from '../../../contract/entities/stock.ts'
import { unknownName } from '../../domain/fact/row-problem.ts'
import { adjustStock, countStock, ON_HAND_MAX, shortBy } from '../../domain/stock/stock.ts'
import type { Queryable } from '../../store/database.ts'
import type { LogRow } from '../../store/log.ts'
import {
  insertMoves,
  lockStock,
  makeStock,
  movesSince,
  stockAt,
  type StockMove,
  stockRowOf,
  type StockRow,
  type StockWrite,
  writeStock,
} from '../../store/stock.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome, RowResult } from '../command.ts'
import type { Decided, Examined, Family, Row } from '../family.ts'
import { logBase, noOrder } from '../log-row.ts'
import type { Memory } from '../memory.ts'

export type StockChange =
  | { readonly index: number; readonly mode: 'count'; readonly input: StockCountInput }
  | { readonly index: number; readonly mode: 'adjust'; readonly input: StockAdjustmentInput }
export type ChangeStock = { readonly kind: 'changeStock'; readonly rows: readonly StockChange[] }

type Located = { readonly change: StockChange; readonly itemNo: number; readonly nodeNo: number }
type DecidedStock = Decided<ChangeStock> & {
  readonly located: readonly Located[]
  readonly refused: readonly RowResult[]
  outcome: CommandOutcome
  log: LogRow[]
}

type MovedRow = {
  readonly item_no: number
  readonly node_no: number
  readonly since: number
  readonly delta: number
  readonly archived: boolean
}
/** Units that moved since counts were taken; undefined where those moves are archived. */
type Moved = ReadonlyMap<string, number | undefined>

type CountedRow = StockRow & { readonly countedAt: number | undefined }
const NOTHING = { onHand: 0, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 0 }

const FIELDS = ['onHand', 'safety', 'backorderLimit', 'version', 'countedAt'] as const

const keyOf = (itemNo: number, nodeNo: number): string => `${itemNo}:${nodeNo}`

/**
 * Counts and adjustments: decided on the locked rows themselves, because a count is always accepted and only they know what it moves.
 * A position that nobody knew is made with its first count: the row is written once, not made empty and changed.
 */
export class StockFamily implements Family<ChangeStock, DecidedStock> {
  readonly name = 'stock'
  readonly kinds = ['changeStock'] as const
  readonly claimsAct = true
  private readonly memory: Memory
  private readonly pool: Queryable
  private readonly now: () => Instant
  private rows = new Map<string, CountedRow>()
  private touched = new Set<string>()
  /** What positions are made with, where nobody knew them; those of them that hold just that need no write. */
  private first = new Map<string, StockWrite>()
  private made = new Set<string>()
  private claimedAt: Instant
  private moves: StockMove[] = []

  constructor(memory: Memory, pool: Queryable, now: () => Instant) {
    this.memory = memory
    this.pool = pool
    this.now = now
    this.claimedAt = now()
  }

  async load(): Promise<void> {}

  decide(attempt: Attempt<ChangeStock>): DecidedStock {
    const located: Located[] = []
    const refused: RowResult[] = []
    for (const change of attempt.command.rows) {
      const { sku, nodeId } = change.input
      const item = this.memory.items.get(sku)
      const node = this.memory.nodes.get(nodeId)
      if (item !== undefined && node !== undefined) located.push({ change, itemNo: item.itemNo, nodeNo: node.nodeNo })
      else refused.push(unknownReference(change, item === undefined))
    }
    return { attempt, located, refused, outcome: done({ rows: refused }), late: true, log: [] }
  }

  doubtful(): boolean {
    return false
  }

  async refresh(): Promise<void> {}

  claims(decided: readonly DecidedStock[]): Write[] {
    this.claimedAt = this.now()
    this.first = new Map()
    const dated = new Map<string, { itemNo: number; nodeNo: number; since: number }>()
    for (const { located } of decided)
      for (const { itemNo, nodeNo, change } of located) {
        const key = keyOf(itemNo, nodeNo)
        if (!this.first.has(key)) this.first.set(key, { itemNo, nodeNo, ...this.firstOf(change) })
        const since = change.mode === 'count' ? countedAtOf(change.input) : undefined
        if (since !== undefined) dated.set(`${keyOf(itemNo, nodeNo)}:${since}`, { itemNo, nodeNo, since })
      }
    const all = [...this.first.values()]
    return [makeStock(all), lockStock(all), movesSince([...dated.values()])]
  }

  /** What a position holds after this change, as far as that is known before it is locked: a count by now, found where nothing was. */
  private firstOf({ mode, input }: StockChange): Omit<StockWrite, 'itemNo' | 'nodeNo'> {
    if (mode === 'count' && input.countedAt === undefined && Math.abs(input.onHand) <= ON_HAND_MAX) {
      const effect = this.countFirst(input)
      if (effect !== undefined) return { ...effect.position, version: 1, countedAt: effect.countedAt }
    }
    return { onHand: 0, safety: 0, backorderLimit: 0, version: 0, countedAt: undefined }
  }

  private countFirst(input: StockCountInput) {
    return countStock(NOTHING, input, { now: this.claimedAt, isFirst: true, countedAt: undefined, lastCountedAt: undefined, movedSince: 0 })
  }

  examine(decided: readonly DecidedStock[], results: readonly (readonly Row[])[]): Examined<DecidedStock> {
    const made = (results[0] ?? []) as Record<string, number>[]
    this.made = new Set(made.map((row) => keyOf(row['item_no'] ?? 0, row['node_no'] ?? 0)))
    const locked = (results[1] ?? []) as Record<string, number>[]
    this.rows = new Map(
      locked.map((row) => {
        const key = keyOf(row['item_no'] ?? 0, row['node_no'] ?? 0)
        const known = { ...stockRowOf(row), countedAt: row['counted_at'] ?? undefined }
        // What it was made with is what is about to be decided.
        return [key, this.made.has(key) ? { ...known, ...NOTHING, countedAt: undefined } : known]
      }),
    )
    const moved = new Map(
      ((results[2] ?? []) as MovedRow[]).map((row) => [
        `${keyOf(row.item_no, row.node_no)}:${row.since}`,
        row.archived ? undefined : row.delta,
      ]),
    )
    this.touched = new Set()
    this.moves = []
    for (const one of decided) this.apply(one, moved)
    return { keep: decided, again: [], release: [] }
  }

  /** Applies the rows of one command to the locked positions, one after the other. */
  private apply(one: DecidedStock, moved: Moved): void {
    const at = this.now()
    const results: RowResult[] = [...one.refused]
    for (const { change, itemNo, nodeNo } of one.located) {
      const key = keyOf(itemNo, nodeNo)
      const row = this.rows.get(key)
      if (row === undefined) continue
      const { sku, nodeId } = change.input
      if (change.mode === 'count' && isArchived(change.input, key, moved)) {
        results.push(countArchived(change))
        continue
      }
      const effect = change.mode === 'count' ? this.counted(row, change.input, moved) : adjustStock(row, change.input)
      if (effect !== undefined && Math.abs(effect.position.onHand) > ON_HAND_MAX) {
        results.push(outOfRange(change, row.onHand, effect.position.onHand))
        continue
      }
      if (effect === undefined || !effect.isVisible) {
        results.push({ index: change.index, key: `${sku}/${nodeId}`, status: 'unchanged', version: row.version })
        if (effect?.countedAt === undefined) continue
        this.rows.set(key, { ...row, countedAt: effect.countedAt })
        this.touched.add(key)
        continue
      }
      const after = { ...row, ...effect.position, version: row.version + 1, countedAt: effect.countedAt ?? row.countedAt }
      this.rows.set(key, after)
      this.touched.add(key)
      const ref = change.mode === 'adjust' ? (change.input.ref ?? null) : null
      const reason = change.input.reason ?? 'count'
      if (effect.delta !== 0)
        this.moves.push({ itemNo, nodeNo, delta: effect.delta, reason, ref, occurredAt: effect.occurredAt ?? at, recordedAt: at })
      one.log.push(this.logRow(one, change, after, effect.delta, at))
      results.push({
        index: change.index,
        key: `${sku}/${nodeId}`,
        status: row.version === 0 ? 'created' : 'updated',
        version: after.version,
      })
    }
    one.outcome = done({ rows: results.toSorted((a, b) => a.index - b.index) })
  }

  private counted(row: CountedRow, input: StockCountInput, moved: Moved) {
    const { itemNo, nodeNo } = row
    const countedAt = countedAtOf(input)
    let movedSince = 0
    if (countedAt !== undefined) {
      movedSince = moved.get(`${keyOf(itemNo, nodeNo)}:${countedAt}`) ?? 0
      // Rows of this very batch are not in the database yet.
      for (const one of this.moves)
        if (one.itemNo === itemNo && one.nodeNo === nodeNo && one.occurredAt > countedAt) movedSince += one.delta
    }
    const now = row.version === 0 ? this.claimedAt : this.now()
    return countStock(row, input, { now, isFirst: row.version === 0, countedAt, lastCountedAt: row.countedAt, movedSince })
  }

  private logRow(one: DecidedStock, change: StockChange, after: StockRow, delta: number, at: Instant): LogRow {
    const { sku, nodeId } = change.input
    const type = change.mode === 'count' ? 'stock.counted' : 'stock.adjusted'
    const ref = change.mode === 'adjust' && change.input.ref !== undefined ? { ref: change.input.ref } : {}
    const data = {
      sku,
      nodeId,
      onHand: after.onHand,
      safety: after.safety,
      backorderLimit: after.backorderLimit,
      delta,
      reason: change.input.reason ?? 'count',
      ...ref,
      shortBy: shortBy(after),
    }
    return {
      ...logBase(type, one.attempt),
      ...noOrder,
      nodeIds: [nodeId],
      subjectKind: 'stock',
      subjectId: `${sku}@${nodeId}`,
      subjectVersion: after.version,
      occurredAt: at,
      recordedAt: at,
      data: JSON.stringify(data),
    }
  }

  writes(): Write[] {
    const rows = [...this.touched].filter((key) => this.mustWrite(key)).map((key) => this.rows.get(key) as CountedRow)
    return [...(rows.length > 0 ? [writeStock(rows)] : []), ...(this.moves.length > 0 ? [insertMoves(this.moves)] : [])]
  }

  /** Whether the row in the database is another one than was decided. */
  private mustWrite(key: string): boolean {
    const [row, first] = [this.rows.get(key), this.first.get(key)]
    if (row === undefined || first === undefined || !this.made.has(key)) return true
    return FIELDS.some((field) => row[field] !== first[field])
  }

  verify(): void {}

  log(keep: readonly DecidedStock[]): LogRow[] {
    return keep.flatMap((one) => one.log)
  }

  committed(): void {
    for (const key of this.touched) {
      const row = this.rows.get(key)
      if (row !== undefined) this.memory.setStock({ ...row, revision: row.revision + (this.mustWrite(key) ? 1 : 0) })
    }
  }

  async reload(decided: readonly DecidedStock[]): Promise<void> {
    for (const row of await stockAt(
      this.pool,
      decided.flatMap((one) => one.located),
    ))
      this.memory.setStock(row)
  }

  undone(): void {}

  outcomeOf(decided: DecidedStock): CommandOutcome {
    return decided.outcome
  }
}

function countedAtOf(input: StockCountInput): Instant | undefined {
  return input.countedAt === undefined ? undefined : parseInstant(input.countedAt)
}

function isArchived(input: StockCountInput, key: string, moved: Moved): boolean {
  const dated = `${key}:${countedAtOf(input) ?? ''}`
  return moved.has(dated) && moved.get(dated) === undefined
}

/** What moved since that count is archived, so it cannot be re-applied. */
function countArchived({ index, input }: StockChange & { readonly mode: 'count' }): RowResult {
  const { sku, nodeId, countedAt } = input
  const detail = { en: 'the moves after countedAt are archived: count again', zh: 'countedAt 之后的变动已归档：请重新盘点' }
  return {
    index,
    key: `${sku}/${nodeId}`,
    status: 'refused',
    problem: { code: 'history_archived', detail, pointer: '/countedAt', got: countedAt },
  }
}

function outOfRange({ index, mode, input }: StockChange, onHand: number, wouldBe: number): RowResult {
  const { sku, nodeId } = input
  const detail = { en: `${onHand} units are on hand, and would be ${wouldBe}`, zh: `在手 ${onHand} 件，将变为 ${wouldBe} 件` }
  const expected = { min: -ON_HAND_MAX, max: ON_HAND_MAX }
  const pointer = mode === 'count' ? '/onHand' : '/delta'
  const problem = { code: 'stock_out_of_range', detail, pointer, expected, got: mode === 'count' ? input.onHand : input.delta }
  return { index, key: `${sku}/${nodeId}`, status: 'refused', problem }
}

function unknownReference(change: StockChange, isItem: boolean): RowResult {
  const { sku, nodeId } = change.input
  const [code, field, got] = isItem ? ['item_unknown', 'sku', sku] : ['node_unknown', 'nodeId', nodeId]
  return {
    index: change.index,
    key: `${sku}/${nodeId}`,
    status: 'refused',
    problem: { code, detail: unknownName(field, got), pointer: `/${field}`, got },
  }
}
