import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workActions } from '../../../contract/entities/fulfillment-order.ts'
import { requestAfter, workAfter, workMachine } from './work-machine.ts'

test('work: an end has no way out', () => {
  assert.deepEqual([workMachine.done, workMachine.cancelled], [{}, {}])
  for (const action of workActions) assert.equal(workAfter('done', action), undefined)
})

test('work that was begun is taken away only from a node that was asked to stop', () => {
  for (const action of ['cancel', 'move'] as const) {
    assert.equal(requestAfter('accepted', 'inProgress', action), undefined)
    assert.equal(requestAfter('cancelRequested', 'inProgress', action), 'cancelRequested')
    assert.equal(requestAfter('cancelRefused', 'short', action), undefined)
    assert.equal(requestAfter('accepted', 'ready', action), 'accepted')
  }
})
