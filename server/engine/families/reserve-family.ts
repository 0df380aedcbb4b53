import { saleEnded } from '../../domain/availability/for-sale.ts'
import { chooseNode } from '../../domain/reservation/choose-node.ts'
import { actOnReservation, expiryOf, type Reservation } from '../../domain/reservation/reservation.ts'
import { Defect } from '../../kernel/assert.ts'
import { type IdSource, idToInt8, type ReservationId, shardOfRef } from '../../kernel/ids.ts'
import { done, refuse, type Refusal } from '../../kernel/outcome.ts'
import { type Instant, instant } from '../../kernel/time.ts'
import type { Queryable } from '../../store/database.ts'
import type { LogRow } from '../../store/log.ts'
import {
  claimReservations,
  findReservations,
  lockReservations,
  moveReservations,
  readReservations,
  type ReservationRow,
  unclaimReservations,
} from '../../store/reservations.ts'
import { lockStock, stockAt, stockOfItems } from '../../store/stock.ts'
import type { Write } from '../../store/write.ts'
import type { Attempt, CommandOutcome } from '../command.ts'
import type { Examined, Family, Row } from '../family.ts'
import type { Memory } from '../memory.ts'
import type { ActOnReservation, DecidedReserve, LoadedReservation, MakeReservation, ReserveCommand } from './reserve-command.ts'
import { reservationRow } from './reservation-log.ts'
import { holdTouched, LockedRows, type Touched } from './touched.ts'

/** A reservation is small and its batch shares one lock of a hot row: thousands in one transaction. */
const BATCH_MAX = 4000

/**
 * Bare reservations: the lean family. A reservation is one row and one event; a new one claims its key by being written, and the stock
 * rows are locked behind it, so that a batch of thousands for one item meets one row once.
 */
export class ReserveFamily implements Family<ReserveCommand, DecidedReserve> {
  readonly name = 'reservations'
  readonly kinds = ['makeReservation', 'actOnReservation'] as const
  readonly batchSizeMax = BATCH_MAX
  private readonly memory: Memory
  private readonly ids: IdSource
  private readonly now: () => Instant
  private readonly pool: Queryable
  private readonly loaded = new WeakMap<Attempt, LoadedReservation>()
  /** The round in which the rows behind a refusal were last read for an attempt. */
  private readonly refreshedAt = new WeakMap<Attempt, number>()
  /** Keys and reservations that decisions under way are about. */
  private readonly claiming = new Set<string>()
  private readonly moving = new Set<ReservationId>()
  private locked: LockedRows

  constructor(memory: Memory, ids: IdSource, now: () => Instant, pool: Queryable) {
    this.memory = memory
    this.ids = ids
    this.now = now
    this.pool = pool
    this.locked = new LockedRows(memory)
  }

  async load(attempts: readonly Attempt<ReserveCommand>[]): Promise<void> {
    const keyed = attempts.filter((one): one is Attempt<MakeReservation> => one.command.kind === 'makeReservation' && one.lookUp)
    const acting = attempts.filter((one): one is Attempt<ActOnReservation> => one.command.kind === 'actOnReservation')
    if (keyed.length > 0) {
      const rows = await findReservations(
        this.pool,
        keyed.map(({ command: { key, channelId } }) => ({ key, channelId })),
      )
      const byKey = new Map(rows.map((row) => [keyOf(row), row]))
      for (const attempt of keyed) this.loaded.set(attempt, { row: byKey.get(keyOf(attempt.command)) })
    }
    if (acting.length === 0) return
    const rows = await readReservations(this.pool, [...new Set(acting.map((one) => one.command.reservationId))])
    const byId = new Map(rows.map((row) => [row.reservationId, row]))
    for (const attempt of acting) this.loaded.set(attempt, { row: byId.get(attempt.command.reservationId) })
  }

  decide(attempt: Attempt<ReserveCommand>): DecidedReserve | undefined {
    return attempt.command.kind === 'makeReservation'
      ? this.decideMaking(attempt as Attempt<MakeReservation>, attempt.command)
      : this.decideAction(attempt as Attempt<ActOnReservation>, attempt.command)
  }

  private decideMaking(attempt: Attempt<MakeReservation>, command: MakeReservation): DecidedReserve | undefined {
    const there = attempt.lookUp ? this.loaded.get(attempt)?.row : undefined
    if (there !== undefined) return { attempt, outcome: this.sameReservation(command, there) }
    if (this.claiming.has(keyOf(command))) {
      attempt.lookUp = true
      return undefined
    }
    const found = this.find(command)
    return 'status' in found ? { attempt, outcome: found, isDoubtful: true } : this.make(attempt, command, found)
  }

  private sameReservation(command: MakeReservation, row: ReservationRow): CommandOutcome {
    if (Buffer.compare(row.inputHash, command.inputHash) !== 0)
      return refuse(
        'reservation_key_conflict',
        { en: `"${command.key}" is the key of another reservation`, zh: `“${command.key}”是另一预留的键` },
        { got: command.key, pointer: '/key' },
      )
    return outcomeWith(this.reservationOf(row), false)
  }

  /** The item and the node that can promise it, by what memory knows. */
  private find(command: MakeReservation): Refusal | { readonly itemNo: number; readonly nodeNo: number; readonly sku: string } {
    const { memory } = this
    const { channelId, quantity } = command
    const channel = channelId === undefined ? undefined : memory.channels.get(channelId)?.doc
    if (channelId !== undefined && channel === undefined)
      return refuse(
        'channel_unknown',
        { en: `there is no channel "${channelId}"`, zh: `没有渠道“${channelId}”` },
        { got: channelId, pointer: '/channelId' },
      )
    const sku = channelId === undefined ? command.sku : memory.skuOfCode(channelId, command.sku)
    const item = memory.items.get(sku)
    if (item === undefined)
      return refuse(
        'item_unknown',
        { en: `there is no item "${command.sku}"`, zh: `没有商品“${command.sku}”` },
        { got: command.sku, pointer: '/sku' },
      )
    const ended = saleEnded(item.doc, channel)
    if (ended === 'channel_closed')
      return refuse(ended, { en: 'the channel takes no new orders', zh: '该渠道不再接受新订单' }, { got: channelId, pointer: '/channelId' })
    if (ended !== undefined)
      return refuse(ended, { en: `"${sku}" is not sold any more`, zh: `商品“${sku}”已停售` }, { got: sku, pointer: '/sku' })
    if ((item.doc.components ?? []).length > 0)
      return refuse(
        'bundle_not_reservable',
        { en: `"${sku}" is a bundle: reserve its parts`, zh: `“${sku}”是组合商品：请逐个预留其部件` },
        { got: sku, pointer: '/sku' },
      )
    const nodeNos: number[] = []
    for (const [i, nodeId] of (command.nodeIds ?? []).entries()) {
      const node = memory.nodes.get(nodeId)
      if (node === undefined)
        return refuse(
          'node_unknown',
          { en: `there is no node "${nodeId}"`, zh: `没有节点“${nodeId}”` },
          { got: nodeId, pointer: `/nodeIds/${i}` },
        )
      nodeNos.push(node.nodeNo)
    }
    const wanted = { itemNo: item.itemNo, sku, quantity, channel, nodeNos: command.nodeIds === undefined ? undefined : nodeNos }
    const nodeNo = chooseNode(wanted, memory.availability, (no) => memory.nodeByNo[no]?.doc)
    if (nodeNo === undefined)
      return refuse(
        'stock_short',
        { en: `no node can promise ${quantity} of "${sku}"`, zh: `没有节点能承诺 ${quantity} 件“${sku}”` },
        { expected: quantity, pointer: '/quantity' },
      )
    return { itemNo: item.itemNo, nodeNo, sku }
  }

  private make(
    attempt: Attempt<MakeReservation>,
    command: MakeReservation,
    { itemNo, nodeNo, sku }: { readonly itemNo: number; readonly nodeNo: number; readonly sku: string },
  ): DecidedReserve {
    const { key, channelId, quantity } = command
    const after: Reservation = {
      reservationId: this.ids.next('rsv', shardOfRef(channelId ?? '', key)),
      key,
      channelId,
      sku,
      nodeId: this.memory.nodeIdOf(nodeNo),
      quantity,
      state: 'soft',
      expiresAt: expiryOf(this.now(), command.expiresInSeconds),
      version: 1,
    }
    return this.keep(attempt, undefined, after, itemNo, nodeNo)
  }

  private decideAction(attempt: Attempt<ActOnReservation>, { reservationId, action }: ActOnReservation): DecidedReserve | undefined {
    if (this.moving.has(reservationId)) return undefined
    const row = this.loaded.get(attempt)?.row
    if (row === undefined)
      return {
        attempt,
        outcome: refuse('reservation_unknown', { en: 'there is no such reservation', zh: '预留不存在' }, { got: reservationId }),
      }
    const { expectedVersion } = attempt.context
    if (expectedVersion !== undefined && expectedVersion !== row.version)
      return {
        attempt,
        outcome: refuse(
          'version_conflict',
          { en: `the reservation is at version ${row.version}`, zh: `该预留当前为第 ${row.version} 版` },
          { expected: expectedVersion, got: row.version },
        ),
      }
    const before = this.reservationOf(row)
    const outcome = actOnReservation(before, action, this.now())
    if (outcome.status === 'refused') return { attempt, outcome }
    if (outcome.value === before) return { attempt, outcome: outcomeWith(before, false) }
    return this.keep(attempt, before, outcome.value, row.itemNo, row.nodeNo)
  }

  /** Memory moves on to what was decided. */
  private keep(
    attempt: Attempt<ReserveCommand>,
    before: Reservation | undefined,
    after: Reservation,
    itemNo: number,
    nodeNo: number,
  ): DecidedReserve {
    const soft = before === undefined ? after.quantity : after.state === 'soft' ? 0 : -after.quantity
    const touched: Touched = {
      stock: soft === 0 ? [] : [{ itemNo, nodeNo, soft, firm: 0, committed: 0, onHand: 0 }],
      account: undefined,
      capacity: [],
    }
    holdTouched(touched, this.memory, 1)
    if (before === undefined) this.claiming.add(keyOf(after))
    else this.moving.add(after.reservationId)
    return { attempt, outcome: outcomeWith(after, true), change: { before, after, itemNo, nodeNo, touched } }
  }

  doubtful(decided: DecidedReserve): boolean {
    return decided.isDoubtful === true && this.refreshedAt.get(decided.attempt) !== decided.attempt.rounds
  }

  /** Reads the keys and the stock that refusals stand on, or the stock that failed decisions were about. */
  async refresh(doubted: readonly DecidedReserve[]): Promise<void> {
    const making = doubted.filter((one) => one.isDoubtful === true).map((one) => one.attempt)
    for (const attempt of making) {
      attempt.lookUp = true
      this.refreshedAt.set(attempt, attempt.rounds)
    }
    if (making.length > 0) await this.load(making)
    const itemNos = new Set<number>()
    for (const { command } of making) {
      if (command.kind !== 'makeReservation') continue
      const sku = command.channelId === undefined ? command.sku : this.memory.skuOfCode(command.channelId, command.sku)
      const item = this.memory.items.get(sku)
      if (item !== undefined) itemNos.add(item.itemNo)
    }
    if (itemNos.size > 0) for (const row of await stockOfItems(this.pool, [...itemNos])) this.memory.setStock(row)
    await this.readTouched(doubted)
  }

  private async readTouched(decided: readonly DecidedReserve[]): Promise<void> {
    const positions = new Map<string, { readonly itemNo: number; readonly nodeNo: number }>()
    for (const { change } of decided) if (change !== undefined) positions.set(`${change.itemNo}:${change.nodeNo}`, change)
    if (positions.size > 0) for (const row of await stockAt(this.pool, [...positions.values()])) this.memory.setStock(row)
  }

  claims(decided: readonly DecidedReserve[]): Write[] {
    const made: Omit<ReservationRow, 'state' | 'version' | 'orderId'>[] = []
    const acted: ReservationId[] = []
    const stock = new Map<string, { readonly itemNo: number; readonly nodeNo: number }>()
    let last: DecidedReserve['change']
    for (const { change, attempt } of decided) {
      if (change === undefined) continue
      const { after, itemNo, nodeNo } = change
      if (attempt.command.kind === 'makeReservation') made.push({ ...after, itemNo, nodeNo, inputHash: attempt.command.inputHash })
      else acted.push(after.reservationId)
      if (last?.itemNo !== itemNo || last.nodeNo !== nodeNo) stock.set(`${itemNo}:${nodeNo}`, change)
      last = change
    }
    return [claimReservations(made), lockReservations(acted), lockStock([...stock.values()])]
  }

  examine(
    decided: readonly DecidedReserve[],
    results: readonly (readonly Row[])[],
    lost: readonly DecidedReserve[],
  ): Examined<DecidedReserve> {
    const [taken = [], versions = [], stock = []] = results
    this.locked = new LockedRows(this.memory)
    this.locked.take([], stock, [])
    const takenIds = new Set(taken.map((row) => String(row['holder_id'])))
    const versionOf = new Map(versions.map((row) => [String(row['holder_id']), Number(row['version'])]))
    const hasClaim = (id: ReservationId): boolean => takenIds.size === 0 || !takenIds.has(idToInt8(id))
    const stands = ({ change }: DecidedReserve): boolean => {
      if (change === undefined) return true
      const { before, after, touched } = change
      const { reservationId } = after
      const isSame = before === undefined ? hasClaim(reservationId) : versionOf.get(idToInt8(reservationId)) === before.version
      return isSame && this.locked.apply(touched)
    }
    const keep: DecidedReserve[] = []
    const again: DecidedReserve[] = []
    for (const one of decided) (stands(one) ? keep : again).push(one)
    const voided = [...again, ...lost].flatMap(({ change }) =>
      change !== undefined && change.before === undefined && hasClaim(change.after.reservationId) ? [change.after.reservationId] : [],
    )
    return { keep, again, release: voided.length === 0 ? [] : [unclaimReservations(voided)] }
  }

  writes(keep: readonly DecidedReserve[]): Write[] {
    const moved = keep.flatMap(({ change }) => (change?.before === undefined ? [] : [change.after]))
    return [...this.locked.writes(), ...(moved.length > 0 ? [moveReservations(moved)] : [])]
  }

  verify(keep: readonly DecidedReserve[], counts: readonly number[]): void {
    const moved = keep.reduce((sum, { change }) => sum + (change?.before === undefined ? 0 : 1), 0)
    if (counts[0] !== this.locked.stockRows) throw new Defect(`the stock guard let ${counts[0]} of ${this.locked.stockRows} rows through`)
    if (moved !== (counts[1] ?? 0)) throw new Defect(`${counts[1]} of ${moved} locked reservations could be moved`)
  }

  log(keep: readonly DecidedReserve[]): LogRow[] {
    const at = this.now()
    const nodeLists = new Map<string, readonly string[]>()
    const nodesOf = (nodeId: string): readonly string[] => {
      let list = nodeLists.get(nodeId)
      if (list === undefined) nodeLists.set(nodeId, (list = [nodeId]))
      return list
    }
    const rows: LogRow[] = []
    for (const { change, attempt } of keep) {
      if (change === undefined) continue
      rows.push(reservationRow(change, nodesOf(change.after.nodeId), attempt, at))
    }
    return rows
  }

  committed(keep: readonly DecidedReserve[]): void {
    this.locked.teach(true)
    for (const one of keep) this.forget(one)
  }

  async reload(decided: readonly DecidedReserve[]): Promise<void> {
    this.locked.teach(true)
    await this.readTouched(decided)
    for (const one of decided) this.forget(one)
  }

  undone(decided: readonly DecidedReserve[]): void {
    this.locked.teach(false)
    for (const one of decided) this.forget(one)
  }

  private forget({ change }: DecidedReserve): void {
    if (change === undefined) return
    holdTouched(change.touched, this.memory, -1)
    if (change.before === undefined) this.claiming.delete(keyOf(change.after))
    else this.moving.delete(change.after.reservationId)
  }

  outcomeOf(decided: DecidedReserve): CommandOutcome {
    return decided.outcome
  }

  private reservationOf(row: ReservationRow): Reservation {
    return nameReservation(row, this.memory)
  }
}

/** A stored reservation in the words of the trade. */
export function nameReservation(row: ReservationRow, memory: Memory): Reservation {
  const { reservationId, key, channelId, itemNo, nodeNo, quantity, state, expiresAt, version, orderId } = row
  return {
    reservationId,
    key,
    channelId,
    sku: memory.skuOf(itemNo),
    nodeId: memory.nodeIdOf(nodeNo),
    quantity,
    state,
    expiresAt: instant(expiresAt),
    version,
    ...(orderId === undefined ? {} : { orderId }),
  }
}

const outcomeWith = (reservation: Reservation, fresh: boolean): CommandOutcome => done({ version: reservation.version, fresh, reservation })

const keyOf = ({ key, channelId }: { readonly key: string; readonly channelId?: string | undefined }): string =>
  `${channelId ?? ''}\u0000${key}`
