import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Together } from './together.ts'

test('what is said in the same moment is told at once and answered one by one, later words in a body of their own', async () => {
  const told: (readonly number[])[] = []
  const door = new Together<number, number>(async (all) => {
    told.push(all)
    return all.map((one) => () => {
      if (one === 2) throw new Error('not two')
      return one * 10
    })
  })
  const said = await Promise.allSettled([door.say(1), door.say(2), door.say(3)])
  assert.deepEqual(
    said.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason))),
    [10, 'Error: not two', 30],
  )
  assert.equal(await door.say(4), 40)
  assert.deepEqual(told, [[1, 2, 3], [4]])
})

test('a door that fails, or forgets somebody, leaves nobody waiting', async () => {
  const shut = new Together<number, number>(async () => Promise.reject(new Error('shut')))
  assert.deepEqual(
    (await Promise.allSettled([shut.say(1), shut.say(2)])).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  const forgetful = new Together<number, number>(async () => [() => 1])
  assert.deepEqual(
    (await Promise.allSettled([forgetful.say(1), forgetful.say(2)])).map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
})
