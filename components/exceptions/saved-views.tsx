"use client";
import { Bookmark, X } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { postJson } from "@/components/handoffs/api-call";
import { Field, fieldClass, Problem, textOf } from "@/components/handoffs/form-fields";
import { Button, buttonClass, IconButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";
import { QUEUE, viewQuery } from "./filter-address";

/** As lib/queries/exception-views.ts keeps it. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly query: string;
  readonly savedBy: string;
}

export interface SavedViewsProps {
  readonly views: readonly SavedView[];
  readonly address: string;
  readonly maySave: boolean;
}

/** Views that somebody named; everybody sees them, and each is an address. */
export function SavedViews({ views, address, maySave }: SavedViewsProps) {
  const [isOpen, setOpen] = useState(false);
  const query = viewQuery(address);
  const current = views.find((view) => viewQuery(view.query) === query);
  return (
    <nav aria-label="Saved views" className="flex flex-wrap items-center gap-1 text-xs">
      {views.map((view) => (
        <Link
          key={view.id}
          href={`${QUEUE}?${viewQuery(view.query)}`}
          prefetch={false}
          aria-current={view === current ? "page" : undefined}
          title={`Saved by ${view.savedBy}`}
          className={`${buttonClass("quiet", "small")} max-w-60 aria-[current=page]:bg-accent-tint aria-[current=page]:text-accent`}
        >
          <Bookmark aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate">{view.name}</span>
        </Link>
      ))}
      {maySave && current ? <RemoveView view={current} /> : null}
      {maySave && !current ? (
        <Button size="small" tone="quiet" onClick={() => setOpen(true)}>
          Save view…
        </Button>
      ) : null}
      <Dialog open={isOpen} onClose={() => setOpen(false)} title="Save this view">
        <SaveForm query={query} onClose={() => setOpen(false)} />
      </Dialog>
    </nav>
  );
}

function SaveForm({ query, onClose }: { readonly query: string; readonly onClose: () => void }) {
  const router = useRouter();
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = textOf(new FormData(event.currentTarget), "name").trim();
    const answer = await postJson("/api/v1/exception-views", { name, query });
    if (!answer.ok) return setProblem(answer.problem);
    onClose();
    router.refresh();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
      <p className="text-ink-muted">
        Filter and order under a name. Everybody who may see the queue sees it; its address can be shared too.
      </p>
      <Field label="Name">
        {(id) => <input id={id} name="name" required maxLength={128} autoComplete="off" className={fieldClass} />}
      </Field>
      <Problem text={problem} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="primary" type="submit">
          Save
        </Button>
      </div>
    </form>
  );
}

function RemoveView({ view }: { readonly view: SavedView }) {
  const router = useRouter();
  const toast = useToast();
  const remove = async () => {
    const answer = await postJson(`/api/v1/exception-views/${encodeURIComponent(view.id)}/delete`, {});
    if (!answer.ok) return toast({ tone: "broken", text: answer.problem });
    const again = async () => {
      await postJson("/api/v1/exception-views", { name: view.name, query: view.query });
      router.refresh();
    };
    toast({
      tone: "settled",
      text: `The view "${view.name}" is taken away.`,
      action: { label: "Undo", act: () => void again() },
    });
    router.refresh();
  };
  return (
    <IconButton
      label={`Take the view "${view.name}" away`}
      size="small"
      icon={<X aria-hidden className="size-3.5" />}
      onClick={remove}
    />
  );
}
