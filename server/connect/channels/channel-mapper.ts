import type { ChannelMapper } from '../../engine/ports/channel-mapper.ts'
import { readDelivery } from './delivery.ts'
import { mapBody } from './map-body.ts'
import { mappings } from './mappings.ts'
import { issue } from './reading.ts'
import { verifySignature } from './signatures.ts'

/** The mapper over all mapping files; a platform without one answers with an issue. */
export function channelMapper(): ChannelMapper {
  return {
    platforms: [...mappings.keys()],
    mapBody(channel, bodyText) {
      const mapping = mappings.get(channel.platform)
      if (mapping) return mapBody(mapping, bodyText, channel)
      const expected = `a platform with a mapping (${[...mappings.keys()].join(', ')})`
      return { orders: [], issues: [issue('platform_unmapped', 'error', '$', expected, channel.platform)], verdict: 'inbox' }
    },
    verifySignature,
    readDelivery,
  }
}
