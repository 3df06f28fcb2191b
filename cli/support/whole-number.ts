import { InvalidArgumentError } from "commander";

/** Parses an option's value; both bounds are allowed. The parser throws `InvalidArgumentError`. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}

/** A TCP port; 0 is a free one. */
export const parsePort: (text: string) => number = wholeNumber(0, 65_535);
