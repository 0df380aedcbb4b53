import { saleEnded } from '../../domain/availability/for-sale.ts'
import { bufferOf, type ComponentUnits, promisable, servesChannel, wholeUnits } from '../../domain/availability/promisable.ts'
import { demandsOf } from '../../domain/placement/demand.ts'
import { isDigitalItem } from '../../domain/placement/digital-line.ts'
import type { FactsView } from '../facts-view.ts'
import type { ChannelDoc, Memory } from '../memory.ts'

/** Whole units of an item or bundle that a channel may sell now, over all nodes that serve it and send out; undefined where the item is unknown, or digital and counted nowhere. */
export function channelLevel(memory: Memory, facts: FactsView, channel: ChannelDoc, sku: string): number | undefined {
  const sold = memory.items.get(sku)
  if (sold === undefined || isDigitalItem(sold, facts)) return undefined
  if (saleEnded(sold.doc, channel) !== undefined) return 0
  const components = demandsOf([{ lineNo: 0, sku, units: 1 }], facts).map(({ item, perUnit }): ComponentUnits => {
    const buffer = bufferOf(channel, item.doc.sku)
    const unitsAt = new Map<number, number>()
    memory.availability.forEachNode(item.itemNo, (nodeNo, available) => {
      const node = memory.nodeByNo[nodeNo]?.doc
      if (node !== undefined && node.ships !== false && servesChannel(node, channel)) unitsAt.set(nodeNo, promisable(available, buffer))
    })
    return { perUnit, unitsAt }
  })
  return wholeUnits(components).total
}
