import { Alert, Button, InputNumber, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import type { WorkUnits } from '../../../contract/entities/fulfillment-order.ts'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { countScan, type Found, keyOf, openLines, openOf, type ScanAnswer, unitsOf, type WorkLine } from './scan.ts'
import { ScanField } from './scan-field.tsx'
import { signal } from './scan-signal.ts'
import { useWedge } from './use-wedge.ts'
import type { Work } from './work.ts'

type Done = (lines: readonly WorkUnits[], isShort: boolean) => void

/** Picking unit by unit: each scan counts towards its line, a wrong item says so. What was counted outlives an accidental close. */
export function PickDialog({ work, onClose, onDone }: { readonly work: Work; readonly onClose: () => void; readonly onDone: Done }) {
  const t = useText()
  const format = useFormat()
  const [found, setFound] = useFound(work.fulfillmentOrderId)
  const [last, setLast] = useState<ScanAnswer>()
  const scan = (code: string) => {
    if (code === '') return
    const answer = countScan(work, found, code)
    setLast(answer)
    signal(answer.kind === 'found' ? 'right' : 'wrong')
    if (answer.kind === 'found') setFound(answer.found)
  }
  useWedge(scan)
  const lines = openLines(work)
  const wanted = lines.reduce((sum, line) => sum + openOf(line), 0)
  const units = unitsOf(work, found)
  const counted = units.reduce((sum, { quantity }) => sum + quantity, 0)
  const end = (isShort: boolean) => {
    setFound({})
    onDone(units, isShort)
  }
  return (
    <Modal open title={t('scan.title', { ref: work.externalRef })} onCancel={onClose} footer={null} mask={{ closable: false }}>
      <div className="stack">
        <ScanField label={t('scan.item')} isRepeated hasFocus onCode={scan} />
        <div role="status">{last !== undefined && <Said answer={last} />}</div>
        {lines.map((line) => (
          <PickLine
            key={keyOf(line)}
            line={line}
            found={found[keyOf(line)] ?? 0}
            onCount={(n) => setFound({ ...found, [keyOf(line)]: n })}
          />
        ))}
        <Button type="primary" size="large" block disabled={counted === 0} onClick={() => end(false)}>
          {counted === wanted
            ? t('scan.all', { n: format.number(counted) })
            : t('scan.some', { n: format.number(counted), of: format.number(wanted) })}
        </Button>
        {counted < wanted && (
          <Popconfirm
            title={t('work.short.effect')}
            okText={t('work.short.do')}
            cancelText={t('state.cancel')}
            okButtonProps={{ danger: true }}
            onConfirm={() => end(true)}
          >
            <Button size="large" block danger>
              {t('scan.short', { n: format.number(wanted - counted) })}
            </Button>
          </Popconfirm>
        )}
      </div>
    </Modal>
  )
}

function Said({ answer }: { readonly answer: ScanAnswer }) {
  const t = useText()
  if (answer.kind === 'wrong')
    return <Alert type="error" showIcon title={t('scan.wrong', { code: answer.code })} description={t('scan.wrong.hint')} />
  const item = answer.line.name ?? answer.line.sku
  if (answer.kind === 'enough')
    return <Alert type="warning" showIcon title={t('scan.enough', { item })} description={t('scan.enough.hint')} />
  return <Alert type="success" showIcon title={t('scan.right', { item })} />
}

function PickLine(props: { readonly line: WorkLine; readonly found: number; readonly onCount: (units: number) => void }) {
  const t = useText()
  const { line, found } = props
  const open = openOf(line)
  const name = line.name ?? line.sku
  return (
    <div className={found >= open ? 'pick-line full' : 'pick-line'}>
      <div>
        <div>{name}</div>
        <div className="mono muted">{[line.sku, ...(line.barcodes ?? []).slice(0, 1)].join(' · ')}</div>
      </div>
      <div className="row">
        <InputNumber
          aria-label={t('scan.found', { item: name })}
          size="large"
          min={0}
          max={open}
          precision={0}
          value={Math.min(found, open)}
          style={{ width: 72 }}
          onChange={(units) => props.onCount(units ?? 0)}
        />
        <strong>/ {open}</strong>
      </div>
    </div>
  )
}

/** Units counted for one piece of work, kept in this tab until they are sent. */
function useFound(fulfillmentOrderId: string): [Found, (found: Found) => void] {
  const name = `fulcrum.found.${fulfillmentOrderId}`
  const [found, setFound] = useState<Found>(() => readFound(sessionStorage.getItem(name)))
  const keep = (next: Found) => {
    if (Object.keys(next).length === 0) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, JSON.stringify(next))
    setFound(next)
  }
  return [found, keep]
}

function readFound(text: string | null): Found {
  if (text === null) return {}
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return {}
    return Object.fromEntries(Object.entries(read).filter((pair): pair is [string, number] => typeof pair[1] === 'number'))
  } catch {
    return {} // written by something else: counting starts anew
  }
}
