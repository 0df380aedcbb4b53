import type { Permission, Role } from '../../../contract/access.ts'
import type { Scope } from './principal.ts'

/** Who looks: a principal, or what is kept of one while a stream is open. */
export type Viewer = { readonly role: Role; readonly scope: Scope; readonly permissions: ReadonlySet<Permission> }

export type Sight = 'full' | 'masked' | 'hidden'

/** What one role sees of personal data, money and the hub's own reasons. Invariant: every presenter decides by this table alone. */
export type RoleSight = {
  /** The buyer, who need not be the one the parcel goes to. */
  readonly buyerName: Sight
  readonly recipientName: Sight
  readonly phone: Sight
  readonly email: Sight
  readonly companyName: Sight
  /** Customer reference, account and payment reference: they point at a person or firm. */
  readonly references: 'all' | 'account' | 'none'
  /** `city` = country, region and city. */
  readonly address: 'full' | 'city'
  /** Prices, totals, payments, credit. */
  readonly amounts: boolean
  /** Why the hub decided as it did: everything, details about money only, codes without details, nothing. */
  readonly reasons: 'all' | 'money' | 'codes' | 'none'
  /** Free text that people wrote: it may hold anything. */
  readonly notes: boolean
  /** What shops and platforms say in fields of their own, papers included. */
  readonly attributes: boolean
  readonly holds: boolean
  /** What the buyer shows to collect an order. */
  readonly pickupCode: boolean
  /** Other nodes' and carriers' work on the same order. */
  readonly work: 'all' | 'own'
}

const everything: RoleSight = {
  buyerName: 'full',
  recipientName: 'full',
  phone: 'full',
  email: 'full',
  companyName: 'full',
  references: 'all',
  address: 'full',
  amounts: true,
  reasons: 'all',
  notes: true,
  attributes: true,
  holds: true,
  pickupCode: true,
  work: 'all',
}

export const sightOfRole: Readonly<Record<Role, RoleSight>> = {
  customer: { ...everything, reasons: 'none', notes: false, attributes: false, holds: false },
  agent: everything,
  finance: {
    ...everything,
    pickupCode: false,
    buyerName: 'masked',
    recipientName: 'masked',
    phone: 'masked',
    email: 'masked',
    address: 'city',
    reasons: 'money',
    notes: false,
  },
  floor: {
    ...everything,
    pickupCode: false,
    buyerName: 'hidden',
    phone: 'masked',
    email: 'hidden',
    companyName: 'hidden',
    references: 'none',
    amounts: false,
    reasons: 'none',
    notes: false,
    work: 'own',
  },
  carrier: {
    ...everything,
    pickupCode: false,
    buyerName: 'hidden',
    phone: 'masked',
    email: 'hidden',
    companyName: 'hidden',
    references: 'none',
    amounts: false,
    reasons: 'none',
    notes: false,
    attributes: false,
    holds: false,
    work: 'own',
  },
  executive: {
    ...everything,
    pickupCode: false,
    buyerName: 'hidden',
    recipientName: 'hidden',
    phone: 'hidden',
    email: 'hidden',
    companyName: 'hidden',
    references: 'account',
    address: 'city',
    reasons: 'codes',
    notes: false,
    attributes: false,
  },
  integrator: everything,
  admin: everything,
}
