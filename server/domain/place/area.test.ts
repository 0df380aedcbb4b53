import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areaKey, isIn, placeKey } from './area.ts'

for (const [countryCode, postalCode, inside, outside] of [
  ['GB', 'M1 1AA', ['M', 'M1', 'M1 1', 'm1 1aa', 'M11AA'], ['M11', 'M2', 'ME']],
  ['GB', 'm11aa', ['M', 'M1', 'M1 1'], ['M11']],
  ['GB', 'M11 1AA', ['M', 'M11', 'M11 1'], ['M1', 'M1 1']],
  ['GB', 'SW1A 1AA', ['SW', 'SW1', 'SW1A'], ['S', 'SW11', 'SW1B']],
  ['GB', 'EH1 1YZ', ['EH', 'EH1'], ['E', 'EH11']],
  ['GB', 'E1 6AN', ['E', 'E1'], ['EC', 'E16']],
  ['GB', 'M1', ['M', 'M1'], ['M11']],
  ['DE', '80331', ['8', '80', '80331'], ['81']],
  ['CN', '310013', ['31', '3100'], ['32']],
  ['CA', 'K1A 0B1', ['K', 'K1', 'K1A'], ['K2']],
  ['GB', undefined, [], ['M']],
] as const)
  test(`${countryCode} ${postalCode} is in ${inside.join(', ')} and not in ${outside.join(', ')}`, () => {
    const place = placeKey({ countryCode, ...(postalCode === undefined ? {} : { postalCode }) })
    for (const postalPrefix of inside) assert.ok(isIn(place, areaKey({ countryCode, postalPrefix })), postalPrefix)
    for (const postalPrefix of outside) assert.ok(!isIn(place, areaKey({ countryCode, postalPrefix })), postalPrefix)
  })
