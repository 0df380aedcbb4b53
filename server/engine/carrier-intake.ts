import { createHash } from 'node:crypto'
import type { ScanAnswer, ScanResult } from '../../contract/entities/parcel.ts'
import type { Principal } from '../domain/access/principal.ts'
import { canSeeCarrier } from '../domain/access/scope.ts'
import { parcelOf } from '../domain/parcel/decide-scans.ts'
import { type InboxId, shardOfId } from '../kernel/ids.ts'
import { Fault } from '../kernel/fault.ts'
import { done, type Outcome, refuse } from '../kernel/outcome.ts'
import { findTrackedParcels, type TrackedParcel } from '../store/scans.ts'
import type { CommandContext } from './command.ts'
import type { ActOnOrder } from './families/order-command.ts'
import type { Memory } from './memory.ts'
import type { CarrierFacts, CarrierMapper, MappedParcel, ScanIssue } from './ports/carrier-mapper.ts'
import { type ScanDeps, ScanKeeper, type ScanPart } from './scan-keeper.ts'

export type ScanRequest = {
  readonly carrierId: string
  readonly rawBody: Uint8Array
  readonly principal: Principal
  readonly context: CommandContext
}

type IntakeDeps = ScanDeps & { readonly memory: Pick<Memory, 'carriers'>; readonly mapper: CarrierMapper }

/** Parcels of one body that are under way at once. */
const AT_ONCE = 64

/**
 * Takes in carriers' own bodies. What a body tells of a parcel becomes scans of it; what belongs to no parcel yet, and what cannot be
 * read, is kept, sealed, until it does.
 */
export class CarrierIntake {
  private readonly deps: IntakeDeps
  private readonly keeper: ScanKeeper

  constructor(deps: IntakeDeps) {
    this.deps = deps
    this.keeper = new ScanKeeper(deps)
  }

  /** Refusals: entity_unknown, scope_violation. */
  async take({ carrierId, rawBody, principal, context }: ScanRequest): Promise<Outcome<ScanAnswer>> {
    const facts = this.factsOf(carrierId)
    if (facts === undefined)
      return refuse(
        'entity_unknown',
        { en: `no carrier is called "${carrierId}"`, zh: `没有名为“${carrierId}”的承运商` },
        { got: carrierId },
      )
    if (!canSeeCarrier(principal.scope, carrierId))
      return refuse(
        'scope_violation',
        { en: `the credential does not reach the carrier ${carrierId}`, zh: `凭证的范围不含承运商 ${carrierId}` },
        { got: carrierId },
      )
    const { parcels, issues, version } = this.deps.mapper.mapScans(facts, textOf(rawBody))
    if (parcels.length === 0) {
      await this.keeper.keepUnread(partOf(facts, version, undefined, rawBody, issues), context)
      return done({ results: [], issues: [...issues] })
    }
    const targets = await this.targetsOf(facts, parcels)
    const results: ScanResult[] = []
    for (let i = 0; i < parcels.length; i += AT_ONCE)
      results.push(
        ...(await Promise.all(
          parcels.slice(i, i + AT_ONCE).map((parcel) => {
            const part = partOf(facts, version, parcel, rawBody, issues)
            return this.takeParcel(part, targets.get(parcel.trackingNo), context)
          }),
        )),
      )
    return done({ results, issues: [...issues] })
  }

  /** A bounded number of kept bodies whose parcel or mapping is there now; how many there were. */
  async retry(limit: number): Promise<number> {
    const open = await this.keeper.takeOpen(limit, this.deps.mapper.versions)
    for (const body of open) {
      const facts = this.factsOf(body.carrierId)
      if (facts === undefined) continue
      const raw = this.keeper.open(body)
      const { parcels, version } = this.deps.mapper.mapScans({ ...facts, format: body.format }, textOf(raw))
      const parcel = parcels.find((one) => one.trackingNo === body.trackingNo)
      if (parcel === undefined) continue
      const target = (await this.targetsOf(facts, [parcel])).get(body.trackingNo)
      // A number that only another carrier's parcel has: there is nothing new to keep.
      if (target === undefined && version === body.mappingVersion) continue
      const part = { ...partOf(facts, version, parcel, raw, []), kept: body.bodyId }
      await this.takeParcel(part, target, { actor: { kind: 'clock', id: 'hub' }, lane: 'clock' })
    }
    return open.length
  }

  private factsOf(carrierId: string): CarrierFacts | undefined {
    const carrier = this.deps.memory.carriers.get(carrierId)?.doc
    if (carrier === undefined) return undefined
    const own = this.deps.mapper.formats.includes(carrierId) ? carrierId : 'fulcrum'
    return { carrierId, format: carrier.scanFormat ?? own, ...(carrier.scanZone === undefined ? {} : { zone: carrier.scanZone }) }
  }

  /** The parcel that each number means: the carrier's own (an aggregator's may be anybody's), packed last before the last scan. */
  private async targetsOf(facts: CarrierFacts, parcels: readonly MappedParcel[]): Promise<ReadonlyMap<string, TrackedParcel>> {
    const found = await findTrackedParcels(
      this.deps.pool,
      parcels.map((parcel) => parcel.trackingNo),
    )
    const isAggregate = this.deps.mapper.isAggregate(facts.format)
    const isOwn = (one: TrackedParcel) => isAggregate || one.carrierId === undefined || one.carrierId === facts.carrierId
    const targets = new Map<string, TrackedParcel>()
    for (const { trackingNo, scans } of parcels) {
      const last = Math.max(...scans.map((scan) => scan.occurredAt))
      const own = found.filter((one) => one.trackingNo === trackingNo && isOwn(one))
      const target = own.find((one) => one.packedAt <= last) ?? own[0]
      // A label that was used again for what was packed anew means the new parcel, also in scans from before.
      const again = target?.isVoided === true ? own.find((one) => !one.isVoided && one.orderId === target.orderId) : undefined
      const meant = again ?? target
      if (meant !== undefined) targets.set(trackingNo, meant)
    }
    return targets
  }

  private async takeParcel(
    part: ScanPart & { readonly trackingNo?: string },
    target: TrackedParcel | undefined,
    context: CommandContext,
  ): Promise<ScanResult> {
    const shared = {
      trackingNo: part.trackingNo ?? '',
      scans: part.scans.length,
      unknownCodes: [...new Set(part.scans.flatMap((scan) => (scan.meaning === undefined ? [scan.code ?? ''] : [])))],
    }
    if (target === undefined) {
      const isNew = await this.keeper.keepUnmatched(part, context)
      return { ...shared, result: isNew ? 'unmatched' : 'same' }
    }
    const { orderId, parcelId } = target
    // The body and what it leads to are written together, and the events name it.
    const cause = part.kept ?? this.deps.ids.next('inb', shardOfId(orderId))
    const kept = part.kept === undefined ? { ...part, bodyId: cause } : part
    const command: ActOnOrder = {
      kind: 'actOnOrder',
      orderId,
      action: { action: 'scan', parcelId, carrierId: part.facts.carrierId, scans: part.scans },
      bodyWrites: (_, change) => this.keeper.writesBeside(kept, target, change),
    }
    const outcome = await this.deps.engine.submit(command, { ...context, cause })
    if (outcome.status === 'refused') throw new Fault('contended', `scans of ${parcelId} were refused: ${outcome.code}`, 'later')
    const after = outcome.value.change?.after
    const state = after && (parcelOf(after, parcelId)?.parcel.state ?? 'created')
    return { ...shared, result: outcome.value.fresh ? 'applied' : 'same', parcelId, orderId, ...(state === undefined ? {} : { state }) }
  }
}

const textOf = (raw: Uint8Array): string => Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8')

function partOf(
  facts: CarrierFacts,
  mappingVersion: number,
  parcel: MappedParcel | undefined,
  whole: Uint8Array,
  issues: readonly ScanIssue[],
): ScanPart & { readonly kept?: InboxId } {
  const raw = parcel?.source === undefined ? whole : Buffer.from(parcel.source, 'utf8')
  return {
    facts,
    mappingVersion,
    ...(parcel === undefined ? {} : { trackingNo: parcel.trackingNo }),
    scans: parcel?.scans ?? [],
    raw,
    hash: createHash('sha256').update(raw).digest(),
    issues,
  }
}
