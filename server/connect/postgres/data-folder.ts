import { linkSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Fault } from '../../kernel/fault.ts'
import { isAlive } from './postmaster.ts'

/** The exclusive use of a data folder by one hub; given back, nothing is left that was made for it and holds nothing. */
export type DataFolder = {
  readonly path: string
  release(): void
}

type Owner = { readonly pid: number; readonly bornAt: string }

const LOCK = 'hub.lock'

/**
 * Takes a data folder for this process, creating it when missing. A lock whose process is gone, or whose number now belongs
 * to another process, is taken over. Fault `data_folder_in_use` when a living hub has it: that hub is left alone.
 */
export function lockDataFolder(path: string): DataFolder {
  const folder = resolve(path)
  const lock = join(folder, LOCK)
  const draft = `${lock}.${process.pid}`
  const made = draftIn(folder, draft)
  try {
    takeLock(folder, lock, draft)
  } finally {
    rmSync(draft, { force: true })
  }
  const release = (): void => {
    releaseLock(lock)
    if (made !== undefined) removeEmpty(folder, made)
  }
  return { path: folder, release }
}

/** Makes the folder where it is missing and writes the draft of a lock into it; gives the first folder that was made, if one was. */
function draftIn(folder: string, draft: string): string | undefined {
  for (let round = 1; ; round++) {
    const made = mkdirSync(folder, { recursive: true, mode: 0o711 })
    try {
      writeFileSync(draft, JSON.stringify(self()), { mode: 0o644 })
      return made
    } catch (error) {
      // Who made the folder may have given it back between the two.
      if (round === 10 || !isCoded(error, 'ENOENT')) throw error
    }
  }
}

/** Removes folders without content, from `folder` up to `top`; a folder that holds something ends it. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder)
  } catch (error) {
    if (isCoded(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'EBUSY', 'EACCES', 'EPERM')) return
    throw error
  }
  if (folder !== top) removeEmpty(dirname(folder), top)
}

const isCoded = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.some((code) => code === error.code)

/** A link appears whole or not at all, so a lock is never seen half-written. */
function takeLock(folder: string, lock: string, draft: string): void {
  for (let round = 0; round < 10; round++) {
    if (tryLink(draft, lock)) return
    const found = readOwner(lock)
    if (found !== undefined && isLiving(found)) throw inUse(folder, found)
    setAside(lock, found)
  }
  throw new Fault('data_folder_in_use', `the data folder ${folder} is being taken by several hubs at once`, 'later')
}

function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if (isCoded(error, 'EEXIST')) return false
    throw error
  }
}

/** Moves a stale lock away; puts it back when it turns out to be another's, taken since it was read. */
function setAside(lock: string, stale: Owner | undefined): void {
  const aside = `${lock}.stale-${process.pid}`
  try {
    renameSync(lock, aside)
  } catch {
    return // somebody else removed it first: the next round tries again
  }
  const moved = readOwner(aside)
  if (moved !== undefined && (moved.pid !== stale?.pid || moved.bornAt !== stale.bornAt)) tryLink(aside, lock)
  unlinkSync(aside)
}

const inUse = (folder: string, owner: Owner): Fault =>
  new Fault(
    'data_folder_in_use',
    `another hub (process ${owner.pid}) is using the data folder ${folder}: stop it, or give this one its own FULCRUM_DATA_DIR`,
    'never',
  )

function releaseLock(lock: string): void {
  const owner = readOwner(lock)
  if (owner?.pid === process.pid) rmSync(lock, { force: true })
}

function readOwner(lock: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(lock, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('bornAt' in value)) return undefined
    return typeof value.pid === 'number' && typeof value.bornAt === 'string' ? { pid: value.pid, bornAt: value.bornAt } : undefined
  } catch {
    return undefined // gone or torn: as good as stale
  }
}

const self = (): Owner => ({ pid: process.pid, bornAt: bornAt(process.pid) })

const isLiving = (owner: Owner): boolean => isAlive(owner.pid) && bornAt(owner.pid) === owner.bornAt

/** When the process began, in ticks since boot, which tells it from a later one with the same number; empty where the system does not say. */
function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
