"use client";
/** What the filters of lists are made of. */
import { Field, fieldClass } from "./form-fields";

/** Value and label. */
export type Options = readonly (readonly [string, string])[];
export const plain = (values: readonly string[]): Options => values.map((value) => [value, value]);

export interface SelectProps {
  readonly label: string;
  readonly name: string;
  readonly any: string;
  readonly options: Options;
  readonly value: string;
  readonly onChange: () => void;
}

/** A choice that takes effect at once. */
export function Select({ label, name, any, options, value, onChange }: SelectProps) {
  // An address may name several, or one that no longer occurs: it is shown as it is.
  const isKnown = value === "" || options.some(([id]) => id === value);
  return (
    <Field label={label} className="min-w-28 max-w-52">
      {(id) => (
        <select id={id} name={name} defaultValue={value} onChange={onChange} className={fieldClass}>
          <option value="">{any}</option>
          {isKnown ? null : (
            <option value={value}>
              {value
                .split(",")
                .map((each) => options.find(([id]) => id === each)?.[1] ?? each)
                .join(", ")}
            </option>
          )}
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export interface TextProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly pattern?: string;
  readonly suggestions?: readonly string[];
}

/** Free text with suggestions; takes effect with Enter. */
export function Text({ label, name, value, pattern, suggestions = [] }: TextProps) {
  return (
    <Field label={label} className="w-36">
      {(id) => (
        <>
          <input
            id={id}
            name={name}
            defaultValue={value}
            pattern={pattern}
            list={suggestions.length > 0 ? `${id}-list` : undefined}
            autoComplete="off"
            className={fieldClass}
          />
          {suggestions.length > 0 ? (
            <datalist id={`${id}-list`}>
              {suggestions.map((suggestion) => (
                <option key={suggestion} value={suggestion} />
              ))}
            </datalist>
          ) : null}
        </>
      )}
    </Field>
  );
}
