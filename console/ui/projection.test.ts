import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { boxAround, project, unwrapped } from './projection.ts'

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

for (const [what, ring, want] of [
  [
    'far from the line of dates stays',
    [
      [10, 1],
      [20, 2],
      [10, 1],
    ],
    [
      [10, 1],
      [20, 2],
      [10, 1],
    ],
  ],
  [
    'that crosses it goes on beyond 180',
    [
      [179, 1],
      [-179, 2],
      [179, 1],
    ],
    [
      [179, 1],
      [181, 2],
      [179, 1],
    ],
  ],
  [
    'that crosses it westward goes on beyond −180',
    [
      [-179, 1],
      [179, 2],
      [-179, 1],
    ],
    [
      [-179, 1],
      [-181, 2],
      [-179, 1],
    ],
  ],
  [
    'round a pole stays, for it has no other side',
    [
      [0, -80],
      [120, -80],
      [-120, -80],
      [0, -80],
    ],
    [
      [0, -80],
      [120, -80],
      [-120, -80],
      [0, -80],
    ],
  ],
] as const)
  test(`a ring ${what}`, () => assert.deepEqual(unwrapped(ring), want))
