import type { IntakeResult } from '../../contract/capabilities/channel.ts'
import type { OrderInput } from '../../contract/entities/order.ts'
import { type AppliedBody, decideIntake, type IncomingBody, isElsewhere, knownAfter } from '../domain/channel-intake/decide-intake.ts'
import type { OrderChange } from '../domain/order/change.ts'
import { splitPerson } from '../domain/order/person.ts'
import { assert, Defect, present } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import { type OrderId, shardOfRef } from '../kernel/ids.ts'
import { canonicalJson } from '../kernel/lossless-json.ts'
import type { Refusal } from '../kernel/outcome.ts'
import { instant } from '../kernel/time.ts'
import { type BodyHead, insertBody, readBodyHeads, updatePersons } from '../store/channel-bodies.ts'
import type { Ref } from '../store/order-reads.ts'
import { personOfOrder, resealPerson, sealPerson } from '../store/seal-person.ts'
import { openBytes, type PersonKey } from '../store/vault.ts'
import type { Write } from '../store/write.ts'
import { BodyKeeper, type IntakeDeps, type Part } from './body-keeper.ts'
import type { ActOnOrder, PlaceOrder } from './families/order-command.ts'
import { unpackBody } from './kept-body.ts'
import type { MappingIssue } from './ports/channel-mapper.ts'

/** Bodies of one order that come at once undo each other's decision; each round at least one of them is through. */
const ROUNDS_MAX = 60

/** Takes one order of a channel's body: whatever it says, it is kept, in the same transaction as what it changes. */
export class OrderIntake {
  private readonly deps: IntakeDeps
  private readonly bodies: BodyKeeper

  constructor(deps: IntakeDeps) {
    this.deps = deps
    this.bodies = new BodyKeeper(deps)
  }

  /** Orders that one body tells of, no two of them the same; where they stand is read at once. */
  async takeAll(parts: readonly Part[]): Promise<IntakeResult[]> {
    const heads = await readBodyHeads(
      this.deps.pool,
      parts.flatMap((part) => refOf(part) ?? []),
    )
    return Promise.all(parts.map((part) => this.take(part, heads.get(part.externalRef ?? ''))))
  }

  private async take(part: Part, found: BodyHead | undefined): Promise<IntakeResult> {
    const incoming = part.incoming ?? this.deletionOf(part, found)
    const ref = refOf(part)
    if (incoming === undefined || ref === undefined)
      return this.bodies.keepAside(part, part.verdict === 'ignored' ? 'discarded' : 'inbox', part.issues)
    let head = found
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const result = head === undefined ? await this.create(part, incoming, ref.shard) : await this.takeOnto(part, incoming, head)
      if (result !== undefined) return result
      head = (await readBodyHeads(this.deps.pool, [ref])).get(ref.externalRef)
    }
    throw new Fault('contended', `${ROUNDS_MAX} other bodies of ${ref.externalRef} were faster; send it again`, 'later')
  }

  /** A notice that names an order and says no more than that it is gone: what is known of it, cancelled. */
  private deletionOf({ verdict, externalRef, hash }: Part, head: BodyHead | undefined): IncomingBody | undefined {
    if (verdict !== 'ignored' || externalRef === undefined) return undefined
    if (head?.wrappedKey === undefined || head.applied === undefined) return undefined
    const known = this.knownOf(head, this.deps.vault.openKey(personOfOrder(head.orderId), head.wrappedKey))
    return { ...known, cancelled: known.cancelled ?? {}, bodyHash: Buffer.from(hash).toString('hex') }
  }

  private knownOf(head: BodyHead, key: PersonKey): AppliedBody {
    const sealed = present(head.applied, 'the body applied last').sealed
    return latestOf(present(unpackBody(openBytes(key, 'body', sealed)).header.known, 'what is known of an applied body'), head)
  }

  /** A new order. Undefined when another body of the same order was faster. */
  private async create(part: Part, incoming: IncomingBody, shard: number): Promise<IntakeResult | undefined> {
    const decision = decideIntake(undefined, incoming)
    assert(decision.kind === 'create', 'a body without a predecessor makes an order')
    const bodyId = this.deps.ids.next('inb', shard)
    const { order } = incoming
    let sealed: { readonly orderId: OrderId; readonly key: PersonKey } | undefined
    const command: PlaceOrder = {
      kind: 'placeOrder',
      order: this.withOwnSkus(order),
      origin: 'channel',
      inputHash: Buffer.from(incoming.bodyHash, 'hex'),
      shard,
      reviewReasons: decision.reviewReasons,
      ...(incoming.platformVersion === undefined ? {} : { platformVersion: incoming.platformVersion }),
      seal: (orderId) => {
        const { key, ...person } = sealPerson(this.deps.vault, this.deps.blindIndex, orderId, splitPerson(order))
        sealed = { orderId, key }
        return person
      },
      // An order that was there already has a key of its own: what it says is decided anew.
      bodyWrites: (orderId, change) =>
        sealed?.orderId === orderId && change !== undefined && change.before === undefined
          ? [insertBody(this.bodies.rowOf(part, bodyId, sealed.key, { orderId, state: stateOf(change), known: incoming }))]
          : [],
    }
    const outcome = await this.deps.engine.submit(command, { ...part.context, cause: bodyId })
    if (outcome.status === 'refused')
      return outcome.code === 'external_ref_conflict' ? undefined : this.bodies.keepAside(part, 'inbox', [...part.issues, issueOf(outcome)])
    if (outcome.value.fresh !== true) return undefined
    const change = present(outcome.value.change, 'the change of a new order')
    const made = { ...this.bodies.resultOf(part, bodyId, stateOf(change)), created: true, ...seen(change) }
    return incoming.cancelled === undefined ? made : this.cancelAtOnce(part, change, made)
  }

  /** The sale was undone before its first body came. What stands in the way leaves the order in review. */
  private async cancelAtOnce(part: Part, change: OrderChange, made: IntakeResult): Promise<IntakeResult> {
    const { intake, state } = change.after
    const command: ActOnOrder = {
      kind: 'actOnOrder',
      orderId: intake.orderId,
      action: { action: 'cancel', reason: 'cancelled_by_channel' },
    }
    const outcome = await this.deps.engine.submit(command, { ...part.context, cause: made.inboxId, expectedVersion: state.version })
    return outcome.status === 'done' && outcome.value.change !== undefined ? { ...made, ...seen(outcome.value.change) } : made
  }

  /** A body of an order that is there. Undefined when the order moved on meanwhile. */
  private async takeOnto(part: Part, incoming: IncomingBody, head: BodyHead): Promise<IntakeResult | undefined> {
    if (head.wrappedKey === undefined) return this.bodies.keepWithoutContent(part, head)
    const key = this.deps.vault.openKey(personOfOrder(head.orderId), head.wrappedKey)
    if (head.applied === undefined) return this.bodies.keepAside(part, 'inbox', [...part.issues, refTaken(head.orderId)])
    const applied = this.knownOf(head, key)
    const decision = decideIntake(part.replay === undefined ? applied : asReadNow(applied, incoming), incoming)
    if (decision.kind === 'sameBody' || decision.kind === 'olderRecorded')
      return this.bodies.keepBeside(part, head, key, decision.kind === 'sameBody' ? 'same' : 'older')
    assert(decision.kind === 'newVersion', 'a body with a predecessor makes no order')
    const { patch, changed, reviewReasons, cancellationRequested } = decision
    const after = knownAfter(applied, incoming)
    const bodyId = this.bodies.idAfter(head)
    const command: ActOnOrder = {
      kind: 'actOnOrder',
      orderId: head.orderId,
      action: {
        action: 'amend',
        changed,
        reasons: reviewReasons,
        entries: patch.payments ?? [],
        told: {
          ...(incoming.platformVersion === undefined ? {} : { platformVersion: incoming.platformVersion }),
          ...(patch.promisedBy === undefined ? {} : { promisedBy: patch.promisedBy }),
          ...(patch.attributes === undefined ? {} : { attributes: patch.attributes }),
          ...(patch.documents === undefined ? {} : { documents: patch.documents }),
        },
        ...(cancellationRequested === undefined ? {} : { isCancelled: true }),
      },
      bodyWrites: (orderId, change) => [
        insertBody(this.bodies.rowOf(part, bodyId, key, { orderId, state: stateOf(change), known: after })),
        ...(changed.some((field) => field === 'customer' || field === 'shipTo' || field === 'note')
          ? [this.personWrite(head, key, after.order)]
          : []),
      ],
    }
    const outcome = await this.deps.engine.submit(command, { ...part.context, cause: bodyId, expectedVersion: head.version })
    if (outcome.status === 'refused' && outcome.code === 'version_conflict') return undefined
    if (outcome.status === 'refused') throw new Defect(`a channel's body was refused on ${head.orderId}: ${outcome.code}`)
    const change = present(outcome.value.change, 'the change of an amended order')
    return { ...this.bodies.resultOf(part, bodyId, stateOf(change)), ...seen(change) }
  }

  private personWrite(head: BodyHead, key: PersonKey, order: OrderInput): Write {
    const { countryCode, region, city } = order.shipTo
    const moved = { countryCode, ...(region === undefined ? {} : { region }), ...(city === undefined ? {} : { city }) }
    const { person, contact } = splitPerson(order)
    const now = isElsewhere(head.shipTo, order.shipTo) ? { ...person, shipTo: { ...person.shipTo, ...moved } } : person
    return updatePersons(key.personId, resealPerson(this.deps.blindIndex, key, { person: now, contact }))
  }

  /** The platform's codes replaced by the SKUs that the hub's items name as their aliases. */
  private withOwnSkus(order: OrderInput): OrderInput {
    const { memory } = this.deps
    return { ...order, lines: order.lines.map((line) => ({ ...line, sku: memory.skuOfCode(order.channelId, line.sku) })) }
  }
}

const refOf = ({ channelId, externalRef }: Part): Ref | undefined =>
  externalRef === undefined ? undefined : { shard: shardOfRef(channelId, externalRef), channelId, externalRef }

const stateOf = (change: OrderChange | undefined): 'applied' | 'review' => (change?.after.state.state === 'review' ? 'review' : 'applied')

function seen({ after: { intake, state } }: OrderChange): Pick<IntakeResult, 'orderId' | 'version' | 'reviewReasons'> {
  const reasons = state.state === 'review' ? [...state.reviewReasons] : []
  return { orderId: intake.orderId, version: state.version, ...(reasons.length > 0 ? { reviewReasons: reasons } : {}) }
}

/** The last applied content with the latest version that the platform told of it. */
function latestOf(known: AppliedBody, head: BodyHead): AppliedBody {
  const version = Math.max(known.platformVersion ?? -Infinity, head.platformVersion ?? -Infinity)
  return Number.isFinite(version) ? { ...known, platformVersion: instant(version) } : known
}

/** A replay of the same bytes says something new where the mapping reads them otherwise than it did. */
function asReadNow(applied: AppliedBody, incoming: IncomingBody): AppliedBody {
  const reading = ({ order, warnings, cancelled }: AppliedBody): string => canonicalJson({ order, warnings, cancelled })
  return reading(knownAfter(applied, incoming)) === reading(applied) ? applied : { ...applied, bodyHash: '' }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null)).slice(0, 200)

/** A rule of the hub that the order breaks although the sale has happened. */
const issueOf = ({ code, detail, pointer, expected, got }: Refusal): MappingIssue => ({
  code,
  severity: 'error',
  path: pointer ?? '$',
  expected: expected === undefined ? detail.en : textOf(expected),
  got: textOf(got),
})

const refTaken = (orderId: OrderId): MappingIssue => ({
  code: 'external_ref_conflict',
  severity: 'error',
  path: '$',
  expected: "a reference that is free, or one that this channel's bodies made",
  got: `${orderId} has it and came another way`,
})
