import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asked, codeOf, readHub, someone, valueOf } from '../../test/support/read-hub.ts'
import { viewHandlers, VIEWS_MAX } from './view-handlers.ts'

const { hub } = await readHub()
const views = viewHandlers({ pool: hub.pool, ids: hub.ids, wallNow: hub.wallNow })
const [anna, bert] = [asked(someone('agent')), asked(someone('finance'))]
const none = { params: undefined, query: undefined, body: undefined }
const body = (name: string, search: object = { phase: 'onHold' }) => ({ ...none, body: { name, search } })
const names = async (who: typeof anna) => valueOf('view.list', await views['view.list'](who, none)).items.map((view) => view.name)

test('a view is its owner’s: others read it by its id, and neither list nor delete it', async () => {
  const saved = valueOf('view.save', await views['view.save'](anna, body('挂起的', { phase: 'onHold', sort: 'oldest' })))
  const params = { ...none, params: { viewId: saved.viewId } }
  assert.deepEqual(valueOf('view.get', await views['view.get'](bert, params)), { ...saved, own: false })
  assert.deepEqual([await names(anna), await names(bert)], [['挂起的'], []])
  assert.equal(codeOf(await views['view.delete'](bert, params)), 'view_unknown')
  assert.equal(codeOf(await views['view.delete'](anna, params)), 'done')
  assert.equal(codeOf(await views['view.get'](anna, params)), 'view_unknown')
})

test('a view of the same name takes the place of the one before and keeps its link', async () => {
  const first = valueOf('view.save', await views['view.save'](anna, body('mine')))
  const second = valueOf('view.save', await views['view.save'](anna, body('mine', { phase: 'sourcing' })))
  assert.deepEqual([second.viewId, second.search], [first.viewId, { phase: 'sourcing' }])
  assert.deepEqual(await names(anna), ['mine'])
})

test('nobody keeps more views than the limit, also when they are saved at once', async () => {
  const replies = await Promise.all(Array.from({ length: VIEWS_MAX + 5 }, (_, n) => views['view.save'](bert, body(`view ${n}`))))
  assert.equal(replies.filter((reply) => codeOf(reply) === 'views_too_many').length, 5)
  assert.equal((await names(bert)).length, VIEWS_MAX)
  const [kept] = await names(bert)
  assert.equal(codeOf(await views['view.save'](bert, body(kept ?? ''))), 'done', 'one that is there can still be replaced')
})
