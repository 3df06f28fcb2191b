/**
 * Properties that Intune is known to filter by; any other is ignored, and every device comes back.
 */
const FILTERABLE = [
  "serialNumber",
  "deviceName",
  "userPrincipalName",
  "emailAddress",
  "azureADDeviceId",
  "operatingSystem",
  "complianceState",
  "managedDeviceOwnerType",
  "managementAgent",
];

type Properties = (name: string) => string | null;

/** `invalid`: Graph says 400. `ignored`: Graph answers as if no filter had been given. */
export type Filter =
  | { readonly kind: "filter"; readonly matches: (read: Properties) => boolean }
  | { readonly kind: "ignored" }
  | { readonly kind: "invalid"; readonly message: string };

type Token = { readonly kind: "literal" | "word" | "mark"; readonly text: string };

/** One comparison: a property is one of some texts. */
type Expression =
  | { readonly kind: "isOneOf"; readonly property: string; readonly values: readonly string[] }
  | { readonly kind: "and" | "or"; readonly left: Expression; readonly right: Expression };

/**
 * `eq` and `in` over the properties above, `and`, and `or` over one property: Intune ignores an
 * `or` over two (https://github.com/microsoftgraph/powershell-intune-samples/issues/188) and what
 * else it does not support.
 */
export function parseFilter(text: string, letterCase: "sensitive" | "insensitive"): Filter {
  const tokens = tokenize(text);
  if (tokens === null) return { kind: "invalid", message: `Syntax error in '${text}': unterminated string literal.` };
  if (comparesUnquoted(tokens)) return { kind: "invalid", message: "Invalid filter clause" };
  const expression = new FilterReader(tokens).read();
  if (expression === null || !isSupported(expression)) return { kind: "ignored" };
  const fold = (value: string) => (letterCase === "sensitive" ? value : value.toLowerCase());
  return { kind: "filter", matches: (read) => evaluate(expression, read, fold) };
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z_][\w./]*|-?\d[\w.:-]*)|([(),]))/y;

function tokenize(text: string): readonly Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const [found, literal, word, mark] = TOKEN.exec(text) ?? [];
    if (found === undefined) return null;
    if (literal !== undefined) tokens.push({ kind: "literal", text: literal.replaceAll("''", "'") });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else tokens.push({ kind: "mark", text: mark ?? "" });
  }
  return tokens;
}

/** `serialNumber eq ABC`: a text without quotes is an error that Graph does notice. */
function comparesUnquoted(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    const [property, , value] = tokens.slice(index, index + 3);
    const isComparison = token.kind === "word" && isWord(tokens[index + 1], "eq") && FILTERABLE.includes(token.text);
    return isComparison && property !== undefined && value?.kind !== "literal";
  });
}

/** Reads the supported grammar; null for anything else. */
class FilterReader {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Expression | null {
    const expression = this.#chain("or", () => this.#chain("and", () => this.#primary()));
    return this.#position === this.#tokens.length ? expression : null;
  }

  #chain(operator: "and" | "or", next: () => Expression | null): Expression | null {
    let left = next();
    while (left !== null && isWord(this.#peek(), operator)) {
      this.#position += 1;
      const right = next();
      left = right === null ? null : { kind: operator, left, right };
    }
    return left;
  }

  #primary(): Expression | null {
    const token = this.#next();
    if (token?.kind === "mark" && token.text === "(") {
      const inner = this.#chain("or", () => this.#chain("and", () => this.#primary()));
      return this.#next()?.text === ")" ? inner : null;
    }
    if (token?.kind !== "word") return null;
    const values = this.#values();
    return values === null ? null : { kind: "isOneOf", property: token.text, values };
  }

  #values(): readonly string[] | null {
    const operator = this.#next();
    if (isWord(operator, "eq")) {
      const value = this.#next();
      return value?.kind === "literal" ? [value.text] : null;
    }
    return isWord(operator, "in") && this.#next()?.text === "(" ? this.#list() : null;
  }

  #list(): readonly string[] | null {
    const values: string[] = [];
    for (;;) {
      const value = this.#next();
      if (value?.kind !== "literal") return null;
      values.push(value.text);
      const separator = this.#next();
      if (separator?.kind === "mark" && separator.text === ")") return values;
      if (separator?.kind !== "mark" || separator.text !== ",") return null;
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#position];
  }

  #next(): Token | undefined {
    this.#position += 1;
    return this.#tokens[this.#position - 1];
  }
}

function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === "word" && token.text === text;
}

function isSupported(expression: Expression): boolean {
  if (expression.kind === "isOneOf") return FILTERABLE.includes(expression.property);
  if (!isSupported(expression.left) || !isSupported(expression.right)) return false;
  return expression.kind === "and" || new Set([...properties(expression.left), ...properties(expression.right)]).size === 1;
}

function properties(expression: Expression): readonly string[] {
  if (expression.kind === "isOneOf") return [expression.property];
  return [...properties(expression.left), ...properties(expression.right)];
}

function evaluate(expression: Expression, read: Properties, fold: (value: string) => string): boolean {
  if (expression.kind === "isOneOf") {
    const value = read(expression.property);
    return value !== null && expression.values.some((wanted) => fold(wanted) === fold(value));
  }
  const left = evaluate(expression.left, read, fold);
  if (expression.kind === "and") return left && evaluate(expression.right, read, fold);
  return left || evaluate(expression.right, read, fold);
}
