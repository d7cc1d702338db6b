import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AcceptanceDraft, faultsOfDraft } from "@/lib/domain/handoffs/acceptance-draft";
import { approvalOf } from "@/lib/domain/handoffs/approval";
import {
  attachmentDisposition,
  attachmentMediaType,
  attachmentName,
  looksLike,
} from "@/lib/domain/handoffs/attachment";
import { obstacleToPlanned, planBulk } from "@/lib/domain/handoffs/bulk";
import { checkDecidable, DECIDING_ACTIONS, type Decidable } from "@/lib/domain/handoffs/decidable";
import { financeFile } from "@/lib/domain/handoffs/finance";
import { HANDOFF_STATES } from "@/lib/domain/handoffs/handoff";

const finance = financeFile.parse({
  company_codes: [{ id: "1000", name: "Example", time_zone: "America/New_York" }],
  default_company_code: "1000",
  exchange_rates: [
    { from: "EUR", to: "USD", rate: "1.10", valid_from: "2026-11-01" },
    { from: "EUR", to: "USD", rate: "2.00", valid_from: "2026-12-01" },
    { from: "USD", to: "JPY", rate: "150", valid_from: "2026-01-01" },
  ],
  approval: { above: "1000.00", currency: "USD" },
});
const without = financeFile.parse({ company_codes: finance.company_codes, default_company_code: "1000" });
const DATE = "2026-11-25";

describe("from which amount on a second person is needed", () => {
  it.each([
    ["at the limit it is not", [["1000.00", "USD"]], "not-required"],
    ["above it, it is", [["1000.01", "USD"]], "required"],
    [
      "amounts add up, whatever their sign",
      [
        ["600", "USD"],
        ["-600", "USD"],
      ],
      "required",
    ],
    ["other currencies are converted by the rate of that day", [["909.09", "EUR"]], "not-required"],
    ["and are above it when they are above it converted", [["909.10", "EUR"]], "required"],
    ["a rate serves the other way round, too", [["150000", "JPY"]], "not-required"],
    ["without a rate it counts as above", [["0.01", "XXX"]], "required"],
    ["nothing at stake needs nobody, in any currency", [["0.00", ""]], "not-required"],
    ["nothing at all needs nobody", [], "not-required"],
  ] as const)("%s", (_name, stakes, expected) => {
    const given = stakes.map(([amount, currency]) => ({ amount, currency }));
    expect(approvalOf(given, finance, DATE)).toBe(expected);
    expect(approvalOf(given, without, DATE)).toBe("not-required");
  });
});

const decidable = (id: string, changes: Partial<Decidable> = {}): Decidable => ({
  rule: "goods-issue",
  key: { type: "shipment", id },
  state: "late",
  group: `shipment ${id}`,
  from: [{ source: "wms-east", id: `from-${id}` }],
  to: [],
  stake: { amount: "120.00", currency: "USD" },
  resolution: null,
  actId: "",
  ...changes,
});

/** Handoffs in groups of one to three; any state and resolution, the same within a group, as evaluation gives them. */
const handoffs = fc
  .array(
    fc.record({
      size: fc.integer({ min: 1, max: 3 }),
      rule: fc.constantFrom("goods-issue", "shipment-invoice"),
      state: fc.constantFrom(...HANDOFF_STATES),
      resolution: fc.constantFrom(null, null, null, "accepted", "matched", "standing", "awaiting_approval"),
      amount: fc.constantFrom("0", "10.00", "999.99", "5000.00"),
    }),
    { maxLength: 12 },
  )
  .map((groups) =>
    groups.flatMap(({ size, amount, ...same }, group) =>
      Array.from({ length: size }, (_, member) =>
        decidable(`G${group}-${member}`, {
          ...same,
          group: `shipment G${group}-0`,
          stake: { amount: member === 0 ? amount : "0", currency: "USD" },
        } as Partial<Decidable>),
      ),
    ),
  );
const action = fc.constantFrom(...DECIDING_ACTIONS);
const circumstances = { finance, date: DATE, mayAct: true };

describe("a plan for many handoffs", () => {
  it("has each handoff that was asked for in exactly one act or among the skipped", () => {
    fc.assert(
      fc.property(handoffs, action, fc.infiniteStream(fc.boolean()), (all, which, choice) => {
        const asked = all.filter(() => choice.next().value).map(({ rule, key }) => ({ rule, key }));
        const unknown = { rule: "goods-issue", key: { type: "shipment", id: "nowhere" } };
        const plan = planBulk(which, [...asked, unknown, unknown], all, circumstances);
        const inActs = plan.acts.reduce((sum, act) => sum + act.asked, 0);
        expect(plan.total).toBe(asked.length + 1);
        expect(inActs + plan.skipped.length).toBe(plan.total);
        const names = [
          ...plan.acts.flatMap((act) => act.keys.slice(0, act.asked).map(({ id }) => `${act.rule} ${id}`)),
          ...plan.skipped.map(({ rule, key }) => `${rule} ${key.id}`),
        ];
        expect(new Set(names).size).toBe(plan.total);
      }),
    );
  });

  it("decides whole groups, none twice, nothing that needs a second person, and only what may be decided by itself", () => {
    fc.assert(
      fc.property(handoffs, action, (all, which) => {
        const plan = planBulk(which, all, all, circumstances);
        const planned = plan.acts.flatMap(({ rule, keys }) => keys.map(({ id }) => `${rule} ${id}`));
        expect(new Set(planned).size).toBe(planned.length);
        for (const act of plan.acts) {
          const members = all.filter(({ rule, key }) => rule === act.rule && act.keys.some(({ id }) => id === key.id));
          expect(members).toHaveLength(act.keys.length);
          expect(new Set(members.map(({ group }) => group)).size).toBe(1);
          expect(all.filter(({ rule, group }) => rule === act.rule && group === members[0]?.group)).toHaveLength(
            members.length,
          );
          const alone = checkDecidable(which, members, { named: members, finance, date: DATE });
          expect(alone).toMatchObject({ possible: true, approval: "not-required", evidence: act.evidence });
        }
      }),
    );
  });

  it("may be carried out as long as nothing changed, and not once another event came, the group grew or somebody decided", () => {
    const all = [
      decidable("A", { group: "shipment A" }),
      decidable("B", { group: "shipment A", stake: { amount: "0", currency: "USD" } }),
    ];
    const plan = planBulk("accept", [{ rule: "goods-issue", key: { type: "shipment", id: "B" } }], all, circumstances);
    const [act] = plan.acts;
    if (!act) throw new Error("the plan has no act");
    expect(act.keys.map(({ id }) => id)).toEqual(["B", "A"]);
    const obstacle = (now: readonly Decidable[]) => obstacleToPlanned(plan, act, now, circumstances);
    const [a, b] = all as [Decidable, Decidable];
    expect(obstacle(all)).toBeNull();
    expect(obstacle([a, { ...b, to: [{ source: "erp", id: "late" }] }])).toBe("changed");
    expect(obstacle([...all, decidable("C", { group: "shipment A" })])).toBe("changed");
    expect(obstacle([a])).toBe("changed");
    expect(obstacle(all.map((each) => ({ ...each, resolution: "accepted" as const })))).toBe("decided");
  });

  it("skips what was seen otherwise, and everything for whoever has no right", () => {
    const asked = [{ rule: "goods-issue", key: { type: "shipment", id: "A" }, evidence: "0".repeat(64) }];
    expect(planBulk("accept", asked, [decidable("A")], circumstances).skipped).toMatchObject([{ reason: "changed" }]);
    const barred = planBulk("accept", [decidable("A")], [decidable("A")], { ...circumstances, mayAct: false });
    expect(barred).toMatchObject({ acts: [], skipped: [{ reason: "no-right" }], total: 1 });
  });

  it("says what is at stake, a group once, currencies apart", () => {
    const all = [
      decidable("A"),
      decidable("B", { stake: { amount: "0.10", currency: "USD" } }),
      decidable("C", { stake: { amount: "5", currency: "EUR" } }),
    ];
    expect(planBulk("accept", all, all, circumstances).stakes).toEqual([
      { amount: "5", currency: "EUR" },
      { amount: "120.1", currency: "USD" },
    ]);
  });
});

describe("a standing acceptance that somebody proposes", () => {
  const now = new Date("2026-11-25T12:00:00.000Z");
  const draft: AcceptanceDraft = {
    rule: "goods-issue",
    states: ["late"],
    companyCode: "",
    location: "",
    partner: "",
    amountMax: "25.00",
    currency: "USD",
    reason: "rounding",
    note: "",
    expiresAt: "2027-01-01T00:00:00.000Z",
  };
  const faults = (changes: Partial<AcceptanceDraft>, by = finance) =>
    faultsOfDraft({ ...draft, ...changes }, { finance: by, now, rules: new Set(["goods-issue"]) }).map(
      ({ path }) => path,
    );

  it("needs a rule in force, an end that lies ahead within a year, and an amount that one person may accept", () => {
    expect(faults({})).toEqual([]);
    expect(faults({ rule: "nothing" })).toEqual(["rule"]);
    expect(faults({ expiresAt: now.toISOString() })).toEqual(["expiresAt"]);
    expect(faults({ expiresAt: "2027-11-26T12:00:00.000Z" })).toEqual([]);
    expect(faults({ expiresAt: "2027-11-27T12:00:00.000Z" })).toEqual(["expiresAt"]);
    expect(faults({ amountMax: "1000.00" })).toEqual([]);
    expect(faults({ amountMax: "1000.01" })).toEqual(["amountMax"]);
    expect(faults({ amountMax: "1.00", currency: "XXX" })).toEqual(["amountMax"]);
    expect(faults({ amountMax: "99999999" }, without)).toEqual([]);
  });
});

describe("the name of an attachment", () => {
  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\x\\bill.pdf", "bill.pdf"],
    ["..", "file"],
    [".htaccess", "htaccess"],
    ["", "file"],
    ['<img src=x onerror="alert(1)">.png', "img src=xonerror=alert(1).png".replace("xonerror", "x onerror")],
    ["a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"],
    ["invoice\u202Efdp.exe", "invoicefdp.exe"],
    ["Rechnung Müller 北京.pdf", "Rechnung Müller 北京.pdf"],
  ])("%j is kept as %j", (given, kept) => {
    expect(attachmentName(given)).toBe(kept);
  });

  it("never leaves the header it stands in, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (given) => {
        const name = attachmentName(given);
        expect(name.length).toBeGreaterThan(0);
        const header = attachmentDisposition(name);
        expect(header).toMatch(/^attachment; filename="[^"\\\r\n]*"; filename\*=UTF-8''[\w.!~%-]*$/);
        expect(() => new Headers({ "content-disposition": header })).not.toThrow();
        expect(decodeURIComponent(header.split("UTF-8''")[1] ?? "")).toBe(name);
      }),
    );
  });

  it("goes with a type from the list, and with content that is of that type", () => {
    expect(attachmentMediaType("Application/PDF; charset=x")).toBe("application/pdf");
    for (const type of ["text/html", "image/svg+xml", "application/xhtml+xml", "application/javascript", "", null])
      expect(attachmentMediaType(type)).toBeNull();
    expect(looksLike("application/pdf", Buffer.from("%PDF-1.7"))).toBe(true);
    expect(looksLike("application/pdf", Buffer.from("<script>"))).toBe(false);
    expect(looksLike("text/csv", Buffer.from("a;b\nM\xfcller;1", "latin1"))).toBe(true);
    expect(looksLike("text/plain", Buffer.from("MZ\u0000\u0000"))).toBe(false);
    expect(looksLike("text/html", Buffer.from("x"))).toBe(false);
    expect(looksLike("constructor", Buffer.from("x"))).toBe(false);
  });
});
