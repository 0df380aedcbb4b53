import type { BodyIssue, IntakeResult } from '../../contract/capabilities/channel.ts'
import type { AppliedBody, IncomingBody } from '../domain/channel-intake/decide-intake.ts'
import { Defect } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import { idFromInt8, type IdSource, idToInt8, type InboxId, type OrderId, type PersonId, shardOfId, shardOfRef } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import type { BlindIndex } from '../store/blind-index.ts'
import { type BodyHead, type BodyRow, type BodyState, insertBody, insertBodyOwner, updateBodyIssues } from '../store/channel-bodies.ts'
import type { Queryable } from '../store/database.ts'
import { personOfOrder } from '../store/seal-person.ts'
import { type PersonKey, sealText, type Vault } from '../store/vault.ts'
import type { Write } from '../store/write.ts'
import type { Command, CommandContext, CommandOutcome } from './command.ts'
import type { KeepBody } from './families/body-family.ts'
import { packBody } from './kept-body.ts'
import type { Memory } from './memory.ts'
import type { Delivery, MappingIssue, MappingVerdict } from './ports/channel-mapper.ts'

export type IntakeDeps = {
  readonly vault: Vault
  readonly blindIndex: BlindIndex
  readonly engine: { submit(command: Command, context: CommandContext): Promise<CommandOutcome> }
  readonly pool: Queryable
  readonly memory: Memory
  readonly ids: IdSource
  /** Business time. */
  now(): Instant
}

/** One order of a body, or a whole body that holds none. */
export type Part = {
  readonly channelId: string
  readonly externalRef: string | undefined
  readonly verdict: MappingVerdict
  /** Absent exactly where no order could be made. */
  readonly incoming: IncomingBody | undefined
  readonly issues: readonly MappingIssue[]
  readonly raw: Uint8Array
  readonly hash: Uint8Array
  readonly delivery: Delivery | undefined
  readonly context: CommandContext
  /** A person asked for it again: `entry` is the inbox entry that it is, where it is one. */
  readonly replay?: { readonly entry: InboxId | undefined }
  /** What came, where `raw` is what a person made of it. */
  readonly original?: Uint8Array
}

const NOBODY = JSON.stringify({ customer: {}, shipTo: {} })

/** The person row of a body that belongs to no order has the number of the body. */
const ownerOf = (bodyId: InboxId): PersonId => idFromInt8('per', idToInt8(bodyId))

/** Keeps what a channel sent: as rows beside an order's change, or by a command of its own where no order changes. */
export class BodyKeeper {
  private readonly deps: IntakeDeps

  constructor(deps: IntakeDeps) {
    this.deps = deps
  }

  /** Recorded beside its order, which stays as it is. */
  async keepBeside(part: Part, head: BodyHead, key: PersonKey, state: 'same' | 'older'): Promise<IntakeResult> {
    const { orderId } = head
    const bodyId = this.idAfter(head)
    await this.keep(part, bodyId, state, [insertBody(this.rowOf(part, bodyId, key, { orderId, state }))])
    return { ...this.resultOf(part, bodyId, state), orderId, version: head.version }
  }

  /** The buyer was erased: that the body came is recorded, what it says is not, under a key that nobody has. */
  async keepWithoutContent(part: Part, head: BodyHead): Promise<IntakeResult> {
    const { orderId } = head
    const bodyId = this.idAfter(head)
    const key = this.deps.vault.createKey(personOfOrder(orderId))
    const row = this.rowOf({ ...part, raw: new Uint8Array() }, bodyId, key, { orderId, state: 'older' })
    await this.keep(part, bodyId, 'older', [insertBody(row)], ['person_erased'])
    return { ...this.resultOf(part, bodyId, 'older'), orderId, version: head.version, reviewReasons: ['person_erased'] }
  }

  /** A body that makes no order has a key of its own, as if it were somebody, so that it can be erased like a buyer. */
  async keepAside(part: Part, state: 'inbox' | 'discarded', issues: readonly MappingIssue[]): Promise<IntakeResult> {
    const { channelId, externalRef } = part
    const reasons = [...new Set(issues.map((one) => one.code))]
    const entry = part.replay?.entry
    if (entry !== undefined) {
      await this.keep(part, entry, state, [updateBodyIssues(entry, state, issues, externalRef)], reasons, true)
      return this.resultOf({ ...part, issues }, entry, state)
    }
    const { ids, vault } = this.deps
    const shard = shardOfRef(channelId, externalRef ?? Buffer.from(part.hash).toString('hex'))
    const bodyId = ids.next('inb', shard)
    const key = vault.createKey(ownerOf(bodyId))
    const row = this.rowOf({ ...part, issues }, bodyId, key, { state })
    const owner = insertBodyOwner(shard, key.personId, key.wrapped, sealText(key, 'person', NOBODY))
    await this.keep(part, bodyId, state, [owner, insertBody(row)], reasons)
    return this.resultOf({ ...part, issues }, bodyId, state)
  }

  private async keep(
    part: Part,
    bodyId: InboxId,
    state: BodyState,
    bodyWrites: readonly Write[],
    reasons: readonly string[] = [],
    isThere = false,
  ): Promise<void> {
    const { channelId, externalRef } = part
    const data = { channelId, ...(externalRef === undefined ? {} : { externalRef }), state, reasons: [...reasons] }
    const there = isThere ? { isThere: true as const } : {}
    const command: KeepBody = { kind: 'keepBody', event: 'body.kept', bodyId, shard: shardOfId(bodyId), data, bodyWrites, ...there }
    const outcome = await this.deps.engine.submit(command, part.context)
    if (outcome.status === 'refused') throw new Defect(`a body was not kept: ${outcome.code}`)
  }

  rowOf(
    part: Part,
    bodyId: InboxId,
    key: PersonKey,
    { orderId, state, known }: { readonly orderId?: OrderId; readonly state: BodyState; readonly known?: AppliedBody },
  ): BodyRow {
    const { delivery, original } = part
    const header = {
      ...(known === undefined ? {} : { known }),
      ...(delivery === undefined ? {} : { delivery }),
      ...(original === undefined ? {} : { original: Buffer.from(original).toString('base64') }),
    }
    return {
      bodyId,
      shard: shardOfId(bodyId),
      personId: key.personId,
      channelId: part.channelId,
      externalRef: part.externalRef,
      orderId,
      state,
      platformVersion: part.incoming?.platformVersion,
      inputHash: part.hash,
      receivedAt: this.deps.now(),
      sealed: sealText(key, 'body', packBody(header, part.raw)),
      issues: part.issues,
    }
  }

  resultOf(part: Part, inboxId: InboxId, state: BodyState): IntakeResult {
    const { externalRef } = part
    const issues: BodyIssue[] = part.issues.map((one) => ({ ...one }))
    return {
      state: state === 'discarded' ? 'ignored' : state === 'replayed' ? 'same' : state,
      ...(externalRef === undefined ? {} : { externalRef }),
      inboxId,
      ...(issues.length > 0 ? { issues } : {}),
    }
  }

  /** Bodies of an order are in the order of their numbers, whichever process takes them and however its clock stands. */
  idAfter(head: BodyHead): InboxId {
    const shard = shardOfId(head.orderId)
    const last = head.applied === undefined ? 0n : BigInt(idToInt8(head.applied.bodyId))
    for (let i = 0; i < 1_000_000; i++) {
      const id = this.deps.ids.next('inb', shard)
      if (BigInt(idToInt8(id)) > last) return id
    }
    throw new Fault('contended', `the wall clock is behind that of the process which took the last body of ${head.orderId}`, 'later')
  }
}
