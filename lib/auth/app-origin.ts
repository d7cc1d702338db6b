/** Where the app answers, for links that people are given. */

/** AUTH_URL, when set; else where the request came in: behind a proxy what the proxy says, else the host that was called. */
export function appOrigin(headers: Headers, authUrl: string | null): string {
  if (authUrl) return new URL(authUrl).origin;
  const host = headers.get("x-forwarded-host") ?? headers.get("host") ?? "localhost";
  const scheme = headers.get("x-forwarded-proto")?.split(",")[0]?.trim() === "https" ? "https" : "http";
  return `${scheme}://${host}`;
}
