import type { ReactNode } from "react";
import { AdminNavigation } from "./admin-navigation";

export default function AdminLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-semibold">Administration</h1>
      <AdminNavigation />
      {children}
    </div>
  );
}
