import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR } from '../kernel/time.ts'
import { LAG_MS_MAX, LagWatch } from './lag-watch.ts'
import { Reminder } from './reminder.ts'

test('a trouble is told when it begins, when it gets worse, once an hour, and anew after it was over', () => {
  let now = 0
  const told: string[] = []
  const reminder = new Reminder(
    () => now,
    (_, message) => told.push(message),
  )
  const parked = (size: number) => ({ what: 'parked', size, data: {}, message: `${size} parked` })
  const steps: readonly (readonly [at: number, sizes: readonly number[], told: readonly string[]])[] = [
    [0, [1], ['1 parked']],
    [10_000, [1], []],
    [20_000, [3], ['3 parked']],
    [30_000, [2], []],
    [20_000 + HOUR, [2], ['2 parked']],
    [30_000 + HOUR, [], []],
    [40_000 + HOUR, [1], ['1 parked']],
  ]
  for (const [at, sizes, expected] of steps) {
    now = at
    told.length = 0
    reminder.tell(sizes.map(parked))
    assert.deepEqual(told, expected, `at ${at}`)
  }
})

/** When it is looked, what is written by then, what is followed, and the seconds that it is behind. */
const looks = {
  'a follower that is always a little behind, but moves, keeps up': [
    [0, 100, 90, undefined],
    [LAG_MS_MAX, 200, 190, undefined],
    [2 * LAG_MS_MAX, 300, 290, undefined],
    [3 * LAG_MS_MAX, 400, 390, undefined],
  ],
  'one that stands still is told of after half a minute': [
    [0, 100, 100, undefined],
    [1000, 101, 100, undefined],
    [2000, 102, 100, undefined],
    [1000 + LAG_MS_MAX, 110, 100, 30],
    [1000 + 2 * LAG_MS_MAX, 110, 100, 60],
    [2000 + 2 * LAG_MS_MAX, 110, 110, undefined],
  ],
  'a hub where nothing happens is not behind': [
    [0, 5, 5, undefined],
    [10 * LAG_MS_MAX, 5, 5, undefined],
    [10 * LAG_MS_MAX + 1000, 6, 5, undefined],
  ],
} as const

for (const [name, steps] of Object.entries(looks)) {
  test(name, () => {
    const watch = new LagWatch()
    for (const [at, written, followed, behind] of steps) assert.equal(watch.look(at, written, followed), behind, `at ${at}`)
  })
}
