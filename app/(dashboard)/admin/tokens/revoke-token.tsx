"use client";
import { useActionState, useState } from "react";
import { Button } from "@/components/ui/button";
import { Refusal } from "../form-parts";
import { revokeTokenAction, type TokenActState } from "./actions";

/** In two steps: a revoked token cannot be brought back. */
export function RevokeToken({ id, name }: { id: string; name: string }) {
  const [isAsking, setAsking] = useState(false);
  const [state, submit, isBusy] = useActionState<TokenActState, FormData>(revokeTokenAction, {});
  if (!isAsking) {
    return (
      <Button size="small" tone="danger" onClick={() => setAsking(true)} aria-label={`Revoke ${name}`}>
        Revoke
      </Button>
    );
  }
  return (
    <form action={submit} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="token" value={id} />
      <span>Revoke for good?</span>
      <Button type="submit" size="small" tone="danger" disabled={isBusy} aria-label={`Revoke ${name} for good`}>
        Revoke
      </Button>
      <Button size="small" tone="quiet" onClick={() => setAsking(false)}>
        Keep
      </Button>
      {state.problem ? <Refusal reason={state.problem} /> : null}
    </form>
  );
}
