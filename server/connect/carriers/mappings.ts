import aftership from './mappings/aftership.json' with { type: 'json' }
import australiaPost from './mappings/australia-post.json' with { type: 'json' }
import dhl from './mappings/dhl.json' with { type: 'json' }
import easypost from './mappings/easypost.json' with { type: 'json' }
import fedex from './mappings/fedex.json' with { type: 'json' }
import fulcrum from './mappings/fulcrum.json' with { type: 'json' }
import gls from './mappings/gls.json' with { type: 'json' }
import hermes from './mappings/hermes.json' with { type: 'json' }
import kuaidi100 from './mappings/kuaidi100.json' with { type: 'json' }
import laposte from './mappings/laposte.json' with { type: 'json' }
import sfExpress from './mappings/sf-express.json' with { type: 'json' }
import ups from './mappings/ups.json' with { type: 'json' }
import usps from './mappings/usps.json' with { type: 'json' }
import { parseCarrierMapping, type CarrierMapping } from './mapping.ts'

/** Every format with a mapping. A new one is a file here and a line below. */
const files: readonly (readonly [string, unknown])[] = [
  ['sf-express', sfExpress],
  ['kuaidi100', kuaidi100],
  ['dhl', dhl],
  ['ups', ups],
  ['fedex', fedex],
  ['usps', usps],
  ['easypost', easypost],
  ['aftership', aftership],
  ['australia-post', australiaPost],
  ['gls', gls],
  ['hermes', hermes],
  ['laposte', laposte],
  ['fulcrum', fulcrum],
]

/** Checked when the hub starts: a wrong mapping file stops it rather than a parcel. */
export const carrierMappings: ReadonlyMap<string, CarrierMapping> = new Map(
  files.map(([name, file]) => {
    const mapping = parseCarrierMapping(file, name)
    return [mapping.format, mapping]
  }),
)
