import { SignInPanel } from "./sign-in/panel";

/** What requirePermission shows to somebody signed in without the right; the answer's status is 403. */
export default function Forbidden() {
  return (
    <SignInPanel heading="No permission">
      <p>Your role does not include this page. An administrator can change your role under Admin → Users.</p>
      <p>
        <a href="/">Back to Throughline</a>
      </p>
    </SignInPanel>
  );
}
