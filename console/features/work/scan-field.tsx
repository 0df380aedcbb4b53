import { Alert, Button, Input, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../../i18n/language.tsx'
import { canScanByCamera, scanByCamera } from './camera.ts'

/** A code by scanner, by hand or by camera; the camera is asked for only when its button is tapped. */
export function ScanField(props: {
  readonly label: string
  readonly value?: string
  readonly hasFocus?: boolean
  /** The field is empty again after each code. */
  readonly isRepeated?: boolean
  readonly onCode: (code: string) => void
}) {
  const t = useText()
  const [typed, type] = useState(props.value ?? '')
  const [isLooking, look] = useState(false)
  const field = useRef<InputRef>(null)
  useEffect(() => type(props.value ?? ''), [props.value])
  const enter = (code: string) => {
    type(props.isRepeated === true ? '' : code)
    props.onCode(code.trim())
    if (props.isRepeated === true) field.current?.focus()
  }
  return (
    <div className="stack scan-field">
      <div className="scan-row">
        <Input.Search
          ref={field}
          allowClear
          size="large"
          autoFocus={props.hasFocus === true}
          placeholder={props.label}
          aria-label={props.label}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onSearch={(code, _, from) => (from?.source === 'clear' ? props.isRepeated === true || enter('') : enter(code))}
        />
        <Button size="large" aria-pressed={isLooking} onClick={() => look((was) => !was)}>
          {t(isLooking ? 'scan.camera.off' : 'scan.camera')}
        </Button>
      </div>
      {isLooking && <Camera onCode={enter} />}
    </div>
  )
}

function Camera({ onCode }: { readonly onCode: (code: string) => void }) {
  const t = useText()
  const video = useRef<HTMLVideoElement>(null)
  const [problem, setProblem] = useState<'missing' | 'refused'>()
  const take = useRef(onCode)
  take.current = onCode
  useEffect(() => {
    const shown = video.current
    if (!canScanByCamera() || shown === null) return setProblem('missing')
    let isThere = true
    let stop: (() => void) | undefined
    scanByCamera(shown, (code) => take.current(code)).then(
      (end) => {
        stop = end
        if (!isThere) end()
      },
      () => setProblem('refused'),
    )
    return () => {
      isThere = false
      stop?.()
    }
  }, [])
  if (problem !== undefined) return <Alert type="info" showIcon title={t(`scan.camera.${problem}`)} description={t('scan.camera.else')} />
  return <video ref={video} className="camera" muted playsInline aria-label={t('scan.camera.sees')} />
}
