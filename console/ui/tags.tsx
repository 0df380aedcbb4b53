import { Tag } from 'antd'
import { useWord } from '../i18n/language.tsx'

type Tone = 'success' | 'processing' | 'warning' | 'error' | 'default'

const phaseTones: Readonly<Record<string, Tone>> = {
  awaitingReview: 'warning',
  awaitingPayment: 'warning',
  onHold: 'warning',
  unroutable: 'error',
  sourcing: 'processing',
  inFulfillment: 'processing',
  partShipped: 'processing',
  inTransit: 'processing',
  delivered: 'success',
  complete: 'success',
  cancelled: 'default',
}
/** A colour a phase has wherever it is drawn. */
export const phaseColors: Readonly<Record<string, string>> = {
  awaitingReview: '#a85f00',
  awaitingPayment: '#c98a1b',
  onHold: '#8a5a44',
  unroutable: '#b3261e',
  sourcing: '#5a7fb5',
  inFulfillment: '#1d63b8',
  partShipped: '#2f7fb0',
  inTransit: '#0b6e5f',
  delivered: '#1f7a3d',
  complete: '#5b8f6a',
  cancelled: '#8a8f8d',
}

export function PhaseTag({ phase }: { readonly phase: string }) {
  const word = useWord()
  return <Tag color={phaseTones[phase] ?? 'default'}>{word('phase', phase)}</Tag>
}

const workTones: Readonly<Record<string, Tone>> = {
  planned: 'default',
  ready: 'processing',
  inProgress: 'processing',
  short: 'warning',
  readyForPickup: 'processing',
  handedOver: 'success',
  done: 'success',
  cancelled: 'default',
}
export function WorkTag({ work }: { readonly work: string }) {
  const word = useWord()
  return <Tag color={workTones[work] ?? 'default'}>{word('work.stage', work)}</Tag>
}

const parcelTones: Readonly<Record<string, Tone>> = {
  collected: 'processing',
  inTransit: 'processing',
  outForDelivery: 'processing',
  delivered: 'success',
  failed: 'error',
  returned: 'warning',
  lost: 'error',
}
export function ParcelTag({ state }: { readonly state: string }) {
  const word = useWord()
  return <Tag color={parcelTones[state] ?? 'default'}>{word('parcel.state', state)}</Tag>
}

const paymentTones: Readonly<Record<string, Tone>> = {
  unpaid: 'warning',
  partPaid: 'warning',
  paid: 'success',
  chargedBack: 'error',
  overpaid: 'warning',
}
export function PaymentTag({ state }: { readonly state: string }) {
  const word = useWord()
  return <Tag color={paymentTones[state] ?? 'default'}>{word('payment', state)}</Tag>
}

const verdictTones: Readonly<Record<string, Tone>> = {
  pass: 'success',
  default: 'default',
  review: 'warning',
  refuse: 'error',
  notApplicable: 'default',
}
export function VerdictTag({ verdict }: { readonly verdict: string }) {
  const word = useWord()
  return <Tag color={verdictTones[verdict] ?? 'default'}>{word('order.verdict', verdict)}</Tag>
}
