import type { OrderChange } from '../domain/order/change.ts'
import type { CanonicalScan } from '../domain/parcel/canonical-scan.ts'
import { Defect } from '../kernel/assert.ts'
import { idFromInt8, type IdSource, idToInt8, type InboxId, type PersonId, shardOfId, shardOfRef } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import { insertBodyOwner } from '../store/channel-bodies.ts'
import type { Queryable } from '../store/database.ts'
import {
  insertScanBody,
  isUnmatchedKept,
  type OpenScanBody,
  type ScanBodyState,
  settleScanBody,
  takeOpenScanBodies,
} from '../store/scan-bodies.ts'
import { type ScanOwner, upsertScans } from '../store/scans.ts'
import { openBytes, sealText, type Vault } from '../store/vault.ts'
import type { Write } from '../store/write.ts'
import type { Command, CommandContext, CommandOutcome } from './command.ts'
import type { KeepBody } from './families/body-family.ts'
import type { CarrierFacts, ScanIssue } from './ports/carrier-mapper.ts'

export type ScanDeps = {
  readonly vault: Vault
  readonly engine: { submit(command: Command, context: CommandContext): Promise<CommandOutcome> }
  readonly pool: Queryable
  readonly ids: IdSource
  /** Business time. */
  now(): Instant
}

/** What a body tells of one parcel, or a whole body that tells of none. */
export type ScanPart = {
  readonly facts: CarrierFacts
  readonly mappingVersion: number
  readonly trackingNo?: string
  readonly scans: readonly CanonicalScan[]
  readonly raw: Uint8Array
  readonly hash: Uint8Array
  readonly issues: readonly ScanIssue[]
  /** The kept body that it is read from once more. */
  readonly kept?: InboxId
  /** The number it will be kept under, where its order's events name it as their cause. */
  readonly bodyId?: InboxId
}

const NOBODY = JSON.stringify({ customer: {}, shipTo: {} })

/** Keeps what carriers sent: beside an order's change, or by a command of its own where no order changes. */
export class ScanKeeper {
  private readonly deps: ScanDeps

  constructor(deps: ScanDeps) {
    this.deps = deps
  }

  takeOpen(limit: number, versions: ReadonlyMap<string, number>): Promise<OpenScanBody[]> {
    return takeOpenScanBodies(this.deps.pool, this.deps.now(), limit, versions)
  }

  open({ personId, wrappedKey, sealed }: OpenScanBody): Buffer {
    return openBytes(this.deps.vault.openKey(personId, wrappedKey), 'body', sealed)
  }

  /** Rows beside the change that scans made: the body, sealed, and the scans. Nothing new leaves nothing. */
  writesBeside(part: ScanPart, owner: ScanOwner, change: OrderChange | undefined): readonly Write[] {
    const isNews = change !== undefined && change.events.length > 0
    const settled = part.kept === undefined ? [] : [settleScanBody(part.kept, 'applied', part.mappingVersion, hasUnknown(part), owner)]
    if (!isNews) return settled
    const body = part.kept === undefined ? this.bodyRows(part, 'applied', owner, shardOfId(owner.orderId)).writes : settled
    return [...body, this.scanRows(part, owner)]
  }

  /** Scans of a parcel that nobody has packed yet; false where the same words are kept already. */
  async keepUnmatched(part: ScanPart, context: CommandContext): Promise<boolean> {
    const { carrierId } = part.facts
    const trackingNo = part.trackingNo ?? ''
    if (part.kept !== undefined) {
      const settled = settleScanBody(part.kept, 'unmatched', part.mappingVersion, hasUnknown(part), undefined)
      await this.submit(part, part.kept, 'unmatched', [settled, this.scanRows(part, undefined)], context)
      return true
    }
    if (await isUnmatchedKept(this.deps.pool, trackingNo, carrierId, part.hash)) return false
    const { bodyId, writes } = this.bodyRows(part, 'unmatched', undefined, shardOfRef(carrierId, trackingNo))
    await this.submit(part, bodyId, 'unmatched', [...writes, this.scanRows(part, undefined)], context)
    return true
  }

  /** A body that tells of no parcel: an error of the carrier's, another document, or one that no mapping reads. */
  async keepUnread(part: ScanPart, context: CommandContext): Promise<void> {
    const { bodyId, writes } = this.bodyRows(
      part,
      'unread',
      undefined,
      shardOfRef(part.facts.carrierId, Buffer.from(part.hash).toString('hex')),
    )
    await this.submit(part, bodyId, 'unread', writes, context)
  }

  private async submit(
    part: ScanPart,
    bodyId: InboxId,
    state: 'unmatched' | 'unread',
    bodyWrites: readonly Write[],
    context: CommandContext,
  ) {
    const { facts, trackingNo, scans, issues } = part
    const data = {
      carrierId: facts.carrierId,
      ...(trackingNo === undefined ? {} : { trackingNo }),
      state,
      scans: scans.length,
      reasons: [...new Set(issues.map((one) => one.code))],
    }
    const command: KeepBody = { kind: 'keepBody', event: 'scans.kept', bodyId, shard: shardOfId(bodyId), data, bodyWrites }
    const outcome = await this.deps.engine.submit(command, context)
    if (outcome.status === 'refused') throw new Defect(`scans were not kept: ${outcome.code}`)
  }

  /** Every body has a key of its own, as if it were somebody, so that it can be erased with the buyer of its parcel. */
  private bodyRows(part: ScanPart, state: ScanBodyState, owner: ScanOwner | undefined, shard: number) {
    const { facts, mappingVersion, trackingNo, hash, raw, issues } = part
    const bodyId: InboxId = part.bodyId ?? this.deps.ids.next('inb', shard)
    const personId: PersonId = idFromInt8('per', idToInt8(bodyId))
    const key = this.deps.vault.createKey(personId)
    const row = {
      bodyId,
      personId,
      carrierId: facts.carrierId,
      format: facts.format,
      mappingVersion,
      trackingNo,
      inputHash: hash,
      state,
      hasUnknown: hasUnknown(part),
      owner,
      receivedAt: this.deps.now(),
      sealed: sealText(key, 'body', raw),
      issues,
    }
    return { bodyId, writes: [insertBodyOwner(shard, personId, key.wrapped, sealText(key, 'person', NOBODY)), insertScanBody(row)] }
  }

  private scanRows({ facts, trackingNo = '', scans }: ScanPart, owner: ScanOwner | undefined): Write {
    return upsertScans(facts.carrierId, trackingNo, scans, owner, this.deps.now())
  }
}

const hasUnknown = ({ scans }: ScanPart): boolean => scans.some((scan) => scan.meaning === undefined)
