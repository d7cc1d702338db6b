/** Where to go after sign-in: only ever inside this site. */

/** The path if it is one of ours ("/orders/SO-1?tab=history"), else null: other hosts, "//host", "/\host" and schemes are refused. */
export function localPath(target: unknown): string | null {
  if (typeof target !== "string" || !target.startsWith("/")) return null;
  const base = "http://here.invalid";
  if (!URL.canParse(target, base)) return null;
  const url = new URL(target, base);
  return url.origin === base ? `${url.pathname}${url.search}${url.hash}` : null;
}
