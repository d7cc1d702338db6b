/** The first line of every page and server action: who is this, and may they? Routes have their own (app/api/guarded-route.ts). */
import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { services } from "@/lib/services";
import type { Permission } from "./permissions";
import { type Person, personOfCookie, sessionCookieName } from "./session";

/** Set by proxy.ts on every page request, over whatever the client sent. */
export const PATH_HEADER = "x-throughline-path";

/** The person signed in, or null. Shows nothing by itself: pages use requirePermission. */
export async function currentPerson(): Promise<Person | null> {
  const shared = services();
  const jar = await cookies();
  return personOfCookie(shared, jar.get(sessionCookieName(shared.environment))?.value);
}

/**
 * Returns the person if they hold the permission. Otherwise does not return: nobody signed in goes to the sign-in page (and
 * comes back afterwards), somebody without the permission gets the no-permission page with status 403.
 */
export async function requirePermission(permission: Permission): Promise<Person> {
  const person = await requirePerson();
  if (!person.permissions.includes(permission)) forbidden();
  return person;
}

/** For pages that everyone signed in may see. */
export async function requirePerson(): Promise<Person> {
  const person = await currentPerson();
  if (person) return person;
  const path = (await headers()).get(PATH_HEADER);
  redirect(path && path !== "/" ? `/sign-in?callbackUrl=${encodeURIComponent(path)}` : "/sign-in");
}
