import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

/** A file of the console as it is sent: its type, whether its name changes with its content, its bytes plain and compressed. */
export type ConsoleFile = { readonly type: string; readonly isHashed: boolean; readonly plain: Buffer; readonly gzip: Buffer | undefined }

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
}
const INDEX = 'index.html'
/** Beside a file, where it is sent compressed: the same, made when the console was built. */
export const PACKED = '.gz'
const PACKED_BYTES_MIN = 1024

export const isWorthPacking = (path: string, bytes: number): boolean => /\.(js|css|svg|json)$/.test(path) && bytes > PACKED_BYTES_MIN

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
      const plain = readFileSync(join(folder, path))
      const packed = join(folder, `${path}${PACKED}`)
      const gzip = existsSync(packed) ? readFileSync(packed) : undefined
      this.#files.set(path, { type, isHashed: path.startsWith('/assets/'), plain, gzip })
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
