import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areaKey, isIn, placeKey } from './area.ts'
import { comparableName } from './comparable-name.ts'
import { comparableRegion } from './region.ts'
import subdivisions from './subdivisions.json' with { type: 'json' }

for (const [country, texts, key] of [
  ['US', ['CA', 'ca', 'US-CA', 'California', ' CALIFORNIA '], 'us-ca'],
  ['US', ['DC', 'District of Columbia', 'Washington, D.C.'], 'us-dc'],
  ['CA', ['QC', 'Québec', 'Quebec'], 'ca-qc'],
  ['CN', ['浙江', '浙江省', 'Zhejiang', 'CN-ZJ', 'ZJ'], 'cn-zj'],
  ['CN', ['广西壮族自治区', '广西', 'Guangxi', '廣西'], 'cn-gx'],
  ['CN', ['内蒙古自治区', 'Inner Mongolia', 'NM'], 'cn-nm'],
  ['CN', ['新疆维吾尔自治区', 'Xinjiang'], 'cn-xj'],
  ['CN', ['上海市', '上海', 'Shanghai', 'CN-SH'], 'cn-sh'],
  ['JP', ['JP13', '13', 'Tōkyō', 'Tokyo', '東京都', '東京'], 'jp-13'],
  ['JP', ['北海道', 'Hokkaido', 'JP-01'], 'jp-01'],
  ['DE', ['BY', 'Bayern', 'Bavaria'], 'de-by'],
  ['ES', ['M', 'Madrid'], 'es-m'],
  ['AR', ['B', 'Buenos Aires'], 'ar-b'],
  ['AR', ['C', 'Ciudad Autónoma de Buenos Aires'], 'ar-c'],
  ['US', ['Atlantis'], 'atlantis'],
  ['XX', ['Somewhere'], 'somewhere'],
  ['CN', ['', '  '], ''],
] as const)
  for (const text of texts) test(`${country} "${text}" is compared as "${key}"`, () => assert.equal(comparableRegion(country, text), key))

test('no region and no country have no key', () => {
  assert.deepEqual([comparableRegion('US', undefined), comparableRegion('', 'California')], ['', 'california'])
})

test('no name of the table stands for two regions of its country, and none is empty', () => {
  let names = 0
  for (const [country, table] of Object.entries(subdivisions)) {
    const seen = new Map<string, string>()
    for (const row of table.split('; ')) {
      const [, code = '', text = ''] = /^(\S+) (.+)$/.exec(row) ?? []
      assert.match(code, /^[A-Z0-9]{1,3}$/, `${country}: ${row}`)
      for (const name of text.split(' = ')) {
        const key = comparableName(name)
        assert.notEqual(key, '', `${country}: ${row}`)
        assert.ok((seen.get(key) ?? code) === code, `${country}: ${name} is ${seen.get(key)} and ${code}`)
        seen.set(key, code)
        names++
      }
    }
  }
  assert.ok(names > 5000, `saw ${names} names`)
})

test('an area takes in a region however it is written, and one without a country goes by the mere name', () => {
  const shopify = placeKey({ countryCode: 'US', region: 'California', city: 'Los Angeles' })
  const woocommerce = placeKey({ countryCode: 'US', region: 'CA' })
  for (const region of ['CA', 'California', 'US-CA'])
    for (const place of [shopify, woocommerce]) assert.ok(isIn(place, areaKey({ countryCode: 'US', region })), region)
  assert.ok(!isIn(woocommerce, areaKey({ countryCode: 'US', region: 'TX' })))
  assert.ok(isIn(shopify, areaKey({ region: 'california' })))
  assert.ok(!isIn(woocommerce, areaKey({ region: 'California' })))
})
