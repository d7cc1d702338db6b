"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { buttonClass } from "@/components/ui/button";
import { clipped } from "@/components/ui/clipped";
import { decodeSegment, searchHref } from "@/components/ui/href";
import { NotFoundState } from "@/components/ui/states";

/** The number stands in the address: a page that was not found gets no properties. */
export function UnknownJourney() {
  const id = decodeSegment(usePathname().split("/").at(-1) ?? "");
  return (
    <div className="p-4 sm:p-6">
      <h1 className="text-xl font-semibold break-words">Nothing is known by {clipped(id)}</h1>
      <NotFoundState
        title="No event has named this number"
        actions={
          <Link href={searchHref(id)} className={buttonClass("primary")}>
            Search for it
          </Link>
        }
      >
        It may be mistyped, or its source may not have reported it yet: how far each source reaches stands at the top of
        the page.
      </NotFoundState>
    </div>
  );
}
