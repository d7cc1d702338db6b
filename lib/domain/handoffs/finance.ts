/** How a company counts: calendars, periods, units and currencies (config/finance.yaml). This schema is the only definition of its shape. */
import { z } from "zod";

const name = z.string().trim().min(1).max(64);
const factor = z
  .string()
  .regex(/^\d+(\.\d{1,9})?$/, 'must be a decimal as a string, like "12"')
  .refine((text) => /[1-9]/.test(text), { message: "must be greater than zero" });
const amount = z.string().regex(/^\d+(\.\d{1,9})?$/, 'must be a decimal as a string, like "10000.00"');
const date = z.iso.date({ error: 'must be a date in quotes, like "2026-12-25"' });
const clockTime = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time in quotes, like "18:00"');
const zone = z.string().refine(isZone, { message: 'must be a time zone, like "America/New_York"' });

export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

const companyCode = z.strictObject({
  id: name,
  name,
  time_zone: zone,
  business_days: z.array(z.enum(WEEKDAYS)).min(1).default(["mon", "tue", "wed", "thu", "fri"]),
  holidays: z.array(date).default([]),
  /** What happens after this time of day counts as the next day: for the period it belongs to, and for business days. */
  cut_off: clockTime.default("24:00"),
  /** Sites whose goods are this company's. A cause that states no company code belongs to that of its location. */
  locations: z.array(name).default([]),
});

export const financeFile = z
  .strictObject({
    company_codes: z.array(companyCode).min(1),
    /** For what names neither company code nor known location. */
    default_company_code: name,
    units: z
      .strictObject({
        base: name.default("EA"),
        /** Other names of the base unit. */
        aliases: z.array(z.string().max(32)).default([]),
        /** How many base units one holds; a SKU's own entry wins over `*`. */
        conversions: z
          .array(z.strictObject({ sku: z.string().min(1).default("*"), unit: name, holds: factor }))
          .default([]),
      })
      .prefault({}),
    /** One unit of `from` is `rate` of `to`, from that date on. Used as stated, and the other way round. */
    exchange_rates: z.array(z.strictObject({ from: name, to: name, rate: factor, valid_from: date })).default([]),
    /** A match by hand or an acceptance with more at stake needs a second person. */
    approval: z.strictObject({ above: amount, currency: name }).optional(),
  })
  .superRefine((file, context) => {
    if (!file.company_codes.some(({ id }) => id === file.default_company_code))
      context.addIssue({
        code: "custom",
        path: ["default_company_code"],
        message: `must be one of company_codes: ${file.company_codes.map(({ id }) => id).join(", ")}`,
      });
  });

export type Finance = z.output<typeof financeFile>;
export type CompanyCode = Finance["company_codes"][number];

function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
