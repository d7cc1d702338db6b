import { redirect } from "next/navigation";
import { landingPage } from "@/lib/auth/permissions";
import { requirePerson } from "@/lib/auth/require-permission";

export default async function HomePage() {
  const person = await requirePerson();
  redirect(landingPage(person.role));
}
