import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const PACKAGE = path.resolve(import.meta.dirname, "../../infrastructure/node_modules/@pulumi/azure-native");

/** What the engine writes in place of a value that is not known yet. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface PropertyFailure {
  readonly property: string;
  readonly reason: string;
}

type Members = ReadonlyMap<string, ts.PropertySignature>;

/**
 * The declarations that azure-native publishes for its resources' arguments: they say which
 * properties there are, and of which form.
 */
export class SdkTypes {
  readonly #files = new Map<string, ts.SourceFile>();

  /**
   * What is wrong with the inputs of a resource of type `azure-native:MODULE:RESOURCE`: unknown,
   * missing or malformed properties, deep.
   */
  check(type: string, inputs: Readonly<Record<string, unknown>>): readonly PropertyFailure[] {
    const [, module = "", resource = ""] = type.split(":");
    const file = this.#parse(path.join(module, `${resource.charAt(0).toLowerCase()}${resource.slice(1)}.d.ts`));
    const declaration = file.statements.find((statement) => isInterface(statement, `${resource}Args`));
    if (declaration === undefined || !ts.isInterfaceDeclaration(declaration))
      return [{ property: "", reason: `${type} is not of the SDK` }];
    return this.#checkMembers(membersOf(declaration), inputs, "");
  }

  #checkMembers(members: Members, value: unknown, at: string): readonly PropertyFailure[] {
    if (value === UNKNOWN) return [];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ property: at, reason: "is not an object" }];
    const below = (name: string) => (at === "" ? name : `${at}.${name}`);
    const missing = [...members].filter(([name, member]) => member.questionToken === undefined && !Object.hasOwn(value, name));
    return [
      ...missing.map(([name]) => ({ property: below(name), reason: "is missing" })),
      ...Object.entries(value).flatMap(([name, item]) => {
        const member = members.get(name);
        if (member?.type === undefined) return [{ property: below(name), reason: "is not a property of the SDK's type" }];
        return this.#checkValue(member.type.getText(), item, below(name));
      }),
    ];
  }

  /**
   * `type` as it is written in a declaration:
   * `pulumi.Input<pulumi.Input<inputs.keyvault.IPRuleArgs>[] | undefined>`.
   */
  #checkValue(type: string, value: unknown, at: string): readonly PropertyFailure[] {
    if (value === UNKNOWN) return [];
    if (/>\[\] \| undefined>$|>\[\]>$/.test(type)) {
      if (!Array.isArray(value)) return [{ property: at, reason: "is not a list" }];
      return value.flatMap((item, index) => this.#checkValue(type.replace("[]", ""), item, `${at}[${index}]`));
    }
    const [, module, name] = /inputs\.(\w+)\.(\w+)/.exec(type) ?? [];
    if (module !== undefined && name !== undefined) return this.#checkMembers(this.#inputType(module, name), value, at);
    const [, enumModule, enumName] = /enums\.(\w+)\.(\w+)/.exec(type) ?? [];
    const problem =
      enumModule !== undefined && enumName !== undefined ? this.#problemOfWord(enumModule, enumName, value) : problemOfPlain(type, value);
    return problem === null ? [] : [{ property: at, reason: problem }];
  }

  #problemOfWord(module: string, name: string, value: unknown): string | null {
    const known = this.#enumValues(module, name);
    return typeof value === "string" && known.has(value) ? null : `is none of ${[...known].join(", ")}`;
  }

  #inputType(module: string, name: string): Members {
    for (const statement of namespaceOf(this.#parse("types/input.d.ts"), module)) {
      if (ts.isInterfaceDeclaration(statement) && statement.name.text === name) return membersOf(statement);
    }
    throw new Error(`no type ${module}.${name} in the SDK`);
  }

  /**
   * `export declare const Kind: { readonly StorageV2: "StorageV2" }`: every literal type in it is a
   * value.
   */
  #enumValues(module: string, name: string): ReadonlySet<string> {
    const values = new Set<string>();
    for (const statement of this.#parse(`types/enums/${module}/index.d.ts`).statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const declaration = statement.declarationList.declarations.find(({ name: own }) => own.getText() === name);
      declaration?.type?.forEachChild((member) => {
        if (ts.isPropertySignature(member) && member.type !== undefined) values.add(member.type.getText().slice(1, -1));
      });
    }
    return values;
  }

  #parse(name: string): ts.SourceFile {
    const found = this.#files.get(name);
    if (found !== undefined) return found;
    const file = ts.createSourceFile(name, readFileSync(path.join(PACKAGE, name), "utf8"), ts.ScriptTarget.Latest, true);
    this.#files.set(name, file);
    return file;
  }
}

function isInterface(statement: ts.Statement, name: string): boolean {
  return ts.isInterfaceDeclaration(statement) && statement.name.text === name;
}

function membersOf(declaration: ts.InterfaceDeclaration): Members {
  return new Map(declaration.members.filter(ts.isPropertySignature).map((member) => [member.name.getText(), member]));
}

function namespaceOf(file: ts.SourceFile, name: string): readonly ts.Statement[] {
  return file.statements.flatMap((statement) => {
    const isWanted = ts.isModuleDeclaration(statement) && statement.name.text === name;
    return isWanted && statement.body !== undefined && ts.isModuleBlock(statement.body) ? [...statement.body.statements] : [];
  });
}

function problemOfPlain(type: string, value: unknown): string | null {
  if (type.includes("[key: string]")) return isTextMap(value) ? null : "is not a mapping of texts";
  const primitive = /\b(string|number|boolean)\b/.exec(type)?.[1];
  return typeof value === primitive ? null : `is not a ${primitive}`;
}

function isTextMap(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.values(value).every((item) => typeof item === "string");
}
