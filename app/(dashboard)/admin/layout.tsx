import type { ReactNode } from "react";
import { requirePerson } from "@/lib/auth/require-permission";
import { AdminNavigation } from "./admin-navigation";

/** Alerts are for whoever works on exceptions too; each page says itself who may see it. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const { permissions } = await requirePerson();
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-semibold">Administration</h1>
      <AdminNavigation permissions={permissions} />
      {children}
    </div>
  );
}
