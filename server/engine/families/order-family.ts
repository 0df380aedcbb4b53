import type { OrderChange } from '../../domain/order/change.ts'
import { actOnOrder } from '../../domain/placement/act-on-order.ts'
import { placeOrder } from '../../domain/placement/place-order.ts'
import type { Order } from '../../domain/order/state.ts'
import { Defect } from '../../kernel/assert.ts'
import { idFromInt8, type IdSource, idToInt8, type OrderId, shardOfId } from '../../kernel/ids.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { TransientMap } from '../../kernel/transient-map.ts'
import { together } from '../../store/bulk.ts'
import { claimRefs, lockOrders, type RefRow, unclaimRefs } from '../../store/claims.ts'
import type { Queryable } from '../../store/database.ts'
import type { LogRow } from '../../store/log.ts'
import { findRefs, readOrders } from '../../store/order-reads.ts'
import { accountsById } from '../../store/facts.ts'
import { stockOfItems } from '../../store/stock.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome } from '../command.ts'
import type { Examined, Family, Row } from '../family.ts'
import type { Memory } from '../memory.ts'
import type { FactsView } from '../facts-view.ts'
import {
  type ActOnOrder,
  addedBy,
  type DecidedOrder,
  type Loaded,
  type OrderCommand,
  type PlaceOrder,
  type RecordHistory,
  known,
  refKey,
  refOf,
  refRowOf,
  takersIn,
  versionConflict,
} from './order-command.ts'
import { orderLog } from './order-log.ts'
import { orderRows } from './order-rows.ts'
import { HeldReservations, touchedWith } from './held-reservations.ts'
import { RecentOrders } from './recent-orders.ts'
import { holdTouched, LockedRows, type Touched, touchedBy } from './touched.ts'

type Held = { readonly touched: Touched; readonly orderId: OrderId; readonly previous: Order | undefined }

/**
 * Placing orders, acting on them and recording their history. A placement is decided without asking the database whether its
 * reference is free: the claim says so, and who loses it is decided again with the order that is there.
 */
export class OrderFamily implements Family<OrderCommand, DecidedOrder> {
  readonly name = 'orders'
  readonly kinds = ['placeOrder', 'actOnOrder', 'recordHistory'] as const
  private readonly memory: Memory
  private readonly facts: FactsView
  private readonly ids: IdSource
  private readonly now: () => Instant
  private readonly pool: Queryable
  private readonly loaded = new WeakMap<Attempt, Loaded>()
  /** The round in which the rows behind a refusal were last read for an attempt. */
  private readonly refreshedAt = new WeakMap<Attempt, number>()
  private readonly held = new WeakMap<DecidedOrder, Held>()
  /** Orders as the decisions under way leave them; a decision behind builds on them. */
  private readonly latest = new TransientMap<OrderId, { readonly order: Order; readonly by: DecidedOrder }>()
  private readonly recent = new RecentOrders()
  /** The decision under way that another one was built on. */
  private readonly basis = new WeakMap<DecidedOrder, DecidedOrder>()
  /** Decisions that came to nothing; NOTE: what was built on them must fall too, even where versions happen to agree. */
  private readonly voided = new WeakSet<DecidedOrder>()
  /** References that placements under way are about to claim. */
  private readonly claiming = new TransientMap<string, DecidedOrder>()
  private readonly reservations: HeldReservations
  private locked: LockedRows

  constructor(memory: Memory, facts: FactsView, ids: IdSource, now: () => Instant, pool: Queryable) {
    this.memory = memory
    this.facts = facts
    this.ids = ids
    this.now = now
    this.pool = pool
    this.reservations = new HeldReservations(memory, pool)
    this.locked = new LockedRows(memory)
  }

  async load(attempts: readonly Attempt<OrderCommand>[]): Promise<void> {
    const refs: { attempt: Attempt<OrderCommand>; shard: number; channelId: string; externalRef: string }[] = []
    const acts: { attempt: Attempt<OrderCommand>; orderId: OrderId }[] = []
    for (const attempt of attempts) {
      const { command } = attempt
      if (command.kind === 'actOnOrder') acts.push({ attempt, orderId: command.orderId })
      else if (attempt.lookUp) refs.push({ attempt, shard: command.shard, ...refOf(command) })
    }
    await this.reservations.load(attempts)
    const found = refs.length === 0 ? [] : await findRefs(this.pool, refs)
    const byRef = new Map(found.map((row) => [refKey(row), row]))
    const wanted = new Map<OrderId, { shard: number; orderId: string }>()
    const recent = this.recent.among(acts, (orderId) => this.latest.has(orderId))
    for (const { orderId } of acts)
      if (!this.latest.has(orderId) && !recent.has(orderId)) wanted.set(orderId, { shard: shardOfId(orderId), orderId: idToInt8(orderId) })
    for (const row of found) wanted.set(row.orderId, { shard: shardOfId(row.orderId), orderId: idToInt8(row.orderId) })
    const orders = new Map(
      (wanted.size === 0 ? [] : await readOrders(this.pool, [...wanted.values()])).map((order) => [order.intake.orderId, order]),
    )
    for (const { attempt, orderId } of acts) {
      const guess = recent.get(orderId)
      if (guess !== undefined) this.loaded.set(attempt, { order: guess, isGuess: true })
      else this.loaded.set(attempt, { ...known(orders.get(orderId)), isUnderWay: !wanted.has(orderId) })
    }
    for (const { attempt, ...ref } of refs) {
      const row = byRef.get(refKey(ref))
      this.loaded.set(attempt, row === undefined ? {} : { ...known(orders.get(row.orderId)), inputHash: row.inputHash })
    }
  }

  decide(attempt: Attempt<OrderCommand>): DecidedOrder | undefined {
    const { command } = attempt
    if (command.kind === 'actOnOrder') return this.decideAction(attempt as Attempt<ActOnOrder>)
    const taken = this.loaded.get(attempt)
    if (taken?.order !== undefined && taken.inputHash !== undefined) return this.sameOrder(attempt, taken.order, taken.inputHash)
    if (this.claiming.has(refKey(refOf(command)))) {
      attempt.lookUp = true
      return undefined
    }
    return command.kind === 'placeOrder'
      ? this.decidePlacement(attempt as Attempt<PlaceOrder>)
      : this.decideHistory(attempt as Attempt<RecordHistory>)
  }

  private sameOrder(attempt: Attempt<OrderCommand>, order: Order, hash: Uint8Array): DecidedOrder {
    const { command } = attempt
    const isSame = command.kind !== 'actOnOrder' && Buffer.compare(hash, command.inputHash) === 0
    const { orderId, channelId, externalRef } = order.intake
    if (!isSame)
      return {
        attempt,
        outcome: refuse(
          'external_ref_conflict',
          {
            en: `"${externalRef}" of channel "${channelId}" is another order's reference`,
            zh: `渠道“${channelId}”的外部单号“${externalRef}”属于另一订单`,
          },
          { got: externalRef, pointer: '/externalRef' },
        ),
      }
    const now = this.latest.get(orderId)?.order ?? order
    return {
      attempt,
      outcome: done({ orderId, version: now.state.version, fresh: false, change: { before: now.state, after: now, events: [] } }),
    }
  }

  private decidePlacement(attempt: Attempt<PlaceOrder>): DecidedOrder {
    const { command } = attempt
    const orderId = this.ids.next('ord', command.shard)
    const held = this.reservations.of(attempt, command.order, this.now())
    const outcome = held.status === 'refused' ? held : placeOrder({ ...command, orderId, held: held.value }, this.facts, this.now())
    if (outcome.status === 'refused') {
      const { code, detail } = outcome
      const subjectId = this.ids.next('aud', command.shard)
      const refused = { ...refOf(command), code, detail: detail.en, subjectId, shard: command.shard }
      // A channel's body that makes no order is kept and logged as such.
      return { attempt, outcome, ...(command.origin === 'api' ? { refused } : {}), isDoubtful: true }
    }
    const { change, decision } = outcome.value
    const value = { orderId, version: change.after.state.version, fresh: true, change }
    const taken = held.status === 'done' && held.value.length > 0 ? { held: held.value } : {}
    return this.keep({
      attempt,
      outcome: done(value),
      change,
      decisions: decision === undefined ? [] : [decision],
      ...taken,
    })
  }

  private decideHistory(attempt: Attempt<RecordHistory>): DecidedOrder {
    const { command } = attempt
    const orderId = this.ids.next('ord', command.shard)
    const change = command.build(orderId, () => this.ids.next('ful', command.shard), this.now())
    const value = { orderId, version: change.after.state.version, fresh: true, change }
    return this.keep({ attempt, outcome: done(value), change })
  }

  private decideAction(attempt: Attempt<ActOnOrder>): DecidedOrder | undefined {
    const latest = this.latest.get(attempt.command.orderId)
    const loaded = this.loaded.get(attempt)
    // It was under way when the attempt was loaded and is through by now.
    const isThrough = latest === undefined && loaded?.isUnderWay === true
    const through = isThrough ? this.recent.get(attempt.command.orderId) : undefined
    if (isThrough && through === undefined) return undefined
    const decided = this.actOn(latest?.order ?? through ?? loaded?.order, attempt)
    if (latest !== undefined) this.basis.set(decided, latest.by)
    const isGuess = latest === undefined && (isThrough || loaded?.isGuess === true)
    return isGuess && decided.change === undefined ? { ...decided, isDoubtful: true } : decided
  }

  private actOn(order: Order | undefined, attempt: Attempt<ActOnOrder>): DecidedOrder {
    const { command, context } = attempt
    if (order === undefined)
      return { attempt, outcome: refuse('order_unknown', { en: 'there is no such order', zh: '订单不存在' }, { got: command.orderId }) }
    const conflict = versionConflict(order, command.action, context)
    if (conflict !== undefined) return { attempt, outcome: conflict }
    const outcome = actOnOrder(order, command.action, this.facts, this.now())
    if (outcome.status === 'refused') return { attempt, outcome, ...(BY_MEMORY.has(outcome.code) ? { isDoubtful: true } : {}) }
    const { change, decisions } = outcome.value
    const value = { orderId: command.orderId, version: change.after.state.version, fresh: change.events.length > 0, change }
    if (change.events.length === 0) return { attempt, outcome: done(value) }
    // An order that ends for want of stock ends for good: never on memory's word alone.
    const isEndedShort = change.events.some(({ event }) => event.type === 'order.cancelled' && event.data.reason === 'stock_short')
    const doubt = isEndedShort ? ({ isDoubtful: true } as const) : {}
    return this.keep({ attempt, outcome: done(value), change, decisions, ...doubt }, order)
  }

  /** Memory moves on to what was decided. */
  private keep(decided: DecidedOrder & { readonly change: OrderChange }, previous?: Order): DecidedOrder {
    const { change } = decided
    const { orderId } = change.after.intake
    const touched = touchedWith(touchedBy(change, this.memory), decided.held ?? [])
    holdTouched(touched, this.memory, 1)
    this.held.set(decided, { touched, orderId, previous })
    this.latest.set(orderId, { order: change.after, by: decided })
    if (change.before === undefined) this.claiming.set(refKey(change.after.intake), decided)
    return decided
  }

  /** Seals the buyer of a new order. */
  prepare(decided: DecidedOrder): void {
    const { attempt, change } = decided
    if (change === undefined || change.before !== undefined || attempt.command.kind === 'actOnOrder') return
    decided.person = attempt.command.seal(change.after.intake.orderId)
  }

  doubtful(decided: DecidedOrder): boolean {
    return decided.isDoubtful === true && this.refreshedAt.get(decided.attempt) !== decided.attempt.rounds
  }

  /** Reads what a refusal stands on, the reference first: an order that is there already is answered, and memory alone never says no. */
  async refresh(doubted: readonly DecidedOrder[]): Promise<void> {
    const placing = doubted.filter((one) => one.isDoubtful === true && one.change === undefined).map((one) => one.attempt)
    for (const attempt of placing) attempt.lookUp = true
    for (const { command } of placing) if (command.kind === 'actOnOrder') this.recent.forget(command.orderId)
    if (placing.length > 0) await this.load(placing)
    const skus = new Set<string>()
    const accounts = new Set<string>()
    for (const one of doubted) {
      const { attempt } = one
      const { command } = attempt
      this.refreshedAt.set(attempt, attempt.rounds)
      // An action is decided again on the order that it was decided on: what decisions under way left may not be in the database yet.
      const previous = command.kind === 'actOnOrder' ? this.held.get(one)?.previous : undefined
      if (previous !== undefined) this.loaded.set(attempt, known(previous))
      const before = this.loaded.get(attempt)?.order
      const lines = command.kind === 'placeOrder' ? command.order.lines : [...(before?.intake.lines ?? []), ...addedBy(command, before)]
      for (const line of lines)
        for (const sku of [line.sku, ...(this.memory.items.get(line.sku)?.doc.components ?? []).map((part) => part.sku)]) skus.add(sku)
      const accountId =
        command.kind === 'placeOrder' ? command.order.accountId : command.kind === 'actOnOrder' ? before?.intake.accountId : undefined
      if (accountId !== undefined) accounts.add(accountId)
    }
    const itemNos = [...skus].flatMap((sku) => this.memory.items.get(sku)?.itemNo ?? [])
    if (itemNos.length > 0) for (const row of await stockOfItems(this.pool, itemNos)) this.memory.setStock(row)
    if (accounts.size === 0) return
    for (const row of await accountsById(this.pool, [...accounts]))
      this.memory.put('account', row.account_id, null, row.doc, row.version, { exposure: Number(row.exposure) })
  }

  claims(decided: readonly DecidedOrder[]): Write[] {
    const refs: RefRow[] = []
    const orders = new Map<OrderId, { shard: number; orderId: string }>()
    const touched: Touched[] = []
    for (const one of decided) {
      const held = this.held.get(one)
      if (one.change === undefined || held === undefined) continue
      touched.push(held.touched)
      const { intake } = one.change.after
      if (one.change.before === undefined) refs.push(refRowOf(one, one.change))
      else if (!orders.has(intake.orderId)) orders.set(intake.orderId, { shard: intake.shard, orderId: idToInt8(intake.orderId) })
    }
    const held = decided.flatMap((one) => one.held?.map(({ reservation }) => reservation.reservationId) ?? [])
    return [claimRefs(refs), lockOrders([...orders.values()]), this.reservations.lock(held), ...LockedRows.locks(touched)]
  }

  examine(decided: readonly DecidedOrder[], results: readonly (readonly Row[])[], lost: readonly DecidedOrder[]): Examined<DecidedOrder> {
    const [refs = [], orders = [], reservations = [], accounts = [], stock = [], capacity = [], supply = []] = results
    this.reservations.take(reservations)
    this.locked = new LockedRows(this.memory)
    this.locked.take(accounts, stock, capacity, supply)
    const won = new Set(refs.map((row) => String(row['order_id'])))
    const versions = new Map(orders.map((row) => [String(row['order_id']), Number(row['version'])]))
    const keep: DecidedOrder[] = []
    const again: DecidedOrder[] = []
    const broken = new Set<OrderId>()
    for (const one of decided) (this.stillHolds(one, won, versions, broken) ? keep : again).push(one)
    return { keep, again, release: this.releases([...again, ...lost], won) }
  }

  /** Whether the decision stands on the rows as they are: its claim won, its order at the version it saw, its units there. */
  private stillHolds(one: DecidedOrder, won: ReadonlySet<string>, versions: Map<string, number>, broken: Set<OrderId>): boolean {
    const held = this.held.get(one)
    const basis = this.basis.get(one)
    const isBaseless = basis !== undefined && this.voided.has(basis)
    if (one.change === undefined || held === undefined) return !isBaseless
    const { change } = one
    const key = idToInt8(held.orderId)
    const isNew = change.before === undefined
    const stands = !isBaseless && !broken.has(held.orderId) && (isNew ? won.has(key) : versions.get(key) === change.before.version)
    if (!stands || !this.reservations.stand(one.held ?? []) || !this.locked.apply(held.touched)) {
      broken.add(held.orderId)
      this.voided.add(one)
      return false
    }
    this.reservations.consume(one.held ?? [])
    versions.set(key, change.after.state.version)
    return true
  }

  private releases(decided: readonly DecidedOrder[], won: ReadonlySet<string>): Write[] {
    const rows = decided.flatMap((one) => {
      if (one.change === undefined || one.change.before !== undefined) return []
      return won.has(idToInt8(one.change.after.intake.orderId)) ? [refRowOf(one, one.change)] : []
    })
    return rows.length === 0 ? [] : [unclaimRefs(rows)]
  }

  *draft(decided: readonly DecidedOrder[]): Generator<Write> {
    yield* orderRows(decided, this.memory)
    yield* together(decided.flatMap((one) => this.bodyWrites(one)))
  }

  writes(keep: readonly DecidedOrder[], drafted: readonly Write[]): readonly Write[] {
    const changed = keep.filter((one) => one.change !== undefined)
    if (changed.length === 0) return drafted
    return [...this.locked.writes(), ...drafted, ...this.reservations.writes(takersIn(changed))]
  }

  private bodyWrites({ attempt: { command }, outcome }: DecidedOrder): readonly Write[] {
    if (command.kind === 'recordHistory' || command.bodyWrites === undefined || outcome.status === 'refused') return []
    return command.bodyWrites(outcome.value.orderId as OrderId, outcome.value.change)
  }

  verify(keep: readonly DecidedOrder[], counts: readonly number[]): void {
    if (!keep.some((one) => one.change !== undefined)) return
    const taken = takersIn(keep).reduce((sum, one) => sum + one.held.length, 0)
    if (taken > 0 && counts.at(-1) !== taken) throw new Defect(`${counts.at(-1)} of ${taken} locked reservations could be taken over`)
    if (counts[0] !== this.locked.stockRows) throw new Defect(`the stock guard let ${counts[0]} of ${this.locked.stockRows} rows through`)
  }

  log(keep: readonly DecidedOrder[]): LogRow[] {
    return orderLog(keep, this.now())
  }

  committed(keep: readonly DecidedOrder[]): void {
    this.locked.teach(true)
    for (const one of keep) {
      this.forget(one, false)
      if (one.change !== undefined) this.recent.keep(one.change.after)
    }
  }

  /** What another process did to orders; without it they would be decided on in vain. */
  heard(rows: readonly { readonly orderId: string | null }[]): void {
    for (const { orderId } of rows) if (orderId !== null) this.recent.forget(idFromInt8('ord', orderId))
  }

  async reload(decided: readonly DecidedOrder[]): Promise<void> {
    this.locked.teach(true)
    await this.refresh(decided)
    for (const one of decided) this.forget(one, false)
  }

  undone(decided: readonly DecidedOrder[]): void {
    this.locked.teach(false)
    for (const one of decided) this.forget(one, true)
  }

  /** Ends what memory held for a decision; a void one also gives back the state that was built on it. */
  private forget(one: DecidedOrder, isVoid: boolean): void {
    if (isVoid) this.voided.add(one)
    // Its own fate is known: nothing asks any more what it was built on, and an order that never rests keeps no chain.
    this.basis.delete(one)
    const held = this.held.get(one)
    if (held === undefined || one.change === undefined) return
    this.recent.forget(held.orderId)
    this.held.delete(one)
    holdTouched(held.touched, this.memory, -1)
    if (isVoid || this.latest.get(held.orderId)?.by === one) this.latest.delete(held.orderId)
    if (one.change.before === undefined) this.claiming.delete(refKey(one.change.after.intake))
  }

  outcomeOf(decided: DecidedOrder): CommandOutcome {
    return decided.outcome
  }
}

/** Refusals that stand on what memory believes of stock and credit: never the last word. */
const BY_MEMORY: ReadonlySet<string> = new Set(['stock_short', 'unroutable', 'credit_limit_exceeded'])
