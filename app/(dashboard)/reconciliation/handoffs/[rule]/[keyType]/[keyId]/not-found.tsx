import Link from "next/link";
import { WORKBENCH } from "@/components/handoffs/filter-address";
import { buttonClass } from "@/components/ui/button";
import { NotFoundState } from "@/components/ui/states";

export default function NoHandoff() {
  return (
    <NotFoundState
      title="There is no such handoff"
      actions={
        <Link href={WORKBENCH} className={buttonClass("primary")}>
          To the open breaks
        </Link>
      }
    >
      Its rule may have been withdrawn, or its events taken back by whoever sent them.
    </NotFoundState>
  );
}
