import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAvailability } from '../availability/availability.ts'
import type { ChannelShare } from '../availability/promisable.ts'
import { chooseNode, type NodeDoc, type Wanted } from './choose-node.ts'

const nodes: Record<number, NodeDoc> = {
  1: { nodeId: 'n1' },
  2: { nodeId: 'n2' },
  3: { nodeId: 'n3', closed: true },
  4: { nodeId: 'n4', channels: ['other'] },
  5: { nodeId: 'n5', ships: false },
}
const stock = createAvailability()
for (const [nodeNo, onHand] of [
  [1, 5],
  [2, 8],
  [3, 99],
  [4, 50],
  [5, 70],
] as const)
  stock.setPosition(7, nodeNo, { onHand, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 1 })
const shop: ChannelShare = { channelId: 'shop', buffer: 2 }

type Case = readonly [name: string, wanted: Partial<Wanted>, then: number | undefined]
const cases: readonly Case[] = [
  ['any node: the one with most left; a closed node gives nothing', { nodeNos: undefined, quantity: 1 }, 4],
  ['a node that serves other channels gives this one nothing', { channel: shop, quantity: 1 }, 2],
  ['the buffer of a channel is left for the others', { channel: shop, quantity: 7 }, undefined],
  ['named nodes in their order, whatever they have left', { nodeNos: [1, 2], quantity: 2 }, 1],
  ['named nodes: the first that has it whole', { nodeNos: [1, 2], quantity: 6 }, 2],
  ['a reservation is never split over nodes', { nodeNos: [1, 2], quantity: 9 }, undefined],
  ['a node that sends nothing out holds for who names it alone', { nodeNos: [5], quantity: 60 }, 5],
  ['a closed node is none, also when it is named', { nodeNos: [3], quantity: 1 }, undefined],
]
for (const [name, wanted, then] of cases) {
  test(name, () => {
    const whole: Wanted = { itemNo: 7, sku: 'tea', quantity: 1, channel: undefined, nodeNos: undefined, ...wanted }
    assert.equal(
      chooseNode(whole, stock, (nodeNo) => nodes[nodeNo]),
      then,
    )
  })
}

test('an item that nobody stocks is nowhere', () => {
  assert.equal(
    chooseNode({ itemNo: 8, sku: 'cup', quantity: 1, channel: undefined, nodeNos: undefined }, stock, (nodeNo) => nodes[nodeNo]),
    undefined,
  )
})
