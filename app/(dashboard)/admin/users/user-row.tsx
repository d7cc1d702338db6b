"use client";
import { useActionState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { ROLE_LABELS, ROLES, type Role } from "@/lib/auth/roles";
import { inputClass, Refusal, SecretOnce } from "../form-parts";
import { changeRoleAction, renewLinkAction, setDisabledAction, type UserActState } from "./actions";

export interface ShownUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly entersBy: string;
  readonly lastSignedInAt: string | null;
}

export function UserRow({ user, isSelf }: { user: ShownUser; isSelf: boolean }) {
  const [roleState, changeRole, isChanging] = useActionState<UserActState, FormData>(changeRoleAction, {});
  const [accessState, setDisabled, isSetting] = useActionState<UserActState, FormData>(setDisabledAction, {});
  const [linkState, renewLink, isRenewing] = useActionState<UserActState, FormData>(renewLinkAction, {});
  const problem = roleState.problem ?? accessState.problem ?? linkState.problem;
  return (
    <>
      <tr className="border-t border-line *:border-t *:border-line *:px-3 *:py-2">
        <th scope="row" className="text-left font-medium">
          {user.name} {isSelf ? <span className="font-normal text-ink-faint">(you)</span> : null}
        </th>
        <td>{user.email}</td>
        <td>{user.entersBy}</td>
        <td>
          {user.lastSignedInAt ? <Time at={user.lastSignedInAt} /> : <span className="text-ink-faint">never</span>}
        </td>
        <td>
          <form action={changeRole} className="flex items-center gap-2">
            <input type="hidden" name="user" value={user.id} />
            {/* Keyed by the role, so that a refused choice falls back to what holds. */}
            <select
              key={`${user.role} ${isChanging}`}
              name="role"
              aria-label={`Role of ${user.name}`}
              defaultValue={user.role}
              className={`${inputClass} w-44`}
            >
              {ROLES.map((role) => (
                <option key={role} value={role}>
                  {ROLE_LABELS[role]}
                </option>
              ))}
            </select>
            <Button type="submit" size="small" disabled={isChanging} aria-label={`Set the role of ${user.name}`}>
              Set
            </Button>
          </form>
        </td>
        <td>
          <div className="flex flex-wrap items-center gap-2">
            {user.disabled ? <Badge tone="broken">Disabled</Badge> : <Badge tone="settled">Active</Badge>}
            <form action={setDisabled}>
              <input type="hidden" name="user" value={user.id} />
              <input type="hidden" name="disabled" value={user.disabled ? "no" : "yes"} />
              <Button
                type="submit"
                size="small"
                tone={user.disabled ? "plain" : "danger"}
                disabled={isSetting}
                aria-label={`${user.disabled ? "Enable" : "Disable"} ${user.name}`}
              >
                {user.disabled ? "Enable" : "Disable"}
              </Button>
            </form>
            {user.disabled ? null : (
              <form action={renewLink}>
                <input type="hidden" name="user" value={user.id} />
                <Button
                  type="submit"
                  size="small"
                  disabled={isRenewing}
                  aria-label={`New sign-in link for ${user.name}`}
                >
                  New link
                </Button>
              </form>
            )}
          </div>
        </td>
      </tr>
      {problem || linkState.link ? (
        <tr>
          <td colSpan={6} className="px-3 pb-3">
            {problem ? <Refusal reason={problem} /> : null}
            {linkState.link ? (
              <SecretOnce title={`Sign-in link for ${linkState.link.person}`} secret={linkState.link.url}>
                Give it to that person only: it is good once, for 24 hours, and is not shown again. Earlier links of
                this person stopped working.
              </SecretOnce>
            ) : null}
          </td>
        </tr>
      ) : null}
    </>
  );
}
