import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { NotFoundState } from "@/components/ui/states";

export default function NotFound() {
  return (
    <NotFoundState
      title="There is no such page"
      actions={
        <Link href="/orders" className={buttonClass("primary")}>
          Search all orders
        </Link>
      }
    >
      The address may be mistyped.
    </NotFoundState>
  );
}
