import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createHighsSolver } from '../connect/solver/highs-solver.ts'
import type { ItemOutlook } from '../domain/sourcing/transport-model.ts'
import { createBidPriceKeeper } from './bid-price-keeper.ts'

/** Two units at node 1, ten at node 2; zones 1 and 2 want three each. Node 1 is cheap for zone 1 only. */
const outlook: ItemOutlook = {
  itemNo: 5,
  supplies: [
    { nodeNo: 1, units: 2 },
    { nodeNo: 2, units: 10 },
  ],
  demands: [
    { zone: 1, units: 3 },
    { zone: 2, units: 3 },
  ],
  cost: (nodeNo, zone) => (nodeNo === 1 ? (zone === 1 ? 100 : 250) : 400),
  shortfallPerUnit: 5000,
}
const settings = { isOn: true, intervalMs: 60_000, timeLimitMs: 5000 }

describe('bid prices', () => {
  const solver = createHighsSolver()
  after(() => solver.close())

  it('are what one more unit at the node would save, 0 where there is plenty', async () => {
    const keeper = createBidPriceKeeper(solver, async () => [outlook], settings)
    assert.equal(keeper.current().price(5, 1), 0)
    assert.equal(await keeper.runOnce(), true)
    assert.equal(keeper.current().price(5, 1), 300)
    assert.equal(keeper.current().price(5, 2), 0)
    assert.equal(keeper.current().price(6, 1), 0)
    assert.equal(keeper.current().version, 1)
  })

  it('swap as a whole: a decision that holds the old ones keeps them', async () => {
    let units = 2
    const keeper = createBidPriceKeeper(
      solver,
      async () => [
        {
          ...outlook,
          supplies: [
            { nodeNo: 1, units },
            { nodeNo: 2, units: 10 },
          ],
        },
      ],
      settings,
    )
    await keeper.runOnce()
    const held = keeper.current()
    units = 50
    await keeper.runOnce()
    assert.equal(held.price(5, 1), 300)
    assert.equal(keeper.current().price(5, 1), 0)
    assert.equal(keeper.current().version, 2)
  })

  it('stay 0 when switched off, and as they were when there is nothing to price', async () => {
    const off = createBidPriceKeeper(solver, async () => [outlook], { ...settings, isOn: false })
    assert.equal(await off.runOnce(), false)
    assert.equal(off.current().version, 0)
    const empty = createBidPriceKeeper(solver, async () => [], settings)
    assert.equal(await empty.runOnce(), false)
  })

  it('stay in force when a solve fails', async () => {
    const own = createHighsSolver()
    const keeper = createBidPriceKeeper(own, async () => [outlook], settings)
    await keeper.runOnce()
    await own.close()
    await assert.rejects(keeper.runOnce(), /closed/)
    assert.equal(keeper.current().price(5, 1), 300)
  })
})
