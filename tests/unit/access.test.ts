import { describe, expect, it } from "vitest";
import { pathParameters } from "@/app/api/operation";
import { createRequestLimit } from "@/app/api/request-limit";
import { cookieValue } from "@/lib/auth/caller";
import { contentSecurityPolicy } from "@/lib/auth/content-security-policy";
import { localPath } from "@/lib/auth/local-path";
import { roleOfClaims } from "@/lib/auth/oidc";
import { isOwnOrigin } from "@/lib/auth/origin";
import { PERMISSIONS, permissionsOfRole, permissionsOfScopes } from "@/lib/auth/permissions";
import { ROLES } from "@/lib/auth/roles";

describe("permissions", () => {
  it("of an administrator are all there are", () => {
    expect([...permissionsOfRole("admin")].sort()).toEqual([...PERMISSIONS].sort());
  });

  it("let nobody but administrators into administration and the audit log", () => {
    for (const role of ROLES.filter((role) => role !== "admin")) {
      expect(permissionsOfRole(role).filter((permission) => /^(admin|audit):/.test(permission))).toEqual([]);
    }
  });

  it("let everyone see journeys, and people only those who speak with customers", () => {
    for (const role of ROLES) expect(permissionsOfRole(role)).toContain("journey:view");
    expect(ROLES.filter((role) => permissionsOfRole(role).includes("personal-data:view"))).toEqual([
      "customer-service",
      "admin",
    ]);
  });

  it("never let a token administer or see personal data, whatever its scopes", () => {
    const all = permissionsOfScopes(["ingest", "read", "act", "payload"]);
    expect(all.filter((permission) => permission.startsWith("admin:") || permission === "personal-data:view")).toEqual(
      [],
    );
  });

  it("of an intake token, or of scopes that nobody knows, are none", () => {
    expect(permissionsOfScopes(["ingest", "admin", "__proto__", "constructor", ""])).toEqual([]);
  });
});

describe("the role that single sign-on gives", () => {
  const settings = {
    roleClaim: "roles",
    roleMap: new Map([
      ["it-ops", "operations"],
      ["all=staff", "executive"],
    ]),
  };

  it("is read from a name or a list, directly or translated", () => {
    expect(roleOfClaims({ roles: "finance" }, settings)).toBe("finance");
    expect(roleOfClaims({ roles: ["x", "it-ops"] }, settings)).toBe("operations");
    expect(roleOfClaims({ roles: ["all=staff"] }, settings)).toBe("executive");
  });

  it("of several is the one that may most", () => {
    expect(roleOfClaims({ roles: ["executive", "finance", "admin"] }, settings)).toBe("admin");
  });

  it("is found at a path, or under a name that looks like one", () => {
    expect(
      roleOfClaims({ realm_access: { roles: ["finance"] } }, { ...settings, roleClaim: "realm_access.roles" }),
    ).toBe("finance");
    const named = { "https://example.com/roles": ["finance"] };
    expect(roleOfClaims(named, { ...settings, roleClaim: "https://example.com/roles" })).toBe("finance");
  });

  it("is none when the claim is missing, unknown or of another kind", () => {
    for (const roles of [undefined, null, 7, {}, [], [7], ["Admin"], "administrator", ["constructor"]]) {
      expect(roleOfClaims({ roles }, settings)).toBeNull();
    }
    expect(roleOfClaims({}, { ...settings, roleClaim: "__proto__.constructor" })).toBeNull();
  });
});

describe("the way back after sign-in", () => {
  it.each(["/orders/SO-1?tab=history#e1", "/", "/orders/A%2FB"])("%s is ours", (path) => {
    expect(localPath(path)).toBe(path);
  });

  it.each([
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "https://evil.test",
    "javascript:alert(1)",
    "orders",
    "",
    undefined,
    ["/orders"],
  ])("%s is refused", (path) => {
    expect(localPath(path)).toBeNull();
  });
});

describe("an act's origin", () => {
  const headers = (given: Record<string, string>) => new Headers(given);

  it("is ours when the browser says so, or when no browser sends it", () => {
    expect(isOwnOrigin(headers({ origin: "http://a.test:3000", host: "a.test:3000" }), null)).toBe(true);
    expect(
      isOwnOrigin(headers({ origin: "https://a.test", host: "10.0.0.1", "x-forwarded-host": "a.test" }), null),
    ).toBe(true);
    expect(isOwnOrigin(headers({ origin: "https://a.test", host: "10.0.0.1" }), "https://a.test/")).toBe(true);
    expect(isOwnOrigin(headers({ host: "a.test", "sec-fetch-site": "same-origin" }), null)).toBe(true);
    expect(isOwnOrigin(headers({ host: "a.test" }), null)).toBe(true);
  });

  it("is not ours from anywhere else", () => {
    expect(isOwnOrigin(headers({ origin: "http://b.test", host: "a.test" }), null)).toBe(false);
    expect(isOwnOrigin(headers({ origin: "null", host: "a.test" }), null)).toBe(false);
    expect(isOwnOrigin(headers({ origin: "http://a.test:81", host: "a.test" }), null)).toBe(false);
    expect(isOwnOrigin(headers({ host: "a.test", "sec-fetch-site": "cross-site" }), null)).toBe(false);
    expect(isOwnOrigin(headers({ host: "a.test", "sec-fetch-site": "same-site" }), null)).toBe(false);
    expect(isOwnOrigin(headers({ origin: "http://b.test", host: "b.test" }), "https://a.test")).toBe(false);
  });
});

describe("path parameters", () => {
  const pattern = "/api/v1/events/{source}/{id}";

  it("are decoded once each", () => {
    expect(pathParameters(pattern, "/api/v1/events/oms/A%2FB%20%252F%C3%BC")).toEqual({
      source: "oms",
      id: "A/B %2Fü",
    });
    expect(pathParameters(pattern, "/api/v1/events/oms/e1/")).toEqual({ source: "oms", id: "e1" });
  });

  it("are none when the address has another form", () => {
    for (const path of [
      "/api/v1/events/oms",
      "/api/v1/events/oms/a/b",
      "/api/v1/orders/oms/a",
      "/api/v1/events/oms/%FF",
    ]) {
      expect(pathParameters(pattern, path)).toBeNull();
    }
  });
});

describe("the request limit", () => {
  it("lets a burst through, then the steady rate, each caller for itself", () => {
    const limit = createRequestLimit(10, 3);
    expect([0, 0, 0, 0].map(() => limit("a", 0))).toEqual([0, 0, 0, 1]);
    expect(limit("b", 0)).toBe(0);
    expect(limit("a", 100)).toBe(0);
    expect(limit("a", 100)).toBe(1);
    expect([0, 0, 0, 0].map(() => limit("a", 60_000))).toEqual([0, 0, 0, 1]);
  });
});

describe("the content security policy", () => {
  it("lets only scripts with the nonce run, and nothing evaluate", () => {
    const policy = contentSecurityPolicy("abc", { isDevelopment: false });
    const scripts = policy.split("; ").find((directive) => directive.startsWith("script-src"));
    expect(scripts).toBe("script-src 'self' 'nonce-abc' 'strict-dynamic'");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

describe("the session cookie", () => {
  it("is found among others by its whole name", () => {
    expect(cookieValue("a=1; throughline.session=x.y; b=2", "throughline.session")).toBe("x.y");
    expect(cookieValue("xthroughline.session=1", "throughline.session")).toBeUndefined();
    expect(cookieValue(null, "throughline.session")).toBeUndefined();
  });
});
