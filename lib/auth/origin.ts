/** Cross-site request forgery: a browser says where a request comes from, and acts are taken from our own pages only. */

/**
 * True when a request that carries the session cookie may act. Browsers send `Origin` with every POST, and `Sec-Fetch-Site` beside it;
 * a request with neither is no browser's, and then no browser's cookie jar is being abused.
 * @param ownOrigin AUTH_URL, when set; else the host that the request was sent to counts as ours.
 */
export function isOwnOrigin(headers: Headers, ownOrigin: string | null): boolean {
  const origin = headers.get("origin");
  if (origin === null) {
    const site = headers.get("sec-fetch-site");
    return site === null || site === "same-origin" || site === "none";
  }
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  if (ownOrigin !== null && origin === new URL(ownOrigin).origin) return true;
  const ownHost = headers.get("x-forwarded-host") ?? headers.get("host");
  return ownOrigin === null && ownHost !== null && host === ownHost;
}
