import { Link } from '@tanstack/react-router'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { useUndo } from '../../ui/use-undo.tsx'
import { useMay, useSession } from '../session/session.ts'
import { type Task, useAssigneeName, useDoTask } from './tasks.ts'
import { part } from '../../ui/part.tsx'

const HandOn = part(async () => (await import('./task-dialogs.tsx')).HandOn, 'over')
const End = part(async () => (await import('./task-dialogs.tsx')).End, 'over')

/** One task: what it is about, by when, whose it is, and what can be done with it. */
export function TaskItem({ task, now }: { readonly task: Task; readonly now: number }) {
  const t = useText()
  const isOverdue = task.state === 'open' && Date.parse(task.dueAt) < now
  return (
    <li className={isOverdue ? 'task overdue' : 'task'} aria-label={`${t(`task.kind.${task.kind}`)} ${task.externalRef}`}>
      <div className="task-about">
        <strong>{t(`task.kind.${task.kind}`)}</strong>
        <Items items={task.items} />
        <div className="muted">{t(`task.about.${task.kind}`)}</div>
        <Places task={task} />
      </div>
      <Standing task={task} now={now} isOverdue={isOverdue} />
      <Doings task={task} />
    </li>
  )
}

function Items({ items }: { readonly items: Task['items'] }) {
  const t = useText()
  const format = useFormat()
  if (items.length === 0) return null
  return <div>{items.map(({ sku, name, quantity }) => `${format.number(quantity)} × ${name ?? sku}`).join(t('list.comma'))}</div>
}

function Places({ task }: { readonly task: Task }) {
  const t = useText()
  const may = useMay()
  const { orderId, fulfillmentOrderId, nodeId, nodeName = nodeId } = task
  return (
    <div className="row">
      <Link to="/orders/$orderId" params={{ orderId }}>
        {t('task.order', { ref: task.externalRef })}
      </Link>
      {task.channelName !== undefined && <span className="muted">{task.channelName}</span>}
      {nodeId !== undefined &&
        (fulfillmentOrderId !== undefined && may('fulfillment.read') ? (
          <Link to="/work" search={{ nodeId, scan: fulfillmentOrderId }}>
            {t('task.work', { node: nodeName ?? nodeId })}
          </Link>
        ) : (
          <span className="muted">{nodeName}</span>
        ))}
    </div>
  )
}

function Standing({ task, now, isOverdue }: { readonly task: Task; readonly now: number; readonly isOverdue: boolean }) {
  const t = useText()
  const word = useWord()
  const format = useFormat()
  const nameOf = useAssigneeName()
  return (
    <div className="task-standing">
      {task.state === 'done' ? (
        <div>
          {t('task.doneAt', { at: format.at(task.doneAt) })}
          {task.reason !== undefined && <div className="muted">{word('task.reason', task.reason)}</div>}
        </div>
      ) : (
        <div className="row">
          {isOverdue && <Tag color="error">{t('task.overdue', { time: format.duration(now - Date.parse(task.dueAt)) })}</Tag>}
          <span className={isOverdue ? 'muted' : undefined}>{t('task.due', { at: format.at(task.dueAt) })}</span>
        </div>
      )}
      <div className="muted">
        {t('task.of', { role: word('role', task.owner) })} ·{' '}
        {task.assignee === undefined ? t('task.unowned') : t('task.takenBy', { who: nameOf(task.assignee) })}
      </div>
    </div>
  )
}

function Doings({ task }: { readonly task: Task }) {
  const t = useText()
  const may = useMay()
  const me = useSession().session.credentialId
  const act = useDoTask()
  const offerUndo = useUndo()
  const [asked, ask] = useState<'handOn' | 'end'>()
  const { taskId, allowedActions } = task
  if (!may('task.work') || allowedActions.length === 0) return null
  const close = () => ask(undefined)
  // Whose it was has it back; one that was nobody's cannot be nobody's again.
  const assign = (to: { readonly assignee?: string }) => {
    const before = task.assignee
    const giveBack = () => act.mutateAsync({ doing: 'assign', taskId, ...(before === undefined ? {} : { assignee: before }) })
    act.mutate({ doing: 'assign', taskId, ...to }, { onSuccess: () => before !== undefined && offerUndo(t('task.handOn'), giveBack) })
  }
  return (
    <div className="task-doings">
      {allowedActions.includes('assign') && task.assignee !== me && (
        <Button type="primary" loading={act.isPending && act.variables.doing === 'assign'} onClick={() => assign({})}>
          {t('task.take')}
        </Button>
      )}
      {allowedActions.includes('assign') && <Button onClick={() => ask('handOn')}>{t('task.handOn')}</Button>}
      {allowedActions.includes('done') && <Button onClick={() => ask('end')}>{t('task.end')}</Button>}
      {asked === 'handOn' && (
        <HandOn
          task={task}
          onClose={close}
          onDone={(assignee) => {
            close()
            assign({ assignee })
          }}
        />
      )}
      {asked === 'end' && (
        <End
          task={task}
          onClose={close}
          onDone={(reason) => {
            close()
            act.mutate({ doing: 'done', taskId, reason })
          }}
        />
      )}
    </div>
  )
}
