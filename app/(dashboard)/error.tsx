"use client";
import { Button } from "@/components/ui/button";
import { ErrorState } from "@/components/ui/states";

/** A page that could not be read, most often because the store is away. The cause is in the server's log under the digest. */
export default function PageError({
  error,
  reset,
}: {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}) {
  return (
    <ErrorState
      title="This page could not be read"
      actions={
        <Button tone="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      The store may be restarting. Try again in a few seconds
      {error.digest ? `; if it stays, look for ${error.digest} in the app's log.` : "."}
    </ErrorState>
  );
}
