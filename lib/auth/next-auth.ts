/** Our settings of next-auth: two ways in (a one-time link, single sign-on), one encrypted cookie, no session table. */
import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { recordAudit } from "@/lib/queries/audit";
import { readUser, recordSignIn, type User } from "@/lib/queries/users";
import type { Services } from "@/lib/services";
import { type OidcProfile, oidcProvider, userOfOidc } from "./oidc";
import { forgetUser, SESSION_SECONDS_MAX, sessionCookieName, sessionSecret, usesSecureCookies } from "./session";
import { redeemSignInLink } from "./sign-in-links";

/** What next-auth carries from sign-in to the token. */
interface SignedInUser {
  id: string;
  name: string;
  email: string;
  epoch: number;
}

export function authOptions(services: Services): AuthOptions {
  const { environment } = services;
  const secure = usesSecureCookies(environment);
  return {
    secret: sessionSecret(environment),
    useSecureCookies: secure,
    session: { strategy: "jwt", maxAge: SESSION_SECONDS_MAX },
    cookies: {
      sessionToken: {
        name: sessionCookieName(environment),
        // lax, not strict: a link to a journey in a chat must open signed in.
        options: { httpOnly: true, sameSite: "lax", path: "/", secure },
      },
    },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [linkProvider(services), ...(environment.auth.oidc ? [oidcProvider(environment.auth.oidc)] : [])],
    callbacks: callbacksOf(services),
    events: {
      async signOut({ token }) {
        const user = token?.sub ? await readUser(services.store, token.sub) : null;
        if (user) await recordPerson(services, user, "person.signed_out", {}, new Date());
      },
    },
    logger: {
      // Only the code and the message: the metadata may hold tokens.
      error: (code, metadata) => services.log.error({ code, reason: messageOf(metadata) }, "sign-in failed"),
      warn: (code) => services.log.debug({ code }, "next-auth warning"),
      debug: () => undefined,
    },
  };
}

function linkProvider(services: Services) {
  return CredentialsProvider({
    id: "link",
    name: "Sign-in link",
    credentials: { token: { type: "password" } },
    async authorize(credentials) {
      const now = new Date();
      const link = await redeemSignInLink(services.store, credentials?.token ?? "", now);
      // The page turns the code into words (lib/auth/sign-in-problem.ts).
      if (link.state !== "usable") throw new Error(`link-${link.state}`);
      await enter(services, link.user, "link", now);
      return signedInUser(link.user);
    },
  });
}

function callbacksOf(services: Services): AuthOptions["callbacks"] {
  return {
    async signIn({ user, account, profile }) {
      const settings = services.environment.auth.oidc;
      if (account?.provider !== "oidc" || !settings) return account?.provider === "link";
      const now = new Date();
      const found = await userOfOidc(services.store, profile as OidcProfile, settings, now);
      if (!found) return "/sign-in?error=oidc-no-role";
      if (found.user.disabled) return "/sign-in?error=link-disabled";
      if (found.before && found.before.role !== found.user.role) {
        await recordAudit(
          services.store,
          {
            actor: { kind: "system", id: "oidc", name: "Single sign-on" },
            action: "user.role_changed",
            target: `user ${found.user.id}`,
            details: { name: found.user.name, from: found.before.role, to: found.user.role },
          },
          now,
        );
      }
      await enter(services, found.user, "oidc", now);
      // The same object reaches the jwt callback below: from here on the person is our account, not the provider's subject.
      Object.assign(user, signedInUser(found.user));
      return true;
    },
    jwt({ token, user }) {
      // On sign-in only; nothing a client sends afterwards changes a token.
      if (!user) return token;
      return { sub: user.id, epoch: (user as SignedInUser).epoch };
    },
    session({ session, token }) {
      return { ...session, user: { ...session.user, id: token.sub } };
    },
  };
}

async function enter(services: Services, user: User, way: "link" | "oidc", now: Date): Promise<void> {
  await recordSignIn(services.store, user.id, way, now);
  await recordPerson(services, user, "person.signed_in", { way }, now);
  forgetUser(user.id);
}

async function recordPerson(services: Services, user: User, action: string, details: object, now: Date): Promise<void> {
  const actor = { kind: "person", id: user.id, name: user.name } as const;
  await recordAudit(services.store, { actor, action, target: `user ${user.id}`, details: { ...details } }, now);
}

const signedInUser = (user: User): SignedInUser => ({
  id: user.id,
  name: user.name,
  email: user.email,
  epoch: user.sessionEpoch,
});

function messageOf(metadata: unknown): string {
  if (metadata instanceof Error) return metadata.message;
  if (typeof metadata === "object" && metadata !== null && "message" in metadata) return String(metadata.message);
  return "";
}
