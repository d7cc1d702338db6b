import type { ButtonHTMLAttributes, ReactNode } from "react";

export type ButtonTone = "primary" | "plain" | "quiet" | "danger";
export type ButtonSize = "small" | "regular";

const TONES: Record<ButtonTone, string> = {
  primary: "bg-accent text-on-accent border-transparent hover:bg-accent-strong",
  plain: "bg-surface text-ink border-line-strong hover:bg-hover",
  quiet: "bg-transparent text-ink-muted border-transparent hover:bg-hover hover:text-ink",
  danger: "bg-surface text-broken border-line-strong hover:bg-broken-tint",
};
const SIZES: Record<ButtonSize, string> = { small: "h-7 px-2 text-xs gap-1", regular: "h-8 px-3 text-sm gap-1.5" };

export const buttonClass = (tone: ButtonTone = "plain", size: ButtonSize = "regular"): string =>
  `inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors select-none disabled:opacity-50 disabled:cursor-not-allowed ${TONES[tone]} ${SIZES[size]}`;

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: ButtonTone;
  readonly size?: ButtonSize;
}

export function Button({ tone, size, className = "", type = "button", ...rest }: ButtonProps) {
  return <button type={type} className={`${buttonClass(tone, size)} ${className}`} {...rest} />;
}

export interface IconButtonProps extends Omit<ButtonProps, "aria-label" | "children"> {
  /** Said by a screen reader and shown on hover: an icon alone names nothing. */
  readonly label: string;
  readonly icon: ReactNode;
}

export function IconButton({
  label,
  icon,
  tone = "quiet",
  size = "regular",
  className = "",
  ...rest
}: IconButtonProps) {
  const square = size === "small" ? "w-7 px-0!" : "w-8 px-0!";
  return (
    <Button tone={tone} size={size} aria-label={label} title={label} className={`${square} ${className}`} {...rest}>
      {icon}
    </Button>
  );
}
