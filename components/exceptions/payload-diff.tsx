import { sideLines } from "./side-lines";

export interface PayloadDiffProps {
  readonly original: string;
  readonly edited: string;
}

/** What will be sent instead of the original, which stays as it is. Changed lines carry a sign beside their colour. */
export function PayloadDiff({ original, edited }: PayloadDiffProps) {
  if (original === edited) return <p className="text-sm text-ink-muted">Nothing is changed: the original is sent.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard
    <section aria-label="Original and edited payload" tabIndex={0} className="overflow-x-auto">
      <table className="font-id w-full text-xs">
        <thead>
          <tr className="text-left text-ink-muted">
            <th scope="col" className="w-1/2 px-2 py-1 font-medium">
              Original
            </th>
            <th scope="col" className="w-1/2 px-2 py-1 font-medium">
              Edited
            </th>
          </tr>
        </thead>
        <tbody>
          {sideLines(original, edited).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is told by its place
            <tr key={index} className="align-top">
              <Side text={line.original} sign={line.changed ? "−" : " "} tone="bg-broken-tint text-broken" />
              <Side text={line.edited} sign={line.changed ? "+" : " "} tone="bg-settled-tint text-settled" />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SideProps {
  readonly text: string | null;
  readonly sign: "−" | "+" | " ";
  readonly tone: string;
}

function Side({ text, sign, tone }: SideProps) {
  if (text === null) return <td className="bg-sunken px-2" />;
  return (
    <td className={`px-2 whitespace-pre-wrap ${sign === " " ? "" : tone}`}>
      {sign} {text}
    </td>
  );
}
