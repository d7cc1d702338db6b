/** What a page may load and run: its own scripts by nonce, nothing from elsewhere, in no frame. Pure. */

export function contentSecurityPolicy(nonce: string, { isDevelopment }: { readonly isDevelopment: boolean }): string {
  // In development Next evaluates source maps and reloads by websocket.
  const scripts = isDevelopment ? " 'unsafe-eval'" : "";
  const connect = isDevelopment ? " ws:" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${scripts}`,
    // Inline style attributes place marks on time axes and rows in virtual lists; they run nothing.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${connect}`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
