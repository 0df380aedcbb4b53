import { createHash } from 'node:crypto'
import type { OrderInput, PaymentInput } from '../../contract/entities/order.ts'
import type { WorkAction } from '../../contract/entities/fulfillment-order.ts'
import type { WorkCommand } from '../../server/domain/fulfillment/work-command.ts'
import type { Order, PlannedOrder } from '../../server/domain/order/state.ts'
import type { OrderAction } from '../../server/domain/placement/act-on-order.ts'
import { workActionsOf } from '../../server/domain/fulfillment/allowed-work.ts'
import type { CommandContext, CommandOutcome } from '../../server/engine/command.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { Fault } from '../../server/kernel/fault.ts'
import { type OrderId, type PersonId, shardOfRef } from '../../server/kernel/ids.ts'
import { type Cart, isDone, type Entry, type Journal } from './journal.ts'
import type { Chance } from './random.ts'
import { CHANNELS, CONTEXT, NODES, SKUS, type World } from './world.ts'

const PRICE = 1000
const RETRIES = 4

/** Commands as their wrapper sends them; a planted bug may change them on the way. */
export type Bend = (context: CommandContext) => CommandContext

/** One simulated caller: chooses, sends to either hub, sends again when no answer came, and writes down what it was told. */
export class Caller {
  private readonly world: World
  private readonly journal: Journal
  private readonly random: Chance
  private readonly name: string
  private readonly bend: Bend
  private count = 0

  constructor(world: World, journal: Journal, random: Chance, name: string, bend: Bend) {
    this.world = world
    this.journal = journal
    this.random = random
    this.name = name
    this.bend = bend
  }

  async run(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) await this.step()
  }

  private step(): Promise<void> {
    const { random } = this
    const dice = random.next()
    if (dice < 0.32 || this.journal.orderIds.length === 0) return this.place()
    if (dice < 0.4) return this.reserve()
    if (dice < 0.52) return this.pay()
    if (dice < 0.62) return this.cancel()
    if (dice < 0.7) return this.adjust()
    if (dice < 0.74) return this.count_()
    if (dice < 0.82) return this.versioned()
    if (dice < 0.86) return this.simple({ action: 'release' })
    if (dice < 0.89) return this.simple({ action: 'approve' })
    if (dice < 0.9) return this.simple({ action: 'tick' })
    if (dice < 0.92) return this.actOnCart()
    if (dice < 0.94) return this.fightOverCart()
    if (dice < 0.99) return this.work()
    this.world.advance(random.below(15 * 60_000))
    return Promise.resolve()
  }

  private ref(): string {
    this.count += 1
    return `${this.name}-${this.count}`
  }

  private place(): Promise<void> {
    const { random } = this
    return this.placeFor(random.is(0.3) && this.journal.carts.length > 0 ? random.pick(this.journal.carts.slice(-3)) : undefined)
  }

  private async placeFor(cart: Cart | undefined): Promise<void> {
    const { random } = this
    const channelId = cart?.channelId ?? random.pick(CHANNELS)
    const ref = random.is(0.1) && cart === undefined ? `shared-${random.below(20)}` : this.ref()
    const order = this.orderOf(channelId, ref, cart)
    const inputHash = createHash('sha256').update(JSON.stringify(order)).digest()
    const command = (hub: Hub) => ({
      kind: 'placeOrder' as const,
      order,
      origin: random.is(0.2) && cart === undefined ? ('channel' as const) : ('api' as const),
      inputHash,
      shard: shardOfRef(channelId, ref),
      seal: (orderId: OrderId) => hub.vault.seal(`per_${orderId.slice(4)}` as PersonId, '{}'),
    })
    const entry = this.journal.note({ what: 'place', ref, channelId, ...(cart === undefined ? {} : { cart: cart.reservationId }) })
    await this.send(entry, command, this.keyed(0.7, ref, inputHash))
    for (const one of entry.answers)
      if (one.status === 'done' && one.value.orderId !== undefined) this.journal.orderIds.push(one.value.orderId)
  }

  /** A cart holds a few units of something for a while; now and then two callers use one key. */
  private async reserve(): Promise<void> {
    const { random } = this
    const key = random.is(0.1) ? `shared-${random.below(20)}` : this.ref()
    const channelId = random.pick(CHANNELS)
    const sku = random.pick(SKUS)
    const quantity = 1 + random.below(3)
    const wish = { key, channelId, sku, quantity, expiresInSeconds: 60 + random.below(1200) }
    const entry = this.journal.note({ what: 'reserve', ref: key, channelId })
    const command = () => ({ kind: 'makeReservation', ...wish, inputHash: hashOf(JSON.stringify(wish)) })
    await this.send(entry, command, this.keyed(0.5, `cart/${key}`, hashOf(JSON.stringify(wish))))
    for (const one of entry.answers) {
      const made = one.status === 'done' ? (one.value['reservation'] as { reservationId: string }) : undefined
      if (made !== undefined) this.journal.carts.push({ reservationId: made.reservationId, channelId, sku, quantity })
    }
  }

  private async actOnCart(): Promise<void> {
    const cart = this.journal.carts.at(-1 - this.random.below(3))
    if (cart === undefined) return
    const action = this.random.pick([{ action: 'extend', expiresInSeconds: 600 }, { action: 'release' }, { action: 'expire' }])
    const command = () => ({ kind: 'actOnReservation', reservationId: cart.reservationId, action })
    await Promise.all([0, 1].slice(0, 1 + this.random.below(2)).map(() => this.once(command, CONTEXT).catch(swallowFault)))
  }

  /** Two orders name one cart at the same moment; one at most may take it over. */
  private async fightOverCart(): Promise<void> {
    await this.reserve()
    const cart = this.journal.carts.at(-1)
    if (cart !== undefined) await Promise.all([this.placeFor(cart), this.placeFor(cart)])
  }

  private orderOf(channelId: string, ref: string, cart?: Cart): OrderInput {
    const { random } = this
    const lines = Array.from({ length: 1 + random.below(2) }, (_, i) => ({
      lineRef: String(i + 1),
      sku: random.is(0.1) ? 'set' : random.pick(SKUS),
      quantity: 1 + random.below(3),
      unitPrice: PRICE,
    }))
    if (cart !== undefined) lines.push({ lineRef: 'cart', sku: cart.sku, quantity: cart.quantity, unitPrice: PRICE })
    const amount = lines.reduce((sum, line) => sum + line.quantity * PRICE, 0)
    const isPaid = random.is(0.5)
    return {
      channelId,
      externalRef: ref,
      placedAt: '2026-11-21T07:59:00Z',
      currency: 'CNY',
      shipTo: { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.28, lng: 120.13 },
      lines,
      ...(cart === undefined ? {} : { reservations: [{ reservationId: cart.reservationId }] }),
      ...(channelId === 'firm' || random.is(0.1) ? { accountId: 'acme' } : {}),
      ...(isPaid ? { payments: [{ kind: 'capture', method: 'card', amount }] } : {}),
    }
  }

  private async pay(): Promise<void> {
    const ref = this.ref()
    const orderId = this.random.pick(this.journal.orderIds)
    const isRefund = this.random.is(0.2)
    const entries: PaymentInput[] = [
      { kind: isRefund ? 'refund' : 'capture', method: 'card', amount: isRefund ? 500 : 6000, paymentRef: ref },
    ]
    const entry = this.journal.note({ what: 'pay', ref, orderId })
    await this.send(entry, () => act(orderId, { action: 'payments', entries }), this.keyed(0.7, ref, hashOf(ref)))
  }

  private async cancel(): Promise<void> {
    const orderId = this.random.pick(this.journal.orderIds)
    const ref = this.ref()
    const entry = this.journal.note({ what: 'cancel', ref, orderId })
    await this.send(entry, () => act(orderId, { action: 'cancel', reason: 'changed_mind' }), this.keyed(0.5, ref, hashOf(ref)))
  }

  private async adjust(): Promise<void> {
    const ref = this.ref()
    const input = {
      sku: this.random.pick(SKUS),
      nodeId: this.random.pick(NODES),
      delta: this.random.below(7) - 2 || 1,
      reason: 'receipt',
      ref,
    }
    const entry = this.journal.note({ what: 'adjust', ref })
    await this.send(entry, () => ({ kind: 'changeStock', rows: [{ index: 0, mode: 'adjust', input }] }), this.keyed(0.6, ref, hashOf(ref)))
  }

  private async count_(): Promise<void> {
    const input = { sku: this.random.pick(SKUS), nodeId: this.random.pick(NODES), onHand: this.random.below(9), reason: 'count' }
    await this.once(() => ({ kind: 'changeStock', rows: [{ index: 0, mode: 'count', input }] }), CONTEXT).catch(swallowFault)
  }

  /** Somebody at a node does what may be done next, several steps at a time; another caller may be there at the same moment. */
  private async work(): Promise<void> {
    const orderId = this.random.pick(this.journal.orderIds)
    for (let i = 0; i < 4; i++) {
      const seen = await this.once(() => act(orderId, { action: 'tick' }), CONTEXT).catch(swallowFault)
      const order = seen?.status === 'done' ? seen.value.change?.after : undefined
      const one = order?.state.fulfillmentOrders.find((work) => workActionsOf(order, work).length > 0)
      if (order === undefined || one === undefined) return
      const verb = this.random.pick(workActionsOf(order, one))
      const { fulfillmentOrderId } = one
      const action: OrderAction = this.random.is(0.1)
        ? this.random.is(0.5)
          ? { action: 'evacuate', fulfillmentOrderId, begun: this.random.is(0.5) ? 'move' : 'finish' }
          : { action: 'relieve', nodeId: one.nodeId, sku: one.lines[0]?.sku ?? '' }
        : { action: 'work', fulfillmentOrderId, verb, reason: 'asked', ...this.inputOf(verb, order, one) }
      await this.once(() => act(orderId, action), CONTEXT).catch(swallowFault)
    }
  }

  private inputOf(verb: WorkAction, { intake }: Order, work: PlannedOrder): Partial<WorkCommand> {
    if (verb === 'pick') return this.random.is(0.2) ? { lines: [], short: true } : {}
    if (verb === 'move') return this.random.is(0.5) ? { toNodeId: this.random.pick(NODES) } : {}
    const line = this.random.pick(work.lines)
    return verb === 'split' ? { lines: [{ lineRef: intake.lines[line.lineNo]?.lineRef ?? '', sku: line.sku, quantity: 1 }] } : {}
  }

  /** Two callers act on the version they both saw; at most one may succeed. */
  private async versioned(): Promise<void> {
    const orderId = this.random.pick(this.journal.orderIds)
    const seen = await this.once(() => act(orderId, { action: 'tick' }), CONTEXT).catch(swallowFault)
    if (seen?.status !== 'done' || seen.value.version === undefined) return
    const expectedVersion = seen.value.version
    await Promise.all(
      [0, 1].map(async () => {
        const holdId = `hld_${this.ref()}`
        const entry = this.journal.note({ what: 'versioned', ref: holdId, orderId, expectedVersion })
        const action = { action: 'hold' as const, reason: `check ${holdId}`, scope: 'order' as const, holdId }
        await this.send(entry, () => act(orderId, action), { ...CONTEXT, expectedVersion })
      }),
    )
  }

  private async simple(action: OrderAction): Promise<void> {
    const orderId = this.random.pick(this.journal.orderIds)
    await this.once(() => act(orderId, action), CONTEXT).catch(swallowFault)
  }

  private keyed(probability: number, key: string, inputHash: Uint8Array): CommandContext {
    return this.random.is(probability)
      ? { ...CONTEXT, idempotency: { credentialId: 'sim', key: `${this.name}/${key}`, inputHash } }
      : CONTEXT
  }

  /** With a key the command may be sent twice and again; without one a fault leaves open whether it was done. */
  private async send(entry: Entry, command: (hub: Hub) => object, context: CommandContext): Promise<void> {
    const times = context.idempotency !== undefined && this.random.is(0.3) ? 2 : 1
    const retries = context.idempotency === undefined ? 0 : RETRIES
    await Promise.all(
      Array.from({ length: times }, async () => {
        for (let i = 0; i <= retries; i++) {
          const outcome = await this.once(command, context).catch(swallowFault)
          if (outcome === undefined) continue
          entry.answers.push(outcome)
          return
        }
      }),
    )
  }

  private once(command: (hub: Hub) => object, context: CommandContext): Promise<CommandOutcome> {
    const hub = this.random.pick(this.world.hubs)
    return hub.engine.submit(command(hub) as never, this.bend(context))
  }
}

const act = (orderId: string, action: OrderAction) => ({ kind: 'actOnOrder' as const, orderId: orderId as OrderId, action })
const hashOf = (text: string): Uint8Array => createHash('sha256').update(text).digest()

/** Faults are the world's; a Defect is ours and ends the run. */
function swallowFault(error: unknown): undefined {
  if (!(error instanceof Fault)) throw error
  return undefined
}

export { isDone }
