import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { boxAround, project } from './projection.ts'

test('the middle of the world is the middle of the map, north is up and east is right', () => {
  assert.deepEqual(
    project(0, 0).map((n) => Math.round(n * 1000) / 1000),
    [0.5, 0.5],
  )
  assert.ok(project(40, 0)[1] < project(30, 0)[1])
  assert.ok(project(0, 120)[0] > project(0, 100)[0])
})

test('a box holds all its points and has the shape asked for', () => {
  const point = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
      const box = boxAround(points, 1.6)
      assert.ok(Math.abs(box.width / box.height - 1.6) < 1e-9)
      for (const [x, y] of points) assert.ok(x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
    }),
  )
})
