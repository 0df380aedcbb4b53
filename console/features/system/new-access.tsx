import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, Form, Input, Modal, Select, Typography } from 'antd'
import { useState } from 'react'
import { type Role, roles } from '../../../contract/access.ts'
import { passwordLength } from '../../../contract/capabilities/access.ts'
import { hub } from '../../api/hub.ts'
import { useText, useWord } from '../../i18n/language.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { useCarriers, useNodes } from '../network/facts.ts'

export type ScopeGiven = { readonly nodes?: string[]; readonly carriers?: string[] }
/** A customer's scope is one shopper: such log-ins are made by the shop's own system. */
const given = roles.filter((role) => role !== 'customer')

export const scopeOf = ({ nodes = [], carriers = [] }: ScopeGiven) => ({
  ...(nodes.length === 0 ? {} : { nodes }),
  ...(carriers.length === 0 ? {} : { carriers }),
})

/** The role and what it reaches: the same for keys and people. */
export function RoleFields() {
  const t = useText()
  const word = useWord()
  const role: Role | undefined = Form.useWatch('role')
  const nodes = useNodes().data ?? []
  const carriers = useCarriers().data ?? []
  return (
    <>
      <Form.Item name="role" label={t('system.col.role')} rules={[{ required: true }]}>
        <Select options={given.map((value) => ({ value, label: word('role', value) }))} />
      </Form.Item>
      {role === 'carrier' ? (
        <Form.Item name="carriers" label={t('network.carriers')} rules={[{ required: true }]}>
          <Select
            mode="multiple"
            options={carriers.map(({ carrierId, name }) => ({ value: carrierId, label: name }))}
            optionFilterProp="label"
          />
        </Form.Item>
      ) : (
        <Form.Item name="nodes" label={t('access.nodes')} extra={t('access.nodes.hint')}>
          <Select
            mode="multiple"
            allowClear
            options={nodes.map(({ nodeId, name }) => ({ value: nodeId, label: name }))}
            optionFilterProp="label"
          />
        </Form.Item>
      )}
    </>
  )
}

type KeyGiven = ScopeGiven & { readonly name: string; readonly role: Role; readonly days: number }

/** A key for a program; its secret is shown this once. */
export function NewKey({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const queries = useQueryClient()
  const [form] = Form.useForm<KeyGiven>()
  const [secret, show] = useState<string>()
  const make = useMutation({
    mutationFn: ({ name, role, days, ...scope }: KeyGiven) =>
      hub.call('key.create', {
        body: {
          name,
          role,
          scope: scopeOf(scope),
          expiresAt: days === 0 ? null : new Date(Date.now() + days * 86_400_000).toISOString(),
        },
      }),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['keys'] })
      show(made.secret)
    },
  })
  if (secret !== undefined)
    return (
      <Modal
        open
        title={t('system.key.once')}
        okText={t('state.close')}
        onOk={onClose}
        onCancel={onClose}
        cancelButtonProps={{ hidden: true }}
        mask={{ closable: false }}
      >
        <Alert type="warning" showIcon title={t('access.secret.hint')} />
        <Typography.Paragraph className="mono" copyable style={{ overflowWrap: 'anywhere', marginTop: 12 }}>
          {secret}
        </Typography.Paragraph>
      </Modal>
    )
  return (
    <Modal
      open
      title={t('system.key.new')}
      okText={t('access.make')}
      cancelText={t('state.cancel')}
      okButtonProps={{ loading: make.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form<KeyGiven>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: 'integrator', days: 365 }}
        onFinish={(key) => make.mutate(key)}
      >
        <Form.Item name="name" label={t('network.col.name')} rules={[{ required: true, max: 200 }]}>
          <Input autoFocus />
        </Form.Item>
        <RoleFields />
        <Form.Item name="days" label={t('system.col.expires')}>
          <Select
            options={[30, 90, 365, 0].map((value) => ({ value, label: value === 0 ? t('access.never') : t('access.days', { n: value }) }))}
          />
        </Form.Item>
      </Form>
      {make.error !== null && <ProblemAlert error={make.error} />}
    </Modal>
  )
}

type UserGiven = ScopeGiven & { readonly login: string; readonly name: string; readonly role: Role; readonly password: string }

/** A log-in for a person. */
export function NewUser({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  const queries = useQueryClient()
  const [form] = Form.useForm<UserGiven>()
  const make = useMutation({
    mutationFn: ({ login, name, role, password, ...scope }: UserGiven) =>
      hub.call('user.create', { body: { login, name, role, password, scope: scopeOf(scope) } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['users'] })
      onClose()
    },
  })
  return (
    <Modal
      open
      title={t('access.user.new')}
      okText={t('access.make')}
      cancelText={t('state.cancel')}
      okButtonProps={{ loading: make.isPending }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form<UserGiven>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ role: 'agent' }}
        onFinish={(user) => make.mutate(user)}
      >
        <Form.Item name="login" label={t('system.col.login')} rules={[{ required: true, max: 254, pattern: /^\S+$/ }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="name" label={t('network.col.name')} rules={[{ required: true, max: 200 }]}>
          <Input />
        </Form.Item>
        <RoleFields />
        <Form.Item
          name="password"
          label={t('session.password')}
          extra={t('access.password', { n: passwordLength.min })}
          rules={[{ required: true, min: passwordLength.min }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
      {make.error !== null && <ProblemAlert error={make.error} />}
    </Modal>
  )
}
