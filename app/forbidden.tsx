import { buttonClass } from "@/components/ui/button";
import { NoPermissionState } from "@/components/ui/states";

/** What requirePermission shows to somebody signed in without the right; the answer's status is 403. Stands inside the layout of its page. */
export default function Forbidden() {
  return (
    <NoPermissionState
      actions={
        <a href="/" className={buttonClass()}>
          Back to the start
        </a>
      }
    />
  );
}
