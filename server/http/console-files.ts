import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

type Encoding = 'br' | 'gzip'
/** A file of the console: its type, whether its name changes with its content, its bytes plain and as the build packed them. */
export type ConsoleFile = {
  readonly type: string
  readonly isHashed: boolean
  readonly plain: Buffer
  readonly packed: Readonly<Partial<Record<Encoding, Buffer>>>
}
export type Sent = { readonly bytes: Buffer; readonly encoding?: Encoding }

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}
const INDEX = 'index.html'
const PACKED_BYTES_MIN = 1024

export const isWorthPacking = (path: string, bytes: number): boolean => /\.(js|css|svg|json)$/.test(path) && bytes > PACKED_BYTES_MIN
/** The smallest first. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** Whether a client takes this encoding; what it weighs with 0 it does not take. */
const isTaken = (encoding: Encoding, accepted: string): boolean =>
  accepted.split(',').some((one) => {
    const [name, weight = '1'] = one.trim().split(/\s*;\s*q=/)
    return name === encoding && Number(weight) > 0
  })

/** The bytes for a client that accepts these encodings. */
export function sentAs(file: ConsoleFile, accepted: string): Sent {
  for (const [encoding] of ENCODINGS) {
    const bytes = file.packed[encoding]
    if (bytes !== undefined && isTaken(encoding, accepted)) return { bytes, encoding }
  }
  return { bytes: file.plain }
}

function packedOf(path: string): ConsoleFile['packed'] {
  const found = ENCODINGS.flatMap(([encoding, end]) => (existsSync(path + end) ? [[encoding, readFileSync(path + end)] as const] : []))
  return Object.fromEntries(found)
}

/** The built console, read once into memory: what is not in the folder at start is never served, so no path can lead out of it. */
export class ConsoleFiles {
  readonly #files = new Map<string, ConsoleFile>()
  readonly #index: string

  private constructor(folder: string) {
    this.#index = readFileSync(join(folder, INDEX), 'utf8')
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const type = TYPES[extname(entry.name)]
      if (!entry.isFile() || type === undefined) continue
      const path = join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/')
      const at = join(folder, path)
      this.#files.set(path, { type, isHashed: path.startsWith('/assets/'), plain: readFileSync(at), packed: packedOf(at) })
    }
  }

  /** Undefined where no console was built. */
  static of(folder: string): ConsoleFiles | undefined {
    return existsSync(join(folder, INDEX)) ? new ConsoleFiles(folder) : undefined
  }

  file(path: string): ConsoleFile | undefined {
    return this.#files.get(path)
  }

  get page(): string {
    return this.#index
  }
}

/**
 * Under which the page runs: its own scripts alone, nothing from elsewhere. NOTE: styles may be inline, because the component library
 * writes them into the page, some without a nonce.
 */
export const CONSOLE_POLICY = [
  `default-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data: blob:`,
  `object-src 'none'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ')
