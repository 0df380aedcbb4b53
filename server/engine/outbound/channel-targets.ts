import { writtenStates } from '../../../contract/entities/channel.ts'
import type { Answer } from '../../domain/outbound/answer.ts'
import { judgeAnswer } from '../../domain/outbound/answer.ts'
import { needsOf, type WriteBackNeed } from '../../domain/write-back/needs.ts'
import { givenOf, shipmentOf } from '../../domain/write-back/shipment.ts'
import { idFromInt8 } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import type { Queryable } from '../../store/database.ts'
import { readLogHeads } from '../../store/log-reads.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import { openSecret } from '../../store/secret-seal.ts'
import { readSubscriptions, startSubscription } from '../../store/subscriptions.ts'
import type { Vault } from '../../store/vault.ts'
import type { FactsView } from '../facts-view.ts'
import type { ChannelDoc, Memory } from '../memory.ts'
import type { ChannelConnection, ChannelUpdate, ChannelWriter } from '../ports/channel-writer.ts'
import { channelLevel } from './channel-level.ts'
import type { PlacedEvent, PlacedTarget, Target, TargetSource } from './target.ts'

export const channelSubscription = (channelId: string): string => `channel:${channelId}`
/** Owner of the sealed token of a channel's own API. */
export const writeBackOwner = (channelId: string): string => `write-back:${channelId}`
/** Levels remembered as written, over all channels. */
const LEVELS_MAX = 200_000

type Deps = {
  readonly pool: Queryable
  readonly memory: Memory
  readonly facts: FactsView
  readonly vault: Vault
  readonly writer: ChannelWriter
  readonly wallNow: () => number
}
type WritableChannel = ChannelDoc & { readonly writeBack: NonNullable<ChannelDoc['writeBack']>; readonly sealedWriteBackToken: string }

/** All channels whose state is written back, as targets. A channel that is first set up starts with what happens from then on. */
export function channelTargets(deps: Deps): TargetSource {
  const levels = new Map<string, number>()
  return async () => {
    const channels = [...deps.memory.channels.values()].map(({ doc }) => doc).filter(isWritable)
    if (channels.length === 0) return []
    const names = channels.map(({ channelId }) => channelSubscription(channelId))
    let places = await readSubscriptions(deps.pool, names)
    const fresh = names.filter((name) => !places.has(name))
    if (fresh.length > 0) {
      const heads = (await readLogHeads(deps.pool)).map((head) => head.position)
      for (const name of fresh) await startSubscription(deps.pool, name, heads, instant(deps.wallNow()))
      places = await readSubscriptions(deps.pool, names)
    }
    return channels.flatMap((channel): PlacedTarget[] => {
      const place = places.get(channelSubscription(channel.channelId))
      return place === undefined ? [] : [{ place, target: targetOf(deps, channel, levels) }]
    })
  }
}

const isWritable = (channel: ChannelDoc): channel is WritableChannel =>
  channel.writeBack !== undefined && channel.sealedWriteBackToken !== undefined

function targetOf(deps: Deps, channel: WritableChannel, levels: Map<string, number>): Target {
  const { channelId, platform, writeBack, sealedWriteBackToken } = channel
  const states = writeBack.states ?? writtenStates
  return {
    subscription: channelSubscription(channelId),
    isPaused: deps.writer.refusalOf(writeBack.url) !== undefined,
    types: undefined,
    scope: {},
    window: 1, // a level that is written late must not undo a newer one
    wants: (event) => needsOf(event, channelId, states).length > 0,
    send: async (event) => {
      const connection: ChannelConnection = {
        channelId,
        platform,
        url: writeBack.url,
        token: openSecret(deps.vault, writeBackOwner(channelId), sealedWriteBackToken),
        locationId: writeBack.locationId,
      }
      let answer: Answer = { kind: 'answered', status: 204 }
      for (const need of needsOf(event, channelId, states)) {
        for (const update of await updatesOf(deps, channel, event, need)) {
          answer = await writeOnce(deps.writer, connection, update, levels)
          if (judgeAnswer(answer).kind !== 'delivered') return answer
        }
      }
      return answer
    },
  }
}

/** A level that was the last one written is not written again: most events leave what can be sold as it was. */
async function writeOnce(
  writer: ChannelWriter,
  connection: ChannelConnection,
  update: ChannelUpdate,
  levels: Map<string, number>,
): Promise<Answer> {
  if (update.kind !== 'stock') return writer.write(connection, update)
  const key = `${connection.channelId}\0${update.code}`
  if (levels.get(key) === update.available) return { kind: 'answered', status: 204 }
  if (levels.size >= LEVELS_MAX) levels.clear()
  levels.delete(key) // unknown until the platform has said that it took the new one
  const answer = await writer.write(connection, update)
  if (judgeAnswer(answer).kind === 'delivered') levels.set(key, update.available)
  return answer
}

async function updatesOf(deps: Deps, channel: ChannelDoc, event: PlacedEvent, need: WriteBackNeed): Promise<readonly ChannelUpdate[]> {
  if (need.kind === 'stock') return need.skus.flatMap((sku) => levelOf(deps, channel, sku))
  if (event.orderId === null) return []
  const [order] = await readOrders(deps.pool, [orderKeyOf(idFromInt8('ord', event.orderId))])
  if (order === undefined) return []
  const { externalRef } = order.intake
  if (need.kind === 'cancelled') return [{ kind: 'cancelled', externalRef, reason: need.reason }]
  if (need.kind === 'given') return [{ kind: 'shipped', externalRef, ...givenOf(order, need.subject, need.lines) }]
  return [{ kind: 'shipped', externalRef, ...shipmentOf(order, need.fulfillmentOrderId, need.parcelIds) }]
}

/** What can be sold at this moment, which is newer than the event that asked for it. */
function levelOf({ memory, facts }: Deps, channel: ChannelDoc, sku: string): ChannelUpdate[] {
  const available = channelLevel(memory, facts, channel, sku)
  if (available === undefined) return []
  const codes = (memory.items.get(sku)?.doc.aliases ?? []).filter((one) => one.channelId === channel.channelId).map((one) => one.code)
  return (codes.length === 0 ? [sku] : codes).map((code) => ({ kind: 'stock', code, available }))
}
