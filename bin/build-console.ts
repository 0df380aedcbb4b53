import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { isWorthPacking } from '../server/http/console-files.ts'
import { plainContract } from './plain-contract.ts'

/**
 * Builds the console into console/dist, once for what it is made of: a stamp beside it names the sources, and nothing is done while
 * they are the same. Built beside and renamed, so that a hub that starts meanwhile never serves half of it.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CONSOLE = join(ROOT, 'console')
const DIST = join(CONSOLE, 'dist')
const STAMP = '.made-of'
/** Of 11: the last step takes more than twice as long and gains 2 %. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }

/** SHA-256 over the paths and contents of everything the console is built from. */
export function fingerprint(): string {
  const hash = createHash('sha256')
  const files = ['console', 'contract'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((path) => !path.startsWith(join('console', 'dist')) && !path.endsWith('.test.ts')),
  )
  for (const path of [
    'package-lock.json',
    'bin/build-console.ts',
    'bin/plain-contract.ts',
    'server/http/console-files.ts',
    ...files,
  ].toSorted())
    hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

export function isBuilt(wanted = fingerprint()): boolean {
  const stamp = join(DIST, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

/** Every browser that runs the console reads WOFF2: the second copy of each slice of the font is left out. */
const woff2Only = {
  name: 'woff2-only',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    id.includes('@fontsource') && id.endsWith('.css') ? code.replaceAll(/,\s*url\([^)]*\.woff\) format\('woff'\)/g, '') : undefined,
}

/** Compressed once, here: a hub that did it at every start would listen half a second later. */
async function pack(folder: string): Promise<void> {
  const packFile = async (path: string): Promise<void> => {
    const plain = readFileSync(path)
    if (!isWorthPacking(path, plain.length)) return
    const [br, gz] = await Promise.all([promisify(brotliCompress)(plain, BROTLI), promisify(gzip)(plain, { level: 9 })])
    writeFileSync(`${path}.br`, br)
    writeFileSync(`${path}.gz`, gz)
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  await Promise.all(files.map((entry) => packFile(join(entry.parentPath, entry.name))))
}

export async function buildConsole(): Promise<void> {
  const wanted = fingerprint()
  if (isBuilt(wanted)) return
  const [{ build }, react] = await Promise.all([import('vite'), import('@vitejs/plugin-react')])
  const made = mkdtempSync(join(dirname(DIST), '.dist-'))
  try {
    await build({
      root: CONSOLE,
      configFile: false,
      logLevel: 'warn',
      plugins: [woff2Only, plainContract, react.default()],
      build: {
        outDir: made,
        emptyOutDir: true,
        target: 'es2022',
        chunkSizeWarningLimit: 2000,
        assetsInlineLimit: 0,
        // Small, and whole from the start: a sheet that failed to come with its page would not be asked for again.
        cssCodeSplit: false,
      },
    })
    await pack(made)
    writeFileSync(join(made, STAMP), wanted)
    chmodSync(made, 0o755)
    const old = `${made}-old`
    if (existsSync(DIST)) renameSync(DIST, old)
    try {
      renameSync(made, DIST)
    } catch (error) {
      // Another start was faster with the same sources.
      if (!isBuilt(wanted)) throw error
    }
    rmSync(old, { recursive: true, force: true })
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

if (import.meta.main) await buildConsole()
