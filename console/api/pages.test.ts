import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apartIn, pagesIn, readPage, rowsOf } from './pages.ts'

/** A list of numbers, newest (highest) first, three a page. */
function listOf(all: readonly number[]) {
  const asked: (string | undefined)[] = []
  const ask = async (cursor: string | undefined) => {
    asked.push(cursor)
    const rest = cursor === undefined ? all : all.filter((row) => row < Number(cursor))
    const items = rest.slice(0, 3)
    return { items, next: rest.length > 3 ? String(items.at(-1)) : undefined }
  }
  return { ask, asked }
}
/** The first page ended with 7, the second holds 6, 5, 4. */
const isMeeting = (row: number): boolean => row <= 7 && row >= 4

for (const [what, all, items, asks] of [
  ['nothing changed: one question', [9, 8, 7, 6, 5, 4, 3], [9, 8, 7], 1],
  ['one came: asked on until the page after is met', [10, 9, 8, 7, 6, 5, 4, 3], [10, 9, 8, 7, 6, 5], 2],
  ['one left: the page reaches into the one after', [9, 7, 6, 5, 4, 3], [9, 7, 6], 1],
  ['the last left and one came', [10, 9, 8, 6, 5, 4, 3], [10, 9, 8, 6, 5, 4], 2],
] as const)
  test(`a page asked again has every row up to the page after it; ${what}`, async () => {
    const list = listOf(all)
    assert.deepEqual(await readPage(list.ask, undefined, isMeeting), { items, next: String(items.at(-1)), isApart: false })
    assert.equal(list.asked.length, asks)
  })

test('a page that more came before than three answers hold stands apart, and asks no further', async () => {
  const list = listOf(Array.from({ length: 30 }, (_, i) => 40 - i))
  const page = await readPage(list.ask, undefined, isMeeting)
  assert.equal(page.isApart, true)
  assert.equal(list.asked.length, 3)
})

test('a last page asks once', async () => {
  const list = listOf([9, 8, 7, 6])
  assert.deepEqual(await readPage(list.ask, undefined, undefined), { items: [9, 8, 7], next: '7', isApart: false })
})

test('a list is cut behind a page that stands apart, once: followed by the place that page came to it is whole again', () => {
  const page = { items: [], next: '31', isApart: true }
  const rest = { items: [], next: undefined, isApart: false }
  assert.equal(apartIn([page, rest], [undefined, '38']), 0)
  assert.equal(apartIn([page], [undefined]), -1)
  assert.equal(apartIn([page, undefined], [undefined, '31']), -1)
})

test('a row that two pages hold is listed once, where it stands first', () => {
  assert.deepEqual(rowsOf([{ items: [9, 8, 7, 6] }, undefined, { items: [6, 5] }], String), [9, 8, 7, 6, 5])
})

test('the pages of rows in view are those and no other', () => {
  assert.deepEqual([...pagesIn([100, 100, 60], 90, 101)], [0, 1])
  assert.deepEqual([...pagesIn([100, 100, 60], 200, 230)], [2])
  assert.deepEqual([...pagesIn([100], 100, 130)], [])
})
