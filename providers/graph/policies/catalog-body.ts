import { isObject, type JsonObject, type JsonValue } from "../../domain/json.ts";

const TYPE = "#microsoft.graph.deviceManagementConfiguration";

/** The setting, inside the two groups that Apple's payload has. */
const GROUPS = ["settings_item_mdmoptions", "settings_item_mdmoptions_mdmoptions"] as const;

/**
 * *Activation Lock Allowed While Supervised* of Managed Settings, MDM Options. Source:
 * https://learn.microsoft.com/graph/api/resources/intune-deviceconfigv2-devicemanagementconfigurationpolicy
 */
export const LOCK_SETTING = "settings_item_mdmoptions_mdmoptions_activationlockallowedwhilesupervised";

/**
 * A policy of the settings catalog that allows the lock, and nothing else; several platforms have
 * commas between them.
 */
export function catalogBody(title: string, description: string, platforms: string): JsonObject {
  return {
    name: title,
    description,
    platforms,
    technologies: "mdm,appleRemoteManagement",
    roleScopeTagIds: ["0"],
    settings: [{ "@odata.type": `${TYPE}Setting`, settingInstance: group(GROUPS) }],
  };
}

function group([id, ...inner]: readonly string[]): JsonObject {
  if (id === undefined) return CHOICE;
  return {
    "@odata.type": `${TYPE}GroupSettingCollectionInstance`,
    settingDefinitionId: id,
    groupSettingCollectionValue: [{ children: [group(inner)] }],
  };
}

const CHOICE: JsonObject = {
  "@odata.type": `${TYPE}ChoiceSettingInstance`,
  settingDefinitionId: LOCK_SETTING,
  choiceSettingValue: { "@odata.type": `${TYPE}ChoiceSettingValue`, value: `${LOCK_SETTING}_true`, children: [] },
};

/** What the settings of a policy say of the lock, and how many others there are. */
export interface LockSetting {
  readonly allowsLock: boolean | null;
  readonly otherSettings: number;
}

/** Of `value` of the list of a policy's settings, whatever else stands there. */
export function readLockSetting(settings: readonly unknown[]): LockSetting {
  const leaves = settings.flatMap((setting) => (isObject(setting) ? leavesOf(setting.settingInstance) : []));
  const own = leaves.filter(({ id }) => id === LOCK_SETTING);
  const choice = own.at(-1)?.choice ?? null;
  const allowsLock = choice === `${LOCK_SETTING}_true` ? true : choice === `${LOCK_SETTING}_false` ? false : null;
  // A choice of another word says something that this version does not know.
  const isOdd = own.length > 1 || (own.length === 1 && allowsLock === null);
  return { allowsLock, otherSettings: leaves.length - own.length + (isOdd ? 1 : 0) };
}

interface Leaf {
  readonly id: string;
  readonly choice: string | null;
}

/** Values deep inside groups; what is no group is one setting. */
function leavesOf(instance: unknown): readonly Leaf[] {
  if (!isObject(instance)) return [];
  const { groupSettingCollectionValue, groupSettingValue, settingDefinitionId, choiceSettingValue } = instance;
  const groups: readonly unknown[] = Array.isArray(groupSettingCollectionValue)
    ? groupSettingCollectionValue
    : isObject(groupSettingValue)
      ? [groupSettingValue]
      : [];
  if (groups.length > 0)
    return groups.flatMap((one) => (isObject(one) && Array.isArray(one.children) ? one.children.flatMap(leavesOf) : []));
  const value: unknown = isObject(choiceSettingValue) ? choiceSettingValue.value : null;
  return [{ id: typeof settingDefinitionId === "string" ? settingDefinitionId : "", choice: typeof value === "string" ? value : null }];
}

/** The assignments that make these groups the policy's. */
export function assignBody(include: readonly string[], exclude: readonly string[]): JsonObject {
  const targets: readonly JsonValue[] = [
    ...include.map(includeTarget),
    ...exclude.map((groupId) => groupTarget("exclusionGroup", groupId)),
  ];
  return { assignments: targets.map((target) => ({ target })) };
}

function includeTarget(word: string): JsonObject {
  if (word === "allDevices") return { "@odata.type": "#microsoft.graph.allDevicesAssignmentTarget" };
  if (word === "allUsers") return { "@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget" };
  return groupTarget("group", word);
}

function groupTarget(kind: "group" | "exclusionGroup", groupId: string): JsonObject {
  return { "@odata.type": `#microsoft.graph.${kind}AssignmentTarget`, groupId };
}
