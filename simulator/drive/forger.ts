import { platformCall } from '../channels/platform-call.ts'
import { randomOf } from '../random.ts'
import type { Actor } from '../run/actor.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import { purchaseOf } from '../shoppers/purchase.ts'
import { CHANNELS } from '../world/channels.ts'
import type { World } from '../world/world.ts'
import { ProblemError } from '../../contract/client.ts'

const SERIALS = 8_000_000_000_000

/** Somebody who sends bodies that no platform has signed: each must be refused and leave nothing behind. */
export function forger({ world, hub, agenda }: { readonly world: World; readonly hub: HubApi; readonly agenda: Agenda }): Actor {
  let forged = 0
  const forge = async (channelNo: number, at: number): Promise<void> => {
    const channel = CHANNELS[channelNo]
    if (channel === undefined) return
    const stage = { purchase: purchaseOf(world, channel, SERIALS + ++forged, at), at, isPaid: true, isCancelled: false }
    const call = platformCall(stage, 'a secret that is not the channel’s')
    if (call === undefined) return
    const input = { params: { channelId: channel.channelId }, query: call.query, body: call.body }
    try {
      await hub.platform.call('channel.intake', input, { headers: { 'content-type': 'application/json', ...call.headers } })
      hub.tally.add('forged.taken')
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'signature_invalid') throw error
      hub.tally.add('forged.refused')
    }
  }
  return {
    name: 'forger',
    plan: ({ from, to }) => {
      const random = randomOf(world.seed, 'forger', from)
      for (let n = random.count(2); n > 0; n--) {
        const channelNo = random.below(CHANNELS.length)
        agenda.plan(to, () => forge(channelNo, to))
      }
    },
  }
}
