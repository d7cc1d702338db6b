import { redirect } from "next/navigation";
import { requirePermission } from "@/lib/auth/require-permission";

export default async function AdminPage() {
  await requirePermission("admin:users");
  redirect("/admin/users");
}
