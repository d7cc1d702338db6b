"use client";
import { LoaderCircle, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useRef, useTransition } from "react";
import { searchHref } from "@/components/ui/href";
import { useHotkeys } from "@/components/ui/use-hotkeys";

/** The search of the header: any number, from anywhere. `/` or ⌘K leads to it. */
export function SearchBox() {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const input = useRef<HTMLInputElement>(null);
  const focus = () => input.current?.select();
  useHotkeys({ "/": focus, "mod+k": focus });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = input.current?.value.trim() ?? "";
    if (typed === "") return;
    // The page that comes has keys of its own.
    input.current?.blur();
    startTransition(() => router.push(searchHref(typed)));
  };
  return (
    <search>
      <form onSubmit={submit} action="/orders" className="relative">
        {pending ? (
          <LoaderCircle
            aria-hidden
            className="pointer-events-none absolute top-2 left-2.5 size-4 animate-spin text-accent"
          />
        ) : (
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-faint" />
        )}
        <input
          ref={input}
          type="search"
          name="q"
          aria-label="Search any number"
          placeholder="Any number  /"
          autoComplete="off"
          maxLength={512}
          className="h-8 w-full rounded-md border border-control bg-canvas pr-2 pl-8 text-sm placeholder:text-ink-faint"
        />
      </form>
    </search>
  );
}
