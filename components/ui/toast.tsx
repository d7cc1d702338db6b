"use client";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "./button";

export interface ToastMessage {
  readonly tone: "settled" | "broken";
  readonly text: string;
  /** What can be done about it right away: "Undo". */
  readonly action?: { readonly label: string; readonly act: () => void };
}
interface ShownToast extends ToastMessage {
  readonly key: number;
}

const SHOWN_MS = 6_000;
/** Long enough to be read, and to reach the button by keyboard. */
const SHOWN_WITH_ACTION_MS = 20_000;
const ToastContext = createContext<((message: ToastMessage) => void) | null>(null);

/** Says something once, without taking the focus. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(ToastContext);
  if (!show) throw new Error("useToast needs a ToastProvider above it");
  return show;
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly ShownToast[]>([]);
  const nextKey = useRef(0);
  const dismiss = useCallback((key: number) => setToasts((shown) => shown.filter((toast) => toast.key !== key)), []);
  const show = useCallback(
    (message: ToastMessage) => {
      nextKey.current += 1;
      const key = nextKey.current;
      setToasts((shown) => [...shown.slice(-2), { ...message, key }]);
      // A failure stays until it is read.
      if (message.tone === "settled") setTimeout(() => dismiss(key), message.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
    },
    [dismiss],
  );
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <div aria-live="polite" className="fixed right-4 bottom-4 z-50 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2">
        {toasts.map((toast) => (
          <div
            key={toast.key}
            className="flex items-start gap-2 rounded-lg border border-line bg-raised p-3 text-sm shadow-[0_6px_24px_var(--shadow)]"
          >
            {toast.tone === "settled" ? (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-settled" />
            ) : (
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-broken" />
            )}
            <p className="min-w-0 flex-1 break-words">{toast.text}</p>
            {toast.action ? (
              <Button
                size="small"
                className="-my-1"
                onClick={() => {
                  dismiss(toast.key);
                  toast.action?.act();
                }}
              >
                {toast.action.label}
              </Button>
            ) : null}
            <IconButton
              label="Dismiss"
              size="small"
              icon={<X aria-hidden className="size-3.5" />}
              onClick={() => dismiss(toast.key)}
              className="-my-1 -mr-1"
            />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
