import type { ItemInput } from '../../../contract/entities/item.ts'
import { bundleProblems } from '../../domain/fact/bundle-depth.ts'
import { type RowProblem, rowProblem, unknownName } from '../../domain/fact/row-problem.ts'
import { done } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Queryable } from '../../store/database.ts'
import {
  accountsById,
  factsByKey,
  itemsBySku,
  nodesById,
  supplyById,
  upsertAccounts,
  upsertFacts,
  upsertItems,
  upsertNodes,
  upsertSupply,
  type Upserted,
} from '../../store/facts.ts'
import type { LogRow } from '../../store/log.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome, RowResult } from '../command.ts'
import type { Decided, Examined, Family, Row } from '../family.ts'
import { logBase, noOrder } from '../log-row.ts'
import type { FactKind, Memory } from '../memory.ts'

export type FactInput = { readonly index: number; readonly key: string; readonly doc: Record<string, unknown> }
export type PutFacts = { readonly kind: 'putFacts'; readonly fact: FactKind; readonly rows: readonly FactInput[] }

type DecidedFacts = Decided<PutFacts> & {
  readonly rows: readonly FactInput[]
  readonly refused: readonly RowResult[]
  changed: readonly Upserted[]
  outcome: CommandOutcome
}

/**
 * Bulk writes of reference facts: one upsert a command, in which the database says what was new and what was the same.
 * Writes that make or unmake bundles follow one another: each is judged by what those before it left. NOTE: two processes may still each
 * write a part of a bundle that is too deep within the moment in which neither has told the other.
 */
export class FactFamily implements Family<PutFacts, DecidedFacts> {
  readonly name = 'facts'
  readonly kinds = ['putFacts'] as const
  readonly claimsAct = true
  private readonly memory: Memory
  private readonly pool: Queryable
  private readonly now: () => Instant
  /** The write of bundles that is under way: set when it is decided, until it is committed or void. */
  private bundling: DecidedFacts | undefined

  constructor(memory: Memory, pool: Queryable, now: () => Instant) {
    this.memory = memory
    this.pool = pool
    this.now = now
  }

  async load(): Promise<void> {}

  decide(attempt: Attempt<PutFacts>): DecidedFacts | undefined {
    const { fact, rows } = attempt.command
    const isBundling =
      fact === 'item' && rows.some(({ key, doc }) => doc['components'] !== undefined || this.memory.partsOf(key) !== undefined)
    if (isBundling && this.bundling !== undefined) return undefined
    const bundled = fact === 'item' ? this.bundleProblems(rows) : () => undefined
    const refused = rows.flatMap((row) => this.unusable(row, bundled) ?? (fact === 'supply' ? this.unknownReference(row) : []))
    const kept = refused.length === 0 ? rows : rows.filter((row) => !refused.some((one) => one.index === row.index))
    const decided: DecidedFacts = { attempt, rows: lastOfEachKey(kept), refused, changed: [], outcome: done({ rows: refused }), late: true }
    if (isBundling) this.bundling = decided
    return decided
  }

  /** Items written together count as they will be. */
  private bundleProblems(rows: readonly FactInput[]): (sku: string) => RowProblem | undefined {
    const written = new Map(rows.map((row) => [row.key, row.doc['components'] as ItemInput['components']]))
    return bundleProblems(this.memory, written)
  }

  private unusable(row: FactInput, bundled: (sku: string) => RowProblem | undefined): RowResult[] | undefined {
    const problem = rowProblem(row.doc) ?? bundled(row.key)
    return problem === undefined ? undefined : [{ index: row.index, key: row.key, status: 'refused', problem }]
  }

  private unknownReference(row: FactInput): RowResult[] {
    for (const [field, known] of [
      ['sku', this.memory.items],
      ['nodeId', this.memory.nodes],
    ] as const) {
      const got = String(row.doc[field])
      if (known.has(got)) continue
      const code = field === 'sku' ? 'item_unknown' : 'node_unknown'
      return [
        {
          index: row.index,
          key: row.key,
          status: 'refused',
          problem: { code, detail: unknownName(field, got), pointer: `/${field}`, got },
        },
      ]
    }
    return []
  }

  doubtful(): boolean {
    return false
  }

  async refresh(): Promise<void> {}

  claims(decided: readonly DecidedFacts[]): Write[] {
    return decided.map(({ attempt: { command }, rows }) => this.upsert(command.fact, rows))
  }

  private upsert(fact: FactKind, rows: readonly FactInput[]): Write {
    const keys = rows.map((row) => row.key)
    const docs = rows.map((row) => JSON.stringify(row.doc))
    if (fact === 'item') return upsertItems(keys, docs)
    if (fact === 'node') return upsertNodes(keys, docs)
    if (fact === 'account') return upsertAccounts(keys, docs)
    if (fact !== 'supply') return upsertFacts(fact, keys, docs)
    return upsertSupply(
      rows.map(({ doc }, i) => ({
        supplyId: String(doc['supplyId']),
        itemNo: this.memory.itemNo(String(doc['sku'])),
        nodeNo: this.memory.nodeNo(String(doc['nodeId'])),
        doc: docs[i] ?? '',
        quantity: Number(doc['quantity']),
        received: Number(doc['received'] ?? 0),
        availableAt: String(doc['availableAt']),
      })),
    )
  }

  examine(decided: readonly DecidedFacts[], results: readonly (readonly Row[])[]): Examined<DecidedFacts> {
    for (const [i, one] of decided.entries()) {
      one.changed = results[i] as unknown as Upserted[]
      one.outcome = done({ rows: this.rowResults(one) })
    }
    return { keep: decided, again: [], release: [] }
  }

  private rowResults(one: DecidedFacts): RowResult[] {
    const { fact, rows } = one.attempt.command
    const changed = new Map(one.changed.map((row) => [row.key, row]))
    const refused = new Map(one.refused.map((row) => [row.index, row]))
    return rows.map((row): RowResult => {
      const problem = refused.get(row.index)
      if (problem !== undefined) return problem
      const news = changed.get(row.key)
      const status = news === undefined ? 'unchanged' : news.created ? 'created' : 'updated'
      return { index: row.index, key: row.key, status, version: news?.version ?? this.memory.versionOf(fact, row.key) ?? 1 }
    })
  }

  writes(): Write[] {
    return []
  }

  verify(): void {}

  log(keep: readonly DecidedFacts[]): LogRow[] {
    const at = this.now()
    return keep.flatMap(({ attempt, changed }) =>
      changed.map((row) => ({
        ...logBase('fact.changed', attempt),
        ...noOrder,
        subjectKind: 'fact',
        subjectId: `${attempt.command.fact}:${row.key}`,
        subjectVersion: row.version,
        occurredAt: at,
        recordedAt: at,
        data: JSON.stringify({ kind: attempt.command.fact, key: row.key }),
      })),
    )
  }

  committed(keep: readonly DecidedFacts[]): void {
    for (const one of keep) {
      const { fact } = one.attempt.command
      const docs = new Map(one.rows.map((row) => [row.key, row.doc]))
      for (const row of one.changed) this.memory.put(fact, row.key, row.no, docs.get(row.key), row.version)
    }
    this.undone(keep)
  }

  async reload(decided: readonly DecidedFacts[]): Promise<void> {
    for (const { attempt, rows } of decided) {
      await reloadFacts(
        this.memory,
        this.pool,
        attempt.command.fact,
        rows.map((row) => row.key),
      )
    }
    this.undone(decided)
  }

  undone(decided: readonly DecidedFacts[]): void {
    if (this.bundling !== undefined && decided.includes(this.bundling)) this.bundling = undefined
  }

  outcomeOf(decided: DecidedFacts): CommandOutcome {
    return decided.outcome
  }
}

/** One statement may not touch a row twice: of rows with the same key the last counts. */
function lastOfEachKey(rows: readonly FactInput[]): readonly FactInput[] {
  const byKey = new Map(rows.map((row) => [row.key, row]))
  return byKey.size === rows.length ? rows : [...byKey.values()]
}

/** Reads single facts anew: after another process changed them, or after a commit whose answers were lost. */
export async function reloadFacts(memory: Memory, pool: Queryable, fact: FactKind, keys: readonly string[]): Promise<void> {
  switch (fact) {
    case 'item':
      for (const row of await itemsBySku(pool, keys)) memory.put(fact, row.sku, row.item_no, row.doc, row.version)
      return
    case 'node':
      for (const row of await nodesById(pool, keys)) memory.put(fact, row.node_id, row.node_no, row.doc, row.version)
      return
    case 'account':
      for (const row of await accountsById(pool, keys))
        memory.put(fact, row.account_id, null, row.doc, row.version, { exposure: Number(row.exposure) })
      return
    case 'supply':
      for (const row of await supplyById(pool, keys))
        memory.put(fact, row.supply_id, null, row.doc, row.version, { reserved: row.reserved })
      return
    default:
      for (const row of await factsByKey(pool, fact, keys)) memory.put(fact, row.fact_key, null, row.doc, row.version)
  }
}
