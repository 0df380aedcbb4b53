import { useWord } from '../i18n/language.tsx'
import './tags.css'

type Tone = 'success' | 'processing' | 'warning' | 'error' | 'default'

/** A word in its colour. A plain element: a long list draws ten of them a frame. */
function Mark({ tone = 'default', word }: { readonly tone: Tone | undefined; readonly word: string }) {
  return <span className={`mark ${tone}`}>{word}</span>
}

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
  return <Mark tone={phaseTones[phase]} word={word('phase', phase)} />
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
  return <Mark tone={workTones[work]} word={word('work.stage', work)} />
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
  return <Mark tone={parcelTones[state]} word={word('parcel.state', state)} />
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
  return <Mark tone={paymentTones[state]} word={word('payment', state)} />
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
  return <Mark tone={verdictTones[verdict]} word={word('order.verdict', verdict)} />
}
