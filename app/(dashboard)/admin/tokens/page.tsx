import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require-permission";
import { listTokens } from "@/lib/auth/tokens";
import { services } from "@/lib/services";
import { AddToken } from "./add-token";
import { RevokeToken } from "./revoke-token";

export const metadata = { title: "Tokens" };

export default async function TokensPage() {
  await requirePermission("admin:tokens");
  const tokens = await listTokens(services().store);
  return (
    <>
      <AddToken />
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        {tokens.length === 0 ? (
          <EmptyState title="No tokens yet">Programs report events and read the API with a token.</EmptyState>
        ) : (
          <table className="w-full min-w-[48rem] text-sm">
            <caption className="sr-only">API tokens</caption>
            <thead>
              <tr className="text-left text-xs text-ink-muted *:px-3 *:py-2 *:font-medium">
                <th scope="col">Name</th>
                <th scope="col">Ends with</th>
                <th scope="col">Scopes</th>
                <th scope="col">Source</th>
                <th scope="col">Created</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((token) => (
                <tr key={token.id} className="*:border-t *:border-line *:px-3 *:py-2">
                  <th scope="row" className="text-left font-medium">
                    {token.name}
                  </th>
                  <td className="font-id">…{token.lastFour}</td>
                  <td>{token.scopes.join(", ")}</td>
                  <td>{token.source ?? <span className="text-ink-faint">any</span>}</td>
                  <td>
                    <Time at={token.createdAt} />
                  </td>
                  <td>
                    {token.revokedAt ? (
                      <span className="flex items-center gap-2">
                        <Badge tone="waiting">Revoked</Badge> <Time at={token.revokedAt} />
                      </span>
                    ) : (
                      <RevokeToken id={token.id} name={token.name} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}
