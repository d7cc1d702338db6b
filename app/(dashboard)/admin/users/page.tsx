import { requirePermission } from "@/lib/auth/require-permission";
import { listUsers } from "@/lib/queries/users";
import { services } from "@/lib/services";
import { AddPerson } from "./add-person";
import { UserRow } from "./user-row";

export const metadata = { title: "Users and roles" };

export default async function UsersPage() {
  const person = await requirePermission("admin:users");
  const users = await listUsers(services().store);
  return (
    <>
      <AddPerson />
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table className="w-full min-w-[48rem] text-sm">
          <caption className="sr-only">People with access</caption>
          <thead>
            <tr className="text-left text-xs text-ink-muted *:px-3 *:py-2 *:font-medium">
              <th scope="col">Name</th>
              <th scope="col">E-mail</th>
              <th scope="col">Enters by</th>
              <th scope="col">Last signed in</th>
              <th scope="col">Role</th>
              <th scope="col">Access</th>
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <UserRow
                key={user.id}
                isSelf={user.id === person.id}
                user={{
                  id: user.id,
                  name: user.name,
                  email: user.email,
                  role: user.role,
                  disabled: user.disabled,
                  entersBy: user.identity === "" ? "Link" : "Single sign-on",
                  lastSignedInAt: user.lastSignedInAt,
                }}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="text-xs text-ink-muted">
        A changed role and a disabled account end that person's sessions within seconds. For people who enter by single
        sign-on the role follows their sign-on groups at the next sign-in, if those give one.
      </p>
    </>
  );
}
