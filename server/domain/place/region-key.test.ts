import assert from 'node:assert/strict'
import { test } from 'node:test'
import { regionKey } from './region-key.ts'

for (const [a, b] of [
  ['浙江省', '浙江'],
  ['上海市', '上海'],
  ['广西壮族自治区', '广西'],
  ['新疆维吾尔自治区', '新疆'],
  ['内蒙古自治区', '内蒙古'],
  ['香港特别行政区', '香港'],
  [' Québec', 'québec '],
  ['ＣＡ', 'ca'],
  ['沙市', '沙市'],
] as const)
  test(`"${a}" and "${b}" are the same region`, () => assert.equal(regionKey(a), regionKey(b)))

test('different regions stay different', () => {
  const names = ['浙江', '江苏', '广东', '广西', 'CA', 'CO', '吉林', '吉林省吉林']
  assert.equal(new Set(names.map(regionKey)).size, names.length)
})
