"use client";
import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";
import { SHEET_TYPES, type Sheet, type SheetFormat, sheetToCsv, sheetToXlsx } from "./sheet";
import { useToast } from "./toast";

export interface SheetDownloadProps {
  /** What is saved, for a screen reader and on hover: "33 events". */
  readonly what: string;
  /** Made only when asked for. */
  readonly sheet: () => Sheet;
}

/** What is on screen, as a file. */
export function SheetDownload({ what, sheet }: SheetDownloadProps) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const download = async (format: SheetFormat) => {
    setBusy(true);
    try {
      await save(sheet(), format);
    } catch {
      toast({ tone: "broken", text: `The ${format.toUpperCase()} file could not be made. Try the other format.` });
    }
    setBusy(false);
  };
  return (
    <span className="inline-flex items-center gap-1">
      {(["csv", "xlsx"] as const).map((format) => (
        <Button
          key={format}
          size="small"
          tone="quiet"
          disabled={busy}
          aria-label={`Save ${what} as ${format.toUpperCase()}`}
          title={`Save ${what} as ${format.toUpperCase()}`}
          onClick={() => download(format)}
        >
          <Download aria-hidden className="size-3.5" />
          {format.toUpperCase()}
        </Button>
      ))}
    </span>
  );
}

async function save(sheet: Sheet, format: SheetFormat): Promise<void> {
  const content = format === "csv" ? sheetToCsv(sheet) : await sheetToXlsx(sheet);
  const url = URL.createObjectURL(new Blob([content], { type: SHEET_TYPES[format] }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${sheet.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.${format}`;
  link.click();
  URL.revokeObjectURL(url);
}
