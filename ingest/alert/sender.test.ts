import { expect, it } from "vitest";
import { signatureOf } from "./sender";

it("signs as the example of the Standard Webhooks libraries does", () => {
  // Secret, id, time, body and signature from the libraries' own tests and the specification's reference implementation.
  const signature = signatureOf(
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1614265330,
    '{"test": 2432232314}',
  );
  expect(signature).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

it("refuses a secret that is none", () => {
  expect(() => signatureOf("whsec_", "id", 1, "{}")).toThrow(/base64/);
});
