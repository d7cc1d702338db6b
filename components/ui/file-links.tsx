import { Download } from "lucide-react";
import { buttonClass } from "./button";
import type { SheetFormat } from "./sheet";

export interface FileLinksProps {
  /** What the file holds: "all 1,088 orders". */
  readonly what: string;
  readonly hrefOf: (format: SheetFormat) => string;
}

const FORMATS: readonly SheetFormat[] = ["csv", "xlsx"];

/** Files that the server makes, of more rows than the page holds. */
export function FileLinks({ what, hrefOf }: FileLinksProps) {
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {FORMATS.map((format) => (
        <a
          key={format}
          href={hrefOf(format)}
          download
          aria-label={`Save ${what} as ${format.toUpperCase()}`}
          title={`Save ${what} as ${format.toUpperCase()}`}
          className={buttonClass("quiet", "small")}
        >
          <Download aria-hidden className="size-3.5" />
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
