/** `config/objects.yaml`: which types of object exist, their rank, and whose numbers are unique. */
import { join } from "node:path";
import { z } from "zod";
import type { ObjectCatalogue, ObjectType } from "@/lib/domain/object";
import { readYamlFile } from "./yaml-file";

const declaredType = z.strictObject({
  type: z.string().regex(/^[a-z][a-z0-9_]*$/, "must be lower case with underscores, like warehouse_task"),
  label: z.string().min(1),
  unique: z.enum(["company", "issuer"]).default("company"),
});

const objectsFile = z
  .strictObject({
    roots: z.array(declaredType).min(1),
    ranked: z.array(declaredType),
    context: z.array(declaredType),
  })
  .refine(
    (file) => {
      const types = [...file.roots, ...file.ranked, ...file.context].map((declared) => declared.type);
      return new Set(types).size === types.length;
    },
    { message: "each type may be declared once" },
  );

/** @throws ConfigurationError with file, line and field. */
export function loadCatalogue(configDir: string): ObjectCatalogue {
  return catalogueOf(readYamlFile(join(configDir, "objects.yaml"), objectsFile));
}

function catalogueOf(file: z.output<typeof objectsFile>): ObjectCatalogue {
  const types = new Map<string, ObjectType>();
  for (const declared of file.roots) types.set(declared.type, { ...declared, rank: 0 });
  file.ranked.forEach((declared, index) => {
    types.set(declared.type, { ...declared, rank: index + 1 });
  });
  for (const declared of file.context) types.set(declared.type, { ...declared, rank: null });
  return { types };
}
