import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '../kernel/time.ts'
import { DemoTroubles } from './demo-troubles.ts'

test('a trouble is asked for, made once and shown with what it did; the newest stands first and old ones go', () => {
  let now = 1000
  const troubles = new DemoTroubles(() => instant(now))
  const asked = troubles.ask('lostParcel')
  assert.equal(asked.state, 'asked')
  now = 2000
  const made = troubles.report(asked.troubleId, { state: 'made', orderIds: ['ord_1'], note: { en: 'gone', zh: '没了' } })
  assert.deepEqual(
    [made?.kind, made?.state, made?.askedAt, made?.madeAt, made?.orderIds],
    ['lostParcel', 'made', '1970-01-01T00:00:01.000Z', '1970-01-01T00:00:02.000Z', ['ord_1']],
  )
  assert.equal(troubles.report('trouble-99', { state: 'impossible' }), undefined)
  for (let n = 0; n < 150; n++) troubles.ask('shortPick')
  assert.equal(troubles.list().length, 100)
  assert.equal(troubles.list()[0]?.troubleId, 'trouble-151')
})
