/** Runs before each request; gives each page a content security policy with a nonce of its own, and the path for the way back after sign-in. */
import { type NextRequest, NextResponse } from "next/server";
import { problemResponse } from "@/app/api/problem";
import { contentSecurityPolicy } from "@/lib/auth/content-security-policy";

/** No route has it, so it is answered by app/not-found.tsx. */
const NO_SUCH_PAGE = "/no-such-page";

export function proxy(request: NextRequest): Response {
  const isApi = request.nextUrl.pathname.startsWith("/api/");
  // Next itself answers 500 to an address that is not percent-encoded UTF-8. A program is told what is wrong; a person has a mistyped address.
  const isReadable = isDecodable(request.nextUrl.pathname);
  if (isApi && !isReadable) return problemResponse(400, "The address is not percent-encoded UTF-8.");
  if (isApi) return NextResponse.next();
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const policy = contentSecurityPolicy(nonce, { isDevelopment: process.env.NODE_ENV === "development" });
  const headers = new Headers(request.headers);
  // Next puts the nonce on its own scripts when it finds it in this request header.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-throughline-path", isReadable ? `${request.nextUrl.pathname}${request.nextUrl.search}` : "/");
  const response = isReadable
    ? NextResponse.next({ request: { headers } })
    : NextResponse.rewrite(new URL(NO_SUCH_PAGE, request.url), { request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

// All but the files of the build.
export const config = { matcher: ["/((?!_next/static|_next/image|favicon.ico|icon.svg).*)"] };
