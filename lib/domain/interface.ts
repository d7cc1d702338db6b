/** An interface between two systems, as `config/interfaces.yaml` declares it: who owns it, how it is reached, and how safely a message can be sent again. */
import { z } from "zod";
import { durationUpTo, totalMs } from "@/lib/domain/duration";
import { EXCEPTION_CLASSES } from "@/lib/domain/exceptions/exception";

const name = z.string().trim().min(1).max(128);

/** In milliseconds. */
export const durationMs = durationUpTo(30, "PT30S, PT5M or P1D").transform(totalMs);

/** Never the secret itself: `env:NAME` (a variable of the worker) or `file:/path`. */
export const secretReference = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\/.+)$/,
    "must be env:NAME or file:/path; a secret never stands in this file",
  );

/** An address, or where to read it. */
export const address = z.union([
  z.url({ protocol: /^https?$/, error: "must be an address like https://erp.example.com/api, or env:NAME" }),
  secretReference,
]);

const httpAuthentication = z.union([
  z.strictObject({ bearer: secretReference }),
  z.strictObject({ basic: z.strictObject({ user: z.string().min(1), password: secretReference }) }),
  z.strictObject({ header: z.strictObject({ name: z.string().regex(/^[A-Za-z0-9-]+$/), value: secretReference }) }),
]);

const httpChannel = z.strictObject({
  /** The message's own path is put behind it. */
  url: address,
  auth: httpAuthentication.optional(),
  /** How long one answer is waited for; an answer that has not come by then is no answer. At most 30 s. */
  timeout: durationMs
    .default(10_000)
    .refine((ms) => ms >= 1_000 && ms <= 30_000, { message: "must be between PT1S and PT30S" }),
});

const kafkaChannel = z.strictObject({
  topic: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/),
});

/** Asks the target whether it has a message's effect. `{key}` is its idempotency key, `{subject}` the number of the object it is about. */
const lookup = z.strictObject({
  path: z.string().startsWith("/").max(1024),
  /** Dotted path to a list or a value in the JSON answer; found when it is there and not empty. Without it, 200 is found. 404 is always absent. */
  found: z.string().max(256).optional(),
});

const effect = z.strictObject({
  /** Type of the event that shows the effect, from this source (a name, a family `wms-*`, or a kind of system). */
  type: name,
  source: name.optional(),
  /** Type of the object that the message and the effect share. */
  on: name,
  /** Type of the event that takes the effect back. */
  reversed_by: name.optional(),
});

export const REPLAY_SAFETIES = ["idempotent", "verifiable", "unsafe"] as const;
export type ReplaySafety = (typeof REPLAY_SAFETIES)[number];

const retry = z.strictObject({
  /** Sends of one message in all, the first included. */
  attempts: z.int().min(1).max(20).default(4),
  first: durationMs.default(2_000),
  factor: z.number().min(1).max(10).default(3),
  longest: durationMs.default(300_000),
  /** The share of each wait that is drawn at random, so that many waits do not end at once. */
  jitter: z.number().min(0).max(1).default(0.3),
  /** Classes for which trying again by itself can help. */
  classes: z.array(z.enum(EXCEPTION_CLASSES)).default(["connection", "intermittent", "rate_limit"]),
  /** Whether new failures of these classes are replayed without being asked. Never for `unsafe`. */
  automatic: z.boolean().default(false),
});

const circuit = z.strictObject({
  /** So many failures in a row open it: nothing is sent to this target until `open_for` is over, then one message tries. */
  failures: z.int().min(1).max(1_000).default(10),
  open_for: durationMs.default(30_000),
});

const route = z.strictObject({
  /** Any of these; without, any class. */
  class: z.array(z.enum(EXCEPTION_CLASSES)).optional(),
  /** A piece of the message or the error code, in any case. */
  contains: z.string().min(1).max(256).optional(),
  owner: name,
});

export const interfaceText = z
  .strictObject({
    id: name,
    name: z.string().min(1).max(256).optional(),
    description: z.string().max(4096).default(""),
    /** Sources, families or kinds of system. */
    source: name,
    target: name,
    owner: name,
    lifecycle: z.enum(["active", "deprecated", "retiring"]).default("active"),
    retires_on: z.iso.date().optional(),
    /** Without it messages can be looked at but not sent. */
    channel: z.union([z.strictObject({ http: httpChannel }), z.strictObject({ kafka: kafkaChannel })]).optional(),
    idempotency: z
      .strictObject({
        header: z
          .string()
          .regex(/^[A-Za-z0-9-]+$/)
          .default("idempotency-key"),
      })
      .prefault({}),
    lookup: lookup.optional(),
    effect: effect.optional(),
    /** How long after an unclear answer the effect may still show itself: an absence seen earlier is none. */
    settle: durationMs.default(30_000),
    safety: z.enum(REPLAY_SAFETIES).default("unsafe"),
    /** Finance: an unsafe replay needs a second person. */
    finance: z.boolean().default(false),
    rate_limit: z.strictObject({ per_second: z.number().positive().max(10_000) }).default({ per_second: 20 }),
    retry: retry.prefault({}),
    circuit: circuit.prefault({}),
    /** How long an exception may stay open. */
    sla: durationMs.default(4 * 3_600_000),
    severity: z.string().max(64).default("normal"),
    routes: z.array(route).max(100).default([]),
    /** JSON Schema of the payload, for edited payloads. */
    contract: z.record(z.string(), z.unknown()).optional(),
  })
  .superRefine((value, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (value.safety === "verifiable" && !value.lookup && !value.effect)
      issue("safety", "verifiable needs a lookup or an effect: how else could it be verified?");
    if (value.lookup && !(value.channel && "http" in value.channel))
      issue("lookup", "needs an HTTP channel to ask over");
    if (value.lifecycle === "retiring" && !value.retires_on)
      issue("retires_on", "is needed when lifecycle is retiring");
    if (value.retry.automatic && value.safety === "unsafe")
      issue("retry", "an unsafe interface is never retried by itself; set automatic to false");
  });

export const interfacesFile = z
  .strictObject({ interfaces: z.array(interfaceText).max(1_000) })
  .superRefine((file, context) => {
    const seen = new Set<string>();
    file.interfaces.forEach(({ id }, index) => {
      if (seen.has(id))
        context.addIssue({ code: "custom", path: ["interfaces", index, "id"], message: `"${id}" stands twice` });
      seen.add(id);
    });
  });

export type Interface = z.output<typeof interfaceText>;
export type Interfaces = ReadonlyMap<string, Interface>;
