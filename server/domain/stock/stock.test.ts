import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../../kernel/time.ts'
import { adjustStock, available, countStock, type Position, shortBy } from './stock.ts'

const at = (hour: number) => instant(hour * 3_600_000)
const known: Position = { onHand: 10, soft: 1, firm: 2, committed: 3, safety: 1, backorderLimit: 2 }
const input = { sku: 'tea', nodeId: 'n1' }
const context = { now: at(12), isFirst: false, countedAt: undefined, lastCountedAt: undefined, movedSince: 0 }

test('what can be promised is on hand minus reserved minus safety plus the backorder limit', () => {
  assert.equal(available(known), 10 - 1 - 2 - 3 - 1 + 2)
  assert.equal(shortBy(known), 0)
  assert.equal(shortBy({ ...known, onHand: 0 }), 5)
})

/** Input, context, and what comes of it: onHand, delta, whether anybody sees it, when it was counted; undefined for nothing at all. */
const counts: readonly [string, object, object, readonly unknown[] | undefined][] = [
  ['finds more', { onHand: 12 }, {}, [12, 2, true, at(12)]],
  ['finds less than is reserved', { onHand: 0 }, {}, [0, -10, true, at(12)]],
  ['finds what was known', { onHand: 10 }, {}, [10, 0, false, at(12)]],
  ['finds what was known at a time', { onHand: 10 }, { countedAt: at(9) }, [10, 0, false, at(9)]],
  ['lies before what moved', { onHand: 10 }, { countedAt: at(9), movedSince: -3 }, [7, -3, true, at(9)]],
  ['is older than the last one', { onHand: 4 }, { countedAt: at(9), lastCountedAt: at(10) }, undefined],
  ['is as old as the last one', { onHand: 4 }, { countedAt: at(10), lastCountedAt: at(10) }, [4, -6, true, at(10)]],
  ['is older, but sets the safety stock', { onHand: 4, safety: 3 }, { countedAt: at(9), lastCountedAt: at(10) }, [10, 0, true, undefined]],
  ['is the first and finds nothing', { onHand: 0 }, { isFirst: true, position: 0 }, [0, 0, true, at(12)]],
  ['sets a limit alone', { onHand: 10, backorderLimit: 5 }, {}, [10, 0, true, at(12)]],
]
for (const [name, counted, more, expected] of counts)
  test(`a count that ${name} gives ${JSON.stringify(expected)}`, () => {
    const position = 'position' in more ? { ...known, onHand: 0 } : known
    const effect = countStock(position, { ...input, onHand: 0, ...counted }, { ...context, ...more })
    assert.deepEqual(effect && [effect.position.onHand, effect.delta, effect.isVisible, effect.countedAt], expected)
  })

test('an adjustment moves what is on hand and nothing else; by nothing it is nothing', () => {
  assert.equal(adjustStock(known, { ...input, delta: 0, reason: 'loss' }), undefined)
  const effect = adjustStock(known, { ...input, delta: -4, reason: 'loss', occurredAt: '1970-01-01T09:00:00Z' })
  assert.deepEqual(effect, { position: { onHand: 6, safety: 1, backorderLimit: 2 }, delta: -4, occurredAt: at(9), isVisible: true })
})
