import { Button } from 'antd'
import { memo, type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useText } from '../i18n/language.tsx'
import { ROW, type RowWindow, windowOf } from './row-window.ts'
import { steadyOf } from './steady.ts'
import './long-table.css'

export type Column<T> = {
  readonly key: string
  readonly title: ReactNode
  readonly render: (row: T) => ReactNode
  /** Share of the width. */
  readonly share: number
  readonly align?: 'end'
  /** The narrowest window it is shown in. */
  readonly from?: 'md' | 'lg' | 'xl'
  /** Sorts by it where every row is here. */
  readonly compare?: (a: T, b: T) => number
}
type Given<T> = {
  readonly label: string
  readonly rows: readonly T[]
  readonly keyOf: (row: T) => string
  readonly columns: readonly Column<T>[]
  readonly empty: ReactNode
  readonly onOpen?: (row: T) => void
  readonly isStale?: boolean
  readonly isMore?: boolean
  readonly isFull?: boolean
  readonly see?: (from: number, to: number) => void
}

/**
 * A table of any length: only rows in view are drawn, all equally high, in a real table that scrolls with the page. Under the pointer no
 * row comes, goes or moves; scrolled down, the rows in view stay in place whatever comes above them.
 */
export function LongTable<T>({
  label,
  rows,
  keyOf,
  columns,
  empty,
  onOpen,
  isStale = false,
  isMore = false,
  isFull = false,
  see,
}: Given<T>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [isHeld, hold] = useState(false)
  const { sorted, sort, setSort } = useSort(rows, columns, !isMore)
  const { shown, waiting } = useSteady(sorted, keyOf, isHeld && !isStale)
  const { from, to } = useRowWindow(body, shown.length)
  useAnchor(body, shown, keyOf)
  useEffect(() => see?.(from, to), [see, from, to])
  if (shown.length === 0) return empty
  return (
    <>
      <table className={isStale ? 'long stale' : 'long'} aria-label={label} aria-rowcount={isMore ? -1 : shown.length + 1}>
        <Head columns={columns} sort={sort} {...(isMore ? {} : { onSort: setSort })} />
        <tbody
          ref={body}
          onPointerEnter={(event) => hold(event.pointerType === 'mouse')}
          onPointerMove={(event) => hold(event.pointerType === 'mouse')}
          onPointerLeave={() => hold(false)}
        >
          <Space rows={from} />
          {shown.slice(from, to).map((row, i) => (
            <Row key={keyOf(row)} row={row} at={from + i + 2} columns={columns as readonly Column<unknown>[]} onOpen={onOpen as OnOpen} />
          ))}
          <Space rows={shown.length - to} />
        </tbody>
      </table>
      <Foot waiting={waiting} onShow={() => hold(false)} isMore={isMore} isFull={isFull} count={shown.length} />
    </>
  )
}

type OnOpen = ((row: unknown) => void) | undefined
type Sort = { readonly key: string; readonly isDown: boolean }
const classOf = ({ align, from }: Pick<Column<unknown>, 'align' | 'from'>): string =>
  [align === 'end' ? 'end' : '', from === undefined ? '' : `from-${from}`].join(' ').trim()

const Row = memo(function Row({ row, at, columns, onOpen }: RowGiven) {
  return (
    <tr
      aria-rowindex={at}
      {...(onOpen === undefined
        ? {}
        : {
            className: 'opens',
            onClick: ({ target }) => {
              if (!(target instanceof HTMLElement) || target.closest('a,button,input,label') === null) onOpen(row)
            },
          })}
    >
      {columns.map((column) => {
        const drawn = column.render(row)
        return (
          <td key={column.key} className={classOf(column)} {...(typeof drawn === 'string' ? { title: drawn } : {})}>
            {drawn}
          </td>
        )
      })}
    </tr>
  )
})
type RowGiven = { readonly row: unknown; readonly at: number; readonly columns: readonly Column<unknown>[]; readonly onOpen: OnOpen }

/** Stands for rows that are not drawn. One cell: one over all columns would bring back those that a phone leaves out. */
function Space({ rows }: { readonly rows: number }) {
  if (rows <= 0) return null
  return (
    <tr className="space" aria-hidden>
      <td style={{ height: rows * ROW }} />
    </tr>
  )
}

function Head<T>({ columns, sort, onSort }: { columns: readonly Column<T>[]; sort: Sort | undefined; onSort?: (sort: Sort) => void }) {
  const total = columns.reduce((sum, column) => sum + column.share, 0)
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map(({ key, title, share, compare, align, from }) => {
          const isBy = sort?.key === key
          const order = isBy ? { 'aria-sort': sort.isDown ? ('descending' as const) : ('ascending' as const) } : {}
          return (
            <th
              key={key}
              scope="col"
              className={classOf({ ...(align && { align }), ...(from && { from }) })}
              style={{ width: `${(share / total) * 100}%` }}
              {...order}
            >
              {compare === undefined || onSort === undefined ? (
                title
              ) : (
                <button type="button" onClick={() => onSort({ key, isDown: isBy ? !sort.isDown : true })}>
                  {title} {isBy ? (sort.isDown ? '↓' : '↑') : '↕'}
                </button>
              )}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

type FootGiven = {
  readonly waiting: number
  readonly onShow: () => void
  readonly isMore: boolean
  readonly isFull: boolean
  readonly count: number
}
function Foot({ waiting, onShow, isMore, isFull, count }: FootGiven) {
  const t = useText()
  return (
    <>
      <div className="long-end muted" aria-busy={isMore}>
        {t(isFull ? 'list.full' : isMore ? 'list.coming' : 'list.end', { n: count })}
      </div>
      <div className="long-note" role="status">
        {waiting > 0 && (
          <Button size="small" type="primary" onClick={onShow}>
            {t('list.waiting', { n: waiting })}
          </Button>
        )}
      </div>
    </>
  )
}

function useSort<T>(rows: readonly T[], columns: readonly Column<T>[], isWhole: boolean) {
  const [sort, setSort] = useState<Sort>()
  const compare = isWhole ? columns.find((column) => column.key === sort?.key)?.compare : undefined
  const isDown = sort?.isDown === true
  const sorted = useMemo(
    () => (compare === undefined ? rows : rows.toSorted((a, b) => (isDown ? compare(b, a) : compare(a, b)))),
    [rows, compare, isDown],
  )
  return { sorted, sort: isWhole ? sort : undefined, setSort }
}

function useSteady<T>(rows: readonly T[], keyOf: (row: T) => string, isHeld: boolean) {
  const [shown, setShown] = useState(rows)
  const steady = useMemo(() => (isHeld ? steadyOf(shown, rows, keyOf) : { rows, waiting: 0 }), [isHeld, shown, rows, keyOf])
  if (steady.rows !== shown) setShown(steady.rows)
  return { shown: steady.rows, waiting: steady.waiting }
}

function useRowWindow(body: RefObject<HTMLElement | null>, count: number): RowWindow {
  const [seen, setSeen] = useState<RowWindow>(() => windowOf(0, innerHeight, count))
  useLayoutEffect(() => {
    const look = () => {
      const next = windowOf(body.current?.getBoundingClientRect().top ?? 0, innerHeight, count)
      setSeen((was) => (was.from === next.from && was.to === next.to ? was : next))
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [body, count])
  return { from: Math.min(seen.from, Math.max(0, count - 1)), to: Math.min(seen.to, count) }
}

/** Keeps the first row in view where it is when rows come or go above it. */
function useAnchor<T>(body: RefObject<HTMLElement | null>, shown: readonly T[], keyOf: (row: T) => string): void {
  const before = useRef(shown)
  useLayoutEffect(() => {
    const was = before.current
    before.current = shown
    const top = body.current?.getBoundingClientRect().top ?? 0
    const row = was[Math.floor(-top / ROW)]
    if (was === shown || top >= 0 || row === undefined) return
    const [from, to] = [Math.floor(-top / ROW), shown.findIndex((one) => keyOf(one) === keyOf(row))]
    if (to >= 0 && to !== from) scrollBy({ top: (to - from) * ROW, behavior: 'instant' })
  }, [body, shown, keyOf])
}
