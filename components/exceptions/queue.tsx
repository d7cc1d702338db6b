"use client";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FileLinks } from "@/components/ui/file-links";
import { replayPlanHref, withParameters } from "@/components/ui/href";
import { useLiveRefresh } from "@/components/ui/live-refresh";
import { countLabel, plural } from "@/components/ui/number-format";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { ActButtons, type ExceptionRights } from "./act-buttons";
import { type ActTarget, selectionOf } from "./act-requests";
import type { ActKind } from "./act-words";
import { useActs } from "./acts";
import { ExceptionsTable } from "./exceptions-table";
import { queueFilter } from "./filter-address";
import { ReplayButton } from "./replay-button";

export interface QueueProps {
  readonly exceptions: readonly ListedException[];
  readonly total: number;
  readonly rights: ExceptionRights;
  readonly people: readonly string[];
  readonly address: string;
  /** Named as `?sort=`: "rank", "-age", … */
  readonly sort: string;
}

/** Reads the page again when what matches changes; also while nothing does. */
export function LiveExceptions({ query }: { readonly query: string }) {
  useLiveRefresh(`/api/v1/exceptions/live?${query}`);
  return null;
}

/** The work items, what can be done with those selected, and all that match as a choice of its own. */
export function Queue({ exceptions, total, rights, people, address, sort }: QueueProps) {
  const router = useRouter();
  const acts = useActs(people);
  const query = queueFilter(address).toString();
  const these = (kind: ActKind) => (rows: readonly ListedException[]) =>
    acts.act(kind, { exceptions: rows, matching: null });
  const rowKeys: Record<string, (rows: readonly ListedException[]) => void> = {};
  if (rights.mayAct) Object.assign(rowKeys, { a: these("assign"), e: these("resolve") });
  if (rights.mayReplay) rowKeys.r = (rows) => router.push(replayPlanHref({ exceptionIds: rows.map(({ id }) => id) }));
  return (
    <>
      <ExceptionsTable
        exceptions={exceptions}
        settling={acts.settling}
        address={address}
        sort={sort}
        rowKeys={rowKeys}
        actions={(selected) => (
          <SelectionBar
            // Whoever selects others has not chosen all that match.
            key={selected.map(({ id }) => id).join(" ")}
            selected={selected}
            matching={{ query, total }}
            rights={rights}
            onAct={acts.act}
          />
        )}
        download={
          <FileLinks
            what={`all ${plural(total, "exception")}`}
            hrefOf={(format) =>
              `/api/v1/exceptions/export${withParameters(query, { format, sort: sort === "rank" ? null : sort })}`
            }
          />
        }
      />
      {acts.dialog}
    </>
  );
}

interface SelectionBarProps {
  readonly selected: readonly ListedException[];
  readonly matching: NonNullable<ActTarget["matching"]>;
  readonly rights: ExceptionRights;
  readonly onAct: (kind: ActKind, target: ActTarget) => void;
}

function SelectionBar({ selected, matching, rights, onAct }: SelectionBarProps) {
  const [isAll, setAll] = useState(false);
  const target: ActTarget = { exceptions: selected, matching: isAll ? matching : null };
  const isMore = matching.total > selected.length;
  return (
    <div className="flex w-full flex-wrap items-center gap-x-5 gap-y-2">
      {isMore ? (
        <fieldset className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs font-medium">
          <legend className="sr-only">Which</legend>
          <Which label={`These ${countLabel(selected.length)}`} isChosen={!isAll} onChoose={() => setAll(false)} />
          <Which label={`All ${countLabel(matching.total)} matching`} isChosen={isAll} onChoose={() => setAll(true)} />
        </fieldset>
      ) : (
        <span role="status" className="text-xs font-medium">
          {plural(selected.length, "exception")} selected
        </span>
      )}
      <span className="flex flex-wrap items-center gap-1">
        <ActButtons exceptions={selected} rights={rights} onAct={(kind) => onAct(kind, target)} />
        {rights.mayReplay ? <ReplayButton selection={selectionOf(target)} /> : null}
      </span>
    </div>
  );
}

interface WhichProps {
  readonly label: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

const Which = ({ label, isChosen, onChoose }: WhichProps) => (
  <label className="inline-flex items-center gap-1.5">
    <input type="radio" checked={isChosen} onChange={onChoose} className="accent-accent" />
    {label}
  </label>
);
