import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth/next-auth";
import { services } from "@/lib/services";

// Public by nature: this is how one signs in. next-auth checks its own CSRF token on every POST.
async function handle(request: Request, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  const shared = services();
  trustOrigin(shared.environment.auth.url);
  return (await NextAuth(request as never, context, authOptions(shared))) as Response;
}

/**
 * next-auth takes its own address from these two variables only. With AUTH_URL it is that; else it is what the request says, so that
 * `npm start` works under any host name without a setting.
 */
function trustOrigin(url: string | null): void {
  if (url) process.env.NEXTAUTH_URL = url;
  else process.env.AUTH_TRUST_HOST = "true";
}

export { handle as GET, handle as POST };
