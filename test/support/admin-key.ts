/** Of every hub that tests start. */
export const ADMIN_KEY = 'e2e-admin-key-0123456789abcdef'
