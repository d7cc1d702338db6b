import { CircleSlash, Inbox, type LucideIcon, ShieldX, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What the person can do next: links or buttons. */
  readonly actions?: ReactNode;
}

function State({ icon: Icon, tone, title, children, actions }: StateProps & { icon: LucideIcon; tone: string }) {
  return (
    <div className="flex flex-col items-center justify-center gap-3 px-6 py-14 text-center">
      <Icon aria-hidden className={`size-7 ${tone}`} strokeWidth={1.5} />
      <div className="max-w-md">
        <h2 className="text-base font-semibold">{title}</h2>
        {children ? <div className="mt-1 text-sm text-ink-muted">{children}</div> : null}
      </div>
      {actions ? <div className="flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}

export const EmptyState = (props: StateProps) => <State icon={Inbox} tone="text-ink-faint" {...props} />;
export const NotFoundState = (props: StateProps) => <State icon={CircleSlash} tone="text-ink-faint" {...props} />;

export function ErrorState(props: StateProps) {
  return (
    <div role="alert">
      <State icon={TriangleAlert} tone="text-broken" {...props} />
    </div>
  );
}

export function NoPermissionState({ title = "You do not have the right to see this", ...rest }: Partial<StateProps>) {
  return (
    <State icon={ShieldX} tone="text-attention" title={title} {...rest}>
      {rest.children ?? "Your role does not include it. An administrator can change your role."}
    </State>
  );
}

/** Bars in the shape of what is coming; one announcement for all of them. */
export function LoadingState({ label, rows = 8 }: { readonly label: string; readonly rows?: number }) {
  return (
    <div role="status" className="animate-breathe space-y-3 p-4">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move
        <div key={row} className="h-4 rounded bg-waiting-tint" style={{ width: `${92 - ((row * 17) % 45)}%` }} />
      ))}
    </div>
  );
}
