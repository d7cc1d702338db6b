/** The roles of people and their names on screen. Apart from permissions, so that a page's script can hold it. Pure. */

export const ROLES = ["customer-service", "finance", "operations", "executive", "admin"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_LABELS: Readonly<Record<Role, string>> = {
  "customer-service": "Customer service",
  finance: "Finance",
  operations: "Integration operations",
  executive: "Executive",
  admin: "Administrator",
};

export const isRole = (value: unknown): value is Role => ROLES.some((role) => role === value);
