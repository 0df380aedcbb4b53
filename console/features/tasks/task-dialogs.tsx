import { Form, Input, Modal, Select, Tag } from 'antd'
import { useState } from 'react'
import { useText, useWord } from '../../i18n/language.tsx'
import { type Task, useAssignees } from './tasks.ts'

/** As much as the hub keeps of how a task ended. */
const NOTE_MAX = 64

export function HandOn(props: { readonly task: Task; readonly onClose: () => void; readonly onDone: (assignee: string) => void }) {
  const t = useText()
  const word = useWord()
  const people = useAssignees()
  const [chosen, choose] = useState<string>()
  const { task } = props
  // Those whose work it is stand first.
  const sorted = people
    .filter((one) => one.assignee !== task.assignee)
    .toSorted((a, b) => Number(b.role === task.owner) - Number(a.role === task.owner))
  return (
    <Modal
      open
      title={t('task.handOn.title')}
      okText={t('task.handOn.do')}
      cancelText={t('state.cancel')}
      okButtonProps={{ disabled: chosen === undefined }}
      onCancel={props.onClose}
      onOk={() => chosen !== undefined && props.onDone(chosen)}
    >
      <p className="muted">{t(`task.about.${task.kind}`)}</p>
      <Select
        autoFocus
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('task.handOn.title')}
        placeholder={t('task.handOn.who')}
        notFoundContent={t('task.handOn.nobody')}
        value={chosen ?? null}
        style={{ width: '100%' }}
        options={sorted.map(({ assignee, name, role }) => ({ value: assignee, label: `${name} · ${word('role', role)}` }))}
        onChange={(next: string | null) => choose(next ?? undefined)}
      />
    </Modal>
  )
}

const suggestions = ['bought', 'moved', 'refunded', 'sorted'] as const

export function End(props: { readonly task: Task; readonly onClose: () => void; readonly onDone: (reason: string) => void }) {
  const t = useText()
  const [form] = Form.useForm<{ reason: string }>()
  return (
    <Modal
      open
      title={t('task.end.title', { ref: props.task.externalRef })}
      okText={t('task.end')}
      cancelText={t('state.cancel')}
      onCancel={props.onClose}
      onOk={() => form.submit()}
    >
      <p className="muted">{t('task.end.effect')}</p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={({ reason }) => props.onDone(reason.trim())}>
        <Form.Item name="reason" label={t('task.end.note')} rules={[{ required: true, whitespace: true, message: t('task.end.needed') }]}>
          <Input autoFocus showCount maxLength={NOTE_MAX} />
        </Form.Item>
        <div className="row" role="group" aria-label={t('task.end.suggestions')}>
          {suggestions.map((one) => (
            <Tag key={one} variant="outlined">
              <button type="button" className="plain" onClick={() => form.setFieldValue('reason', t(`task.end.${one}`))}>
                {t(`task.end.${one}`)}
              </button>
            </Tag>
          ))}
        </div>
      </Form>
    </Modal>
  )
}
