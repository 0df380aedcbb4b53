/** Shortened forms that let a person recognise what they already know and tell nothing to others. */

/** The first character and one star, whatever the length: 王芳 → 王*, "John Smith" → J*. */
export function maskName(name: string): string {
  const [first, second] = name.trim()
  return first === undefined || second === undefined ? '*' : `${first}*`
}

/** The first three and last four digits of eleven or more (13800000000 → 138****0000), the first and last two of seven or more. */
export function maskPhone(phone: string): string {
  const digits = phone.normalize('NFKC').replace(/\D/g, '')
  const plus = phone.trim().startsWith('+') ? '+' : ''
  if (digits.length >= 11) return `${plus}${digits.slice(0, 3)}****${digits.slice(-4)}`
  if (digits.length >= 7) return `${plus}${digits.slice(0, 2)}****${digits.slice(-2)}`
  return '****'
}

/** The first character and the domain: jan@example.com → j***@example.com. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 1) return '***'
  const [first] = email
  return `${at === 1 ? '' : first}***${email.slice(at)}`
}
