import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ROW, windowOf } from './row-window.ts'

const HEIGHT = 900
const inView = (top: number, i: number): boolean => top + (i + 1) * ROW > 0 && top + i * ROW < HEIGHT

test('every row in view is drawn wherever 10,000 rows are scrolled to, and never more than sixty', () => {
  for (let scrolled = -300; scrolled <= 10_000 * ROW; scrolled += 997) {
    const { from, to } = windowOf(-scrolled, HEIGHT, 10_000)
    assert.ok(to - from <= 60, `${to - from} rows at ${scrolled}`)
    for (const i of [Math.floor(scrolled / ROW), Math.floor((scrolled + HEIGHT - 1) / ROW)])
      if (i >= 0 && i < 10_000 && inView(-scrolled, i)) assert.ok(from <= i && i < to, `row ${i} at ${scrolled}`)
  }
})

test('a scroll of one row draws nothing anew but at the edge of a step', () => {
  const starts = new Set(Array.from({ length: 800 }, (_, i) => windowOf(-i * ROW, HEIGHT, 10_000).from))
  assert.ok(starts.size <= 101)
})

test('an empty list draws nothing', () => assert.deepEqual(windowOf(0, HEIGHT, 0), { from: 0, to: 0 }))
