import { createHash } from 'node:crypto'
import type { IntakeAnswer, IntakeResult } from '../../contract/capabilities/channel.ts'
import type { IncomingBody } from '../domain/channel-intake/decide-intake.ts'
import type { Principal } from '../domain/access/principal.ts'
import { canSeeChannel } from '../domain/access/scope.ts'
import { type InboxId, type OrderId, parseId, shardOfId } from '../kernel/ids.ts'
import { done, type Outcome, type Refusal, refuse } from '../kernel/outcome.ts'
import { type KeptBody, markReplayed, readBody, type SealedBody } from '../store/channel-bodies.ts'
import { openSecret } from '../store/secret-seal.ts'
import { openBytes } from '../store/vault.ts'
import type { CommandContext } from './command.ts'
import type { KeepBody } from './families/body-family.ts'
import { unpackBody } from './kept-body.ts'
import type { ChannelDoc } from './memory.ts'
import type { IntakeDeps, Part } from './body-keeper.ts'
import { OrderIntake } from './order-intake.ts'
import type { ChannelMapper, Delivery, Headers, MappedOrder } from './ports/channel-mapper.ts'

export type IntakeRequest = {
  readonly channelId: string
  readonly rawBody: Uint8Array
  readonly headers: Headers
  readonly query?: Readonly<Record<string, string | undefined>>
  /** Who sent it, where a credential was shown: needed where no signature proves the platform. */
  readonly principal?: Principal
  readonly traceId?: string
}

export type ReplayRequest = {
  readonly inboxId: InboxId
  readonly principal: Principal
  readonly traceId?: string
  /** What a person made of it, in place of what came. */
  readonly corrected?: Uint8Array
}
export type ReadRequest = Omit<ReplayRequest, 'corrected'>
/** A kept body and the bytes as they came. */
export type OpenBody = { readonly body: KeptBody; readonly raw: Buffer }

/** Owner of a channel's sealed signing secret. */
export const secretOwner = (channelId: string): string => `channel:${channelId}`

/** Orders of one body that are under way at once. */
const AT_ONCE = 64

/**
 * Takes in the platforms' own bodies. A body is a sale that has happened: once authentic it is kept, and what it says becomes an
 * order, a new version of one, a record beside it, or an entry of the channel's error inbox.
 */
export class ChannelIntake {
  private readonly deps: IntakeDeps & { readonly mapper: ChannelMapper }
  private readonly orders: OrderIntake

  constructor(deps: IntakeDeps & { readonly mapper: ChannelMapper }) {
    this.deps = deps
    this.orders = new OrderIntake(deps)
  }

  /** Refusals, first that fits: entity_unknown, channel_platform_mismatch, signature_invalid, credential_missing, permission_missing, scope_violation. */
  async take(request: IntakeRequest): Promise<Outcome<IntakeAnswer>> {
    const { channelId, rawBody, headers, traceId } = request
    const channel = this.deps.memory.channels.get(channelId)?.doc
    if (channel === undefined)
      return refuse('entity_unknown', { en: `no channel is called "${channelId}"`, zh: `没有名为“${channelId}”的渠道` }, { got: channelId })
    if (channel.platform === 'direct')
      return refuse(
        'channel_platform_mismatch',
        { en: 'a direct channel has no body of its own: use POST /v1/orders', zh: '直连渠道没有平台报文：请使用 POST /v1/orders' },
        { expected: this.deps.mapper.platforms, got: channel.platform },
      )
    const refusal = this.notAuthentic(channel, request)
    if (refusal !== undefined) return refusal
    const delivery = this.deps.mapper.readDelivery(channel.platform, headers)
    const context = contextOf({ kind: 'channel', id: channelId }, traceId)
    return done({ results: await this.takeAll(this.partsOf(channel, rawBody, delivery, context)) })
  }

  private notAuthentic(channel: ChannelDoc, request: IntakeRequest): Refusal | undefined {
    const { channelId, platform, sealedSecret } = channel
    const { headers, rawBody, query, principal } = request
    const secret = sealedSecret === undefined ? undefined : openSecret(this.deps.vault, secretOwner(channelId), sealedSecret)
    const verdict = this.deps.mapper.verifySignature(platform, { headers, rawBody, secret, ...(query === undefined ? {} : { query }) })
    if (verdict === 'valid') return undefined
    if (verdict === 'invalid')
      return refuse('signature_invalid', {
        en: `the body does not carry the signature of ${channelId}'s secret`,
        zh: `报文的签名与渠道 ${channelId} 的密钥不符`,
      })
    if (principal === undefined) return refuse('credential_missing', neededFor[verdict], { expected: 'channel.intake' })
    if (!principal.permissions.has('channel.intake'))
      return refuse(
        'permission_missing',
        { en: 'a body without a signature needs the permission channel.intake', zh: '未签名的报文需要权限 channel.intake' },
        { expected: 'channel.intake' },
      )
    if (!canSeeChannel(principal.scope, channelId))
      return refuse(
        'scope_violation',
        { en: `the credential does not reach the channel ${channelId}`, zh: `凭证的范围不含渠道 ${channelId}` },
        { got: channelId },
      )
    return undefined
  }

  /**
   * A kept body once more, as if it came now: after the mapping, an item or the channel changed, or as somebody corrected it. Refusals:
   * inbox_unknown where there is none within the scope, or its content was erased; inbox_not_open where a correction comes too late.
   */
  async replay({ inboxId, principal, traceId, corrected }: ReplayRequest): Promise<Outcome<IntakeAnswer>> {
    const found = await this.bodyWithin(principal, inboxId)
    if (found.status === 'refused') return found
    const { body, channel } = found.value
    const isOpen = madeNoOrder(body)
    if (corrected !== undefined && !isOpen)
      return refuse(
        'inbox_not_open',
        { en: 'an order stands on this body: correct the order instead', zh: '该报文已成单：请更正订单本身' },
        { expected: 'open', got: body.state },
      )
    if (body.state === 'replayed') return done({ results: [replayedBefore(body)] })
    const opened = this.open(body)
    if (opened === undefined) return contentErased(inboxId)
    const { header, raw } = opened
    const context = contextOf({ kind: 'person', id: principal.credentialId }, traceId)
    const parts = this.partsOf(channel, corrected ?? raw, header.delivery, context)
    const isOne = parts.length === 1
    const entry = isOpen && isOne ? inboxId : undefined
    // Buyers of one body are strangers to each other: what came is kept with an order only where it is that of one.
    const original = corrected !== undefined && isOne ? { original: raw } : {}
    const results = await this.takeAll(parts.map((part) => ({ ...part, ...original, replay: { entry } })))
    if (isOpen && results.some((one) => one.inboxId !== inboxId))
      await this.closeEntry(body, results, context, corrected === undefined ? [] : ['corrected'])
    return done({ results })
  }

  /** What a body that made no order says, once the log says who reads it. Refusal inbox_unknown as for {@link replay}. */
  async read({ inboxId, principal, traceId }: ReadRequest): Promise<Outcome<OpenBody>> {
    const found = await this.bodyWithin(principal, inboxId)
    if (found.status === 'refused') return found
    const { body } = found.value
    if (!madeNoOrder(body))
      return refuse(
        'inbox_unknown',
        { en: 'an order stands on this body: its content is that order’s', zh: '该报文已成单：其内容属于该订单' },
        { got: inboxId },
      )
    const opened = this.open(body)
    if (opened === undefined) return contentErased(inboxId)
    const { bodyId, channelId, externalRef } = body
    const data = { channelId, ...(externalRef === undefined ? {} : { externalRef }) }
    const command: KeepBody = {
      kind: 'keepBody',
      event: 'body.read',
      bodyId,
      shard: shardOfId(bodyId),
      data,
      bodyWrites: [],
      isThere: true,
    }
    const told = await this.deps.engine.submit(command, contextOf({ kind: 'person', id: principal.credentialId }, traceId))
    return told.status === 'refused' ? told : done({ body, raw: opened.raw })
  }

  private async bodyWithin(principal: Principal, inboxId: InboxId): Promise<Outcome<{ body: SealedBody; channel: ChannelDoc }>> {
    const body = await readBody(this.deps.pool, inboxId)
    const channel = body === undefined ? undefined : this.deps.memory.channels.get(body.channelId)?.doc
    if (body === undefined || channel === undefined || !canSeeChannel(principal.scope, body.channelId))
      return refuse('inbox_unknown', { en: 'there is no such inbox entry', zh: '收件箱条目不存在' }, { got: inboxId })
    return done({ body, channel })
  }

  private open(body: SealedBody): ReturnType<typeof unpackBody> | undefined {
    if (body.wrappedKey === undefined) return undefined
    return unpackBody(openBytes(this.deps.vault.openKey(body.personId, body.wrappedKey), 'body', body.sealed))
  }

  /** The entry has done its work; a crash before this leaves it open, and the next replay finds everything the same. */
  private async closeEntry(
    body: SealedBody,
    results: readonly IntakeResult[],
    context: CommandContext,
    reasons: readonly string[],
  ): Promise<void> {
    const { bodyId, channelId } = body
    const made = results.find((one) => one.orderId !== undefined)
    const orderId: OrderId | undefined = made?.orderId === undefined ? undefined : parseId('ord', made.orderId)
    const externalRef = made?.externalRef ?? body.externalRef
    const data = { channelId, ...(externalRef === undefined ? {} : { externalRef }), state: 'replayed', reasons: [...reasons] }
    const bodyWrites = markReplayed(bodyId, orderId, this.deps.now())
    const command: KeepBody = { kind: 'keepBody', event: 'body.kept', bodyId, shard: shardOfId(bodyId), data, bodyWrites, isThere: true }
    await this.deps.engine.submit(command, context)
  }

  private partsOf(channel: ChannelDoc, raw: Uint8Array, delivery: Delivery | undefined, context: CommandContext): Part[] {
    const { channelId, platform, zone, currency } = channel
    const facts = { channelId, platform, ...(zone === undefined ? {} : { zone }), ...(currency === undefined ? {} : { currency }) }
    const mapped = this.deps.mapper.mapBody(facts, Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8'))
    const shared = { channelId, delivery, context }
    const whole: Part = {
      ...shared,
      externalRef: delivery?.isCancellation === true ? mapped.names : undefined,
      verdict: mapped.verdict,
      incoming: undefined,
      issues: mapped.issues,
      raw,
      hash: createHash('sha256').update(raw).digest(),
    }
    const isOne = mapped.orders.length === 1 && mapped.issues.length === 0
    const parts = mapped.orders.map((order): Part => {
      const { externalRef, verdict, issues } = order
      // Buyers of one body are strangers to each other: what is kept of each is sealed apart.
      const own = isOne ? raw : Buffer.from(JSON.stringify(order.source), 'utf8')
      const hash = Buffer.from(order.bodyHash, 'hex')
      return { ...shared, externalRef, verdict, issues, raw: own, hash, incoming: incomingOf(order, delivery) }
    })
    return parts.length === 0 || mapped.issues.length > 0 ? [...parts, whole] : parts
  }

  private async takeAll(parts: readonly Part[]): Promise<IntakeResult[]> {
    const refs = parts.flatMap((part) => part.externalRef ?? [])
    // Two versions of one order in one body are taken as they stand in it, one after the other.
    const atOnce = new Set(refs).size === refs.length ? AT_ONCE : 1
    const results: IntakeResult[] = []
    for (let i = 0; i < parts.length; i += atOnce) results.push(...(await this.orders.takeAll(parts.slice(i, i + atOnce))))
    return results
  }
}

const madeNoOrder = ({ state }: SealedBody): boolean => state === 'inbox' || state === 'discarded'
/** What a body needs whose signature says nothing. */
const neededFor = {
  absent: { en: 'the body needs the signature of its platform, or a credential', zh: '报文须带有其平台的签名，或提供凭证' },
  unsigned: { en: 'the body needs a credential', zh: '报文须提供凭证' },
} as const

const contentErased = (inboxId: InboxId) =>
  refuse('inbox_unknown', { en: 'the content of this body was erased', zh: '该报文的内容已抹除' }, { got: inboxId })

const contextOf = (actor: CommandContext['actor'], traceId: string | undefined): CommandContext => ({
  actor,
  lane: 'interactive',
  ...(traceId === undefined ? {} : { traceId }),
})

function incomingOf(mapped: MappedOrder, delivery: Delivery | undefined): IncomingBody | undefined {
  const { order, bodyHash, platformVersion, issues } = mapped
  if (order === undefined) return undefined
  const warnings = issues.filter((one) => one.severity === 'warning').map((one) => one.code)
  const cancelled = mapped.cancelled ?? (delivery?.isCancellation === true ? {} : undefined)
  return {
    order,
    bodyHash,
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(cancelled === undefined ? {} : { cancelled }),
    warnings: [...new Set([...warnings, ...(delivery?.isTest === true ? ['test_order'] : [])])],
  }
}

const replayedBefore = ({ bodyId, externalRef, orderId }: SealedBody): IntakeResult => ({
  state: 'same',
  inboxId: bodyId,
  ...(externalRef === undefined ? {} : { externalRef }),
  ...(orderId === undefined ? {} : { orderId }),
})
