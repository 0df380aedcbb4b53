import { Alert, Button, Empty, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { isUnreachable, ProblemError } from '../api/hub.ts'
import { useText } from '../i18n/language.tsx'

/** What went wrong, in the hub's own words: the rule that failed, what was expected and got, and the trace to ask about. */
export function ProblemAlert({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const t = useText()
  const problem = error instanceof ProblemError ? error.problem : undefined
  if (problem?.code === 'permission_missing') return <Nothing title={t('state.noPermission')} hint={problem.detail} />
  return (
    <Alert
      type="error"
      showIcon
      title={problem?.title ?? t('state.error')}
      description={
        <>
          {problem?.detail !== problem?.title && (
            <div>{problem?.detail ?? (isUnreachable(error) ? t('state.unreachable') : String(error))}</div>
          )}
          {problem?.traceId !== undefined && (
            <div className="mono muted">
              {problem.code} · {t('state.trace')} {problem.traceId}
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
