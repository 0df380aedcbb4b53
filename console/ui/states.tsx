import { Alert, Button, Empty, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../i18n/language.tsx'
import { problemOf, reasonOf } from './reason.ts'

/** What went wrong, in the hub's own words: how it failed here, the rule that it failed, and the trace to ask about. */
export function ProblemAlert({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useText()
  const problem = problemOf(error)
  if (problem?.code === 'permission_missing') return <Nothing title={t('state.noPermission')} hint={problem.detail} />
  const reason = reasonOf(t, error)
  const rule = problem?.rule
  return (
    <Alert
      type="error"
      showIcon
      title={problem?.title ?? t('state.error')}
      description={
        <>
          {reason !== problem?.title && <div>{reason}</div>}
          {rule !== undefined && <div className="muted">{rule}</div>}
          {problem?.traceId !== undefined && (
            <div className="muted">
              <span className="mono">{problem.code}</span> · {t('state.trace')} <span className="mono">{problem.traceId}</span>
            </div>
          )}
        </>
      }
      {...(onRetry === undefined ? {} : { action: <Button onClick={onRetry}>{t('state.retry')}</Button> })}
    />
  )
}

/** In the place of a page whose own code failed: the frame around it stays. */
export function Broken({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const t = useText()
  return (
    <div className="page">
      <Alert
        type="error"
        showIcon
        title={t('state.broken')}
        description={<span className="mono">{error instanceof Error ? error.message : String(error)}</span>}
        action={<Button onClick={reset}>{t('state.retry')}</Button>}
      />
    </div>
  )
}

export function Nothing({ title, hint, children }: { readonly title: string; readonly hint?: string; readonly children?: ReactNode }) {
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <div>{title}</div>
          {hint !== undefined && <div className="muted">{hint}</div>}
        </>
      }
    >
      {children}
    </Empty>
  )
}

type Asked<T> = { readonly data: T | undefined; readonly error: unknown; readonly isPending: boolean; readonly refetch: () => unknown }

/** What was asked for, or the state in its place: loading, error, no permission. */
export function Loaded<T>({ of, children }: { readonly of: Asked<T>; readonly children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data)
  if (of.error !== null && of.error !== undefined) return <ProblemAlert error={of.error} onRetry={() => void of.refetch()} />
  return <Skeleton active paragraph={{ rows: 6 }} />
}
