import assert from 'node:assert/strict'
import { test } from 'node:test'
import { windowsOf } from '../run/live-world.ts'
import { CHANNELS } from '../world/channels.ts'
import { worldOf } from '../world/world.ts'
import { expectedIn, purchasesIn } from './habits.ts'
import { totalOf } from './purchase.ts'

const world = worldOf(1)
const FROM = Date.UTC(2026, 10, 20)
const DAY = 86_400_000
const day = windowsOf({ from: FROM, to: FROM + DAY })
const bought = day.flatMap((window) => purchasesIn(world, window))

test('a day brings what its channels expect, within chance', () => {
  for (const channel of CHANNELS) {
    const expected = day.reduce((sum, window) => sum + expectedIn(channel, window), 0)
    assert.ok(Math.abs(expected - channel.perDay) < 1e-6, `${channel.channelId}: ${expected}`)
    const count = bought.filter((one) => one.channel === channel).length
    assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${channel.channelId}: ${count} of ${expected}`)
  }
})

test('the same windows bring the same purchases, however often they are asked', () => {
  assert.deepEqual(
    day.flatMap((window) => purchasesIn(world, window)),
    bought,
  )
})

test('a purchase lies in its window, has a number of its own, known items, and discounts below its prices', () => {
  const seen = new Set<string>()
  const skus = new Set(world.items.map(({ item }) => item.sku))
  for (const window of day)
    for (const purchase of purchasesIn(world, window)) {
      assert.ok(purchase.placedAt >= window.from && purchase.placedAt < window.to)
      const name = `${purchase.channel.channelId}/${purchase.serial}`
      assert.ok(!seen.has(name), name)
      seen.add(name)
      for (const line of purchase.lines) {
        assert.ok(skus.has(line.sku))
        assert.ok(line.quantity > 0 && line.discount >= 0 && line.discount < line.unitPrice * line.quantity)
      }
      assert.ok(totalOf(purchase) > 0)
    }
  assert.ok(seen.size > 300)
})

test('at night fewer buy than in the evening, and a visitor still sees the least that was asked for', () => {
  const night = { from: FROM + 19 * 3_600_000, to: FROM + 20 * 3_600_000 } // 03:00 in Beijing
  const evening = { from: FROM + 12 * 3_600_000, to: FROM + 13 * 3_600_000 }
  const sum = (window: typeof night) => CHANNELS.reduce((all, channel) => all + expectedIn(channel, window), 0)
  assert.ok(sum(night) * 5 < sum(evening))
  const counts = windowsOf(night).map((window) => purchasesIn(world, window, { least: 30 }).length)
  assert.ok(
    counts.every((count) => count > 10 && count < 60),
    counts.join(),
  )
})
