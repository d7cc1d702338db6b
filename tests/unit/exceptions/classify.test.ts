import { describe, expect, test } from "vitest";
import { classify } from "@/lib/domain/exceptions/classify";
import { EXCEPTION_CLASSES } from "@/lib/domain/exceptions/exception";
import { REAL_MESSAGES } from "./real-messages";

const classOf = (errorCode: string, message: string, outcome = "failed", errorClass = "") =>
  classify({ errorClass, errorCode, message, outcome }).class;

describe("messages of real systems", () => {
  test("have the class that a person gave them", () => {
    const wrong = REAL_MESSAGES.flatMap(([expected, code, message, outcome]) => {
      const found = classOf(code, message, outcome);
      return found === expected ? [] : [`${expected}, not ${found}: ${code} ${message}`];
    });
    process.stdout.write(
      `${REAL_MESSAGES.length - wrong.length} of ${REAL_MESSAGES.length} real messages have their class\n`,
    );
    expect(wrong).toEqual([]);
  });

  test("are enough, and of every class", () => {
    expect(REAL_MESSAGES.length).toBeGreaterThanOrEqual(120);
    expect(new Set(REAL_MESSAGES.map(([expected]) => expected))).toEqual(new Set(EXCEPTION_CLASSES));
  });
});

describe("the category", () => {
  test("is business where the source says so, whatever the class", () => {
    const material = { errorCode: "M3305", message: "Material 1 does not exist in plant 2", outcome: "failed" };
    expect(classify({ ...material, errorClass: "business" })).toEqual({ class: "missing", category: "business" });
    expect(classify({ ...material, errorClass: "" })).toEqual({ class: "missing", category: "technical" });
  });

  test("is business for the class of that name, also where the source calls it technical", () => {
    const period = { errorCode: "F5201", message: "Posting period 11 is not open", outcome: "failed" };
    expect(classify({ ...period, errorClass: "technical" })).toEqual({ class: "business", category: "business" });
  });
});

describe("the class", () => {
  test.each(["F5 201", "f5201", "F5-201", "F5_201"])("does not depend on how a code is written: %s", (code) => {
    expect(classOf(code, "")).toBe("business");
  });

  test("is not read from a number of the case", () => {
    expect(classOf("", "Order 503 not found")).toBe("missing");
    expect(classOf("", "Shipment 429 has no address, which is required")).toBe("missing");
  });

  test("follows the status that is given where code and words say nothing", () => {
    expect(classify({ errorClass: "", errorCode: "", message: "", outcome: "failed", status: 429 }).class).toBe(
      "rate_limit",
    );
    expect(classify({ errorClass: "", errorCode: "", message: "", outcome: "failed", status: 503 }).class).toBe(
      "intermittent",
    );
    expect(classify({ errorClass: "", errorCode: "", message: "", outcome: "rejected", status: 422 }).class).toBe(
      "value",
    );
  });

  test("of what says nothing is intermittent when it failed, business when it was refused", () => {
    expect(classOf("", "")).toBe("intermittent");
    expect(classOf("", "", "rejected")).toBe("business");
    expect(classOf("", "", "failed", "business")).toBe("business");
  });
});
