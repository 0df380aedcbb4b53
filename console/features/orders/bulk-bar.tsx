import { Button } from 'antd'
import { useState } from 'react'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { useText } from '../../i18n/language.tsx'
import { type BulkAction, bulkActions, canAll } from './bulk.ts'
import { part } from '../../ui/part.tsx'

const BulkDialog = part(async () => (await import('./bulk-dialog.tsx')).BulkDialog, 'over')

type Props = { readonly chosen: readonly OrderSummary[]; readonly onClear: () => void }

/** What can be done to the chosen orders together: an action is offered where at least one of them allows it. */
export function BulkBar({ chosen, onClear }: Props) {
  const t = useText()
  // A dialog keeps the orders it was opened for: the list below goes on moving.
  const [asked, ask] = useState<{ readonly action: BulkAction; readonly orders: readonly OrderSummary[] }>()
  return (
    <>
      {chosen.length > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label={t('bulk.label')}>
          <span aria-live="polite">{t('bulk.chosen', { n: chosen.length })}</span>
          {bulkActions.map((action) => (
            <Button
              key={action}
              size="small"
              danger={action === 'cancel'}
              disabled={!canAll(chosen, action)}
              onClick={() => ask({ action, orders: chosen })}
            >
              {t(`order.action.${action}`)}
            </Button>
          ))}
          <Button size="small" type="text" onClick={onClear}>
            {t('bulk.clear')}
          </Button>
        </div>
      )}
      {asked !== undefined && (
        <BulkDialog
          {...asked}
          onClose={(isDone) => {
            ask(undefined)
            if (isDone) onClear()
          }}
        />
      )}
    </>
  )
}
