/** Pure. */

/**
 * What ignoring keeps quiet, in a sentence for whoever does it.
 * @param until as it is to be read; empty: for good.
 */
export function silenceText(exceptions: number, until: string): string {
  const [these, them] = exceptions === 1 ? ["this exception", "it"] : [`these ${exceptions} exceptions`, "them"];
  const end = until === "" ? "until somebody reopens" : `before ${until}`;
  return `New failures of ${these} are still recorded, but do not open ${them} again ${end}. Other failures of the same cause are not silenced.`;
}
