/**
 * Stacks by name, each with its settings by whole key; one that Pulumi cannot read has an error
 * instead.
 */
export interface FakeStacks {
  readonly stacks: Readonly<Record<string, Readonly<Record<string, string | { readonly secret: string }>> | string>>;
  readonly selected?: string;
  /** What the program does when it is asked for anything else. */
  readonly body?: string;
}

/** The body of a fake Pulumi that answers our questions about stacks. */
export function answering({ stacks, selected, body = "" }: FakeStacks): string {
  return `record();
const stacks = ${JSON.stringify(stacks)};
const asked = args.slice(0, 2).join(" ");
if (asked === "stack ls") { console.log(JSON.stringify(Object.keys(stacks).map((name) => ({ name })))); process.exit(0); }
if (asked === "stack --show-name") { console.log(${JSON.stringify(selected ?? "")}); process.exit(${selected === undefined ? 1 : 0}); }
if (args[0] === "config") {
  const settings = stacks[args[args.indexOf("--stack") + 1]];
  if (settings === undefined) process.exit(6);
  if (typeof settings === "string") { console.error(settings); process.exit(1); }
  const shown = args.includes("--show-secrets");
  const entries = Object.entries(settings).map(([key, value]) =>
    [key, typeof value === "string" ? { value, secret: false } : { ...(shown ? { value: value.secret } : {}), secret: true }]);
  console.log(JSON.stringify(Object.fromEntries(entries)));
  process.exit(0);
}
${body}`;
}

/** The body of a fake Pulumi that leaves the review which it is asked for, as our program does. */
export function reviewing(review: string): string {
  return `if (process.env.DEVICE_LIFECYCLE_SAVE_REVIEW) fs.writeFileSync(process.env.DEVICE_LIFECYCLE_SAVE_REVIEW, ${JSON.stringify(review)});\n`;
}
