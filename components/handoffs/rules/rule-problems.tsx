import type { RuleCheck } from "./rule-check";

interface RuleProblemsProps {
  readonly id: string;
  readonly check: RuleCheck | null;
  readonly onLine: (line: number) => void;
}

export function RuleProblems({ id, check, onLine }: RuleProblemsProps) {
  return (
    <div id={id} role="status" className="flex flex-col gap-2 text-sm">
      {check === null ? null : check.fits ? (
        <p className="text-settled">It fits.</p>
      ) : (
        <ul className="rounded-md bg-broken-tint px-3 py-2 text-broken">
          {check.problems.map(({ line, path, message }) => (
            <li key={`${line} ${path} ${message}`}>
              <button type="button" onClick={() => onLine(line)} className="underline underline-offset-2">
                Line {line}
              </button>
              : {path ? <code className="font-id">{path}</code> : "the text"} {message}
            </li>
          ))}
        </ul>
      )}
      {check && check.warnings.length > 0 ? (
        <ul className="rounded-md bg-attention-tint px-3 py-2 text-attention">
          {check.warnings.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code className="font-id">{path}</code>: {message}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
