import { App, Button } from 'antd'
import { useRef, useState } from 'react'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { hub } from '../../api/hub.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { useReason } from '../../ui/reason.ts'
import { saveFile } from '../../ui/save-file.ts'
import { csvOf } from './csv.ts'
import type { Filters } from './order-search.ts'

const PAGE = 200
const ROWS_MAX = 10_000

/** Writes what is filtered, page by page; says how far it is, can be stopped, and says so where there is more than it writes. */
export function OrderExport({ search }: { readonly search: Filters }) {
  const t = useText()
  const reasonOf = useReason()
  const format = useFormat()
  const { message } = App.useApp()
  const [rows, setRows] = useState<number>()
  const stop = useRef<AbortController>(undefined)
  const write = async () => {
    stop.current = new AbortController()
    setRows(0)
    try {
      const { all, isMore } = await pagesOf(search, stop.current.signal, setRows)
      saveFile('orders.csv', 'text/csv', csvOf(all))
      if (isMore) void message.warning(t('orders.export.more', { n: format.number(ROWS_MAX) }))
    } catch (error) {
      if (!stop.current.signal.aborted) void message.error(reasonOf(error))
    } finally {
      setRows(undefined)
    }
  }
  if (rows === undefined) return <Button onClick={() => void write()}>{t('orders.export')}</Button>
  return (
    <Button onClick={() => stop.current?.abort()} aria-live="polite">
      {t('orders.export.stop', { n: format.number(rows) })}
    </Button>
  )
}

async function pagesOf(search: Filters, signal: AbortSignal, tell: (rows: number) => void) {
  const all: OrderSummary[] = []
  let cursor: string | undefined
  do {
    const query = { ...search, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }
    const page = await hub.call('order.list', { query }, { signal })
    all.push(...page.items)
    tell(all.length)
    cursor = page.next
  } while (cursor !== undefined && all.length < ROWS_MAX)
  return { all, isMore: cursor !== undefined }
}
