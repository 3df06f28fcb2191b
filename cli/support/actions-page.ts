import { REMOTE_ACTIONS, type RemoteAction, requiredParameters } from "../../providers/domain/actions/action-table.ts";
import type { Caution } from "../../providers/domain/actions/caution.ts";
import { LEFT_OUT } from "../../providers/domain/actions/left-out-actions.ts";
import { CLOUD_NAMES } from "../../providers/domain/cloud-name.ts";
import { isObject } from "../../providers/domain/json.ts";
import type { Platform } from "../../providers/domain/managed-device.ts";

const INTRO = `# Steps

What may stand in \`steps\` of a request or a playbook, from the action table in providers/domain; \`dlr validate --write-schemas\` writes
this page and the schemas for editors. Two steps are the product's own: \`escrowBypassCode\` copies the Activation Lock bypass code into escrow, and
\`waitFor: done\` waits until the device has reported the step before. The others are remote actions of Microsoft Graph under Graph's own names.

- **needs**: what \`acknowledge\` must hold. A step that destroys data needs \`expires\` too, comes after \`escrowBypassCode\` on a supervised Apple
  device, and is never sent twice. Where it erases what may be somebody's own, a device that the company does not own needs \`personalDevice\`.
  A step that keeps people out of the device counts towards \`maxDisruptive\`.
- **again**: a step that is safe to repeat is sent again in the next run when an answer was lost. For any other a person decides
  (\`dlr settle\`).
- **result**: *reported* by the device and waited for, or *none*: Graph takes it and tells no more.
- **permission**: \`Privileged\` is \`DeviceManagementManagedDevices.PrivilegedOperations.All\`, \`ReadWrite\` is \`DeviceManagementManagedDevices.ReadWrite.All\`, for
  applications and people alike.`;

/** docs/actions.md. */
export function renderActionsPage(): string {
  return `${[INTRO, actionsSection(), parametersSection(), cautionsSection(), limitsSection(), cloudsSection(), leftOutSection()].join("\n\n")}\n`;
}

function actionsSection(): string {
  const rows = REMOTE_ACTIONS.map((action) => [
    `[\`${action.name}\`](${action.source})`,
    action.title,
    `[${action.platforms.map((platform) => devices(action, platform)).join(", ")}](${action.requirements})`,
    needs(action),
    action.repeatable ? "yes" : "no",
    action.result.kind === "none"
      ? "none"
      : action.result.secret === undefined
        ? "reported"
        : `reported; ${action.result.secret.kind} goes to escrow`,
    action.permission.delegated.includes("Privileged") ? "Privileged" : "ReadWrite",
    action.version,
  ]);
  return table(["step", "what it does", "devices", "needs", "again", "result", "permission", "Graph"], rows);
}

function devices(action: RemoteAction, platform: Platform): string {
  const minimum = action.minimumOs?.[platform];
  const version = minimum === undefined ? "" : ` ${minimum}+`;
  return `${action.supervisedOn.includes(platform) ? "supervised " : ""}${platform}${version}`;
}

function needs(action: RemoteAction): string {
  const words = [
    ...action.demands.map((word) => `\`${word}\``),
    action.destroysData ? "**destroys data**" : "",
    action.locksOut ? "**locks out**" : "",
  ];
  return words.filter((word) => word !== "").join(", ") + (action.erasesOwner ? "; `personalDevice`" : "");
}

function parametersSection(): string {
  const rows = REMOTE_ACTIONS.flatMap((action) =>
    parameterRows(action.parameters, requiredParameters(action), "").map(([name, ...rest]) => [
      `\`${action.name}\``,
      `\`${name}\``,
      ...rest,
    ]),
  );
  return `## Parameters\n\n${PARAMETERS}\n\n${table(["step", "parameter", "value", "meaning"], rows)}`;
}

const PARAMETERS = `Parameters stand below their step: \`- setDeviceName: { deviceName: LEEDS-LT-0301 }\`. In a list, what no two devices share
comes from a column of the CSV file that is named like the parameter, and the step stands alone: \`- setDeviceName\`; or the text holds
\`{{serialnumber}}\`.`;

function parameterRows(schema: unknown, required: readonly string[], before: string): (readonly [string, string, string])[] {
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const path = `${before}${name}`;
    const must = required.includes(name) ? ", required" : "";
    if (property.type === "object")
      return parameterRows(property, Array.isArray(property.required) ? property.required.map(String) : [], `${path}.`);
    return [[path, `${wordsFor(property)}${must}`, typeof property.description === "string" ? property.description : ""] as const];
  });
}

function wordsFor({ type, enum: values, minimum, maximum }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(values)) return values.map((value) => `\`${value}\``).join(", ");
  if (type === "boolean") return "true or false";
  return type === "integer" ? `a whole number from ${String(minimum)} to ${String(maximum)}` : "text";
}

function cautionsSection(): string {
  const rows = REMOTE_ACTIONS.flatMap(({ name, cautions }) => (cautions ?? []).map((caution) => cautionRow(name, caution)));
  const first = REMOTE_ACTIONS.filter(({ takesPrecedence }) => takesPrecedence !== undefined).map(({ name }) => `\`${name}\``);
  return `## What the preview warns of\n\n${CAUTIONS(first.join(", "))}\n\n${table(["step", "devices", "what happens"], rows)}`;
}

const CAUTIONS = (
  first: string,
) => `Nothing here is refused: Graph does not tell every fact that it hangs on. The preview, the card and the comment of a
pull request say it where a device fits. They also name what Intune drops (a step of the device before ${first}
without \`waitFor: done\`), what is under way on the device already, a device that Intune has not seen for 30 days, and Multi Admin
Approval where Graph last asked for it.`;

function cautionRow(name: string, { devices: about, unlessAfter, unlessParameter, text, source }: Caution): readonly string[] {
  const words = [
    ...(about.owner === undefined ? [] : [about.owner]),
    about.platforms.join(", "),
    ...(about.manufacturers === undefined ? [] : [`made by ${about.manufacturers.join(", ")}`]),
    ...(about.agents === undefined ? [] : [`managed by ${about.agents.join(", ")}`]),
    ...(about.enrolments === undefined ? [] : [`enrolled by ${about.enrolments.join(", ")}`]),
    ...(unlessAfter === undefined ? [] : [`no \`${unlessAfter}\` before it`]),
    ...(unlessParameter === undefined ? [] : [`no \`${unlessParameter}\``]),
  ];
  return [`\`${name}\``, words.join("; "), `[${text}](${source})`];
}

function limitsSection(): string {
  const rows = REMOTE_ACTIONS.filter((action) => action.dailyQuota !== null).map((action) => [
    `\`${action.name}\``,
    String(action.dailyQuota),
  ]);
  const approved = REMOTE_ACTIONS.filter((action) => action.multiAdminApproval).map((action) => `\`${action.name}\``);
  return `## Limits\n\nCalls per tenant and day, however they are made. Multi Admin Approval can cover ${approved.join(", ")}.\n\n${table(["step", "a day"], rows)}`;
}

function cloudsSection(): string {
  const rows = REMOTE_ACTIONS.flatMap(({ name, clouds }) =>
    clouds === undefined
      ? []
      : [
          [
            `\`${name}\``,
            CLOUD_NAMES.filter((cloud) => !clouds.only.includes(cloud)).join(", "),
            `[service description](${clouds.source})`,
          ],
        ],
  );
  return `## Clouds\n\nAn action that a cloud lacks is refused in the preview (DLR310). The others exist everywhere, as far as Microsoft documents it.\n\n${table(["step", "not in", "source"], rows)}`;
}

function leftOutSection(): string {
  const rows = LEFT_OUT.map(({ action, parameter, reason }) => [
    parameter === undefined ? `\`${action}\`` : `\`${parameter}\` of \`${action}\``,
    reason,
  ]);
  return `## Left out\n\nWhat Graph has besides, and why it is no step.\n\n${table(["action or parameter", "because"], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
