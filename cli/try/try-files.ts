import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { DAY_MS } from "../../providers/domain/day.ts";
import { TRY } from "./try-stack.ts";

/** The request of the first try. */
export const TRY_REQUEST = "leeds-leaver-0042";

const DAYS = 30;

/**
 * Makes the folders of requests and playbooks, and a request where there is none at all. Gives the
 * file it wrote, from the project's folder; null where people's own are left alone. `now` in
 * milliseconds since the epoch.
 */
export async function writeTryFiles(root: string, now: number): Promise<string | null> {
  for (const name of ["requests", "playbooks"]) await mkdir(path.join(root, TRY, name), { recursive: true });
  const folder = path.join(root, TRY, "requests");
  if ((await readdir(folder)).length > 0) return null;
  const file = path.join(folder, "leavers.yaml");
  await writeFile(file, requestText(new Date(now + DAYS * DAY_MS).toISOString().slice(0, 10)), { flag: "wx" });
  return path.posix.join(TRY, "requests", "leavers.yaml");
}

function requestText(expires: string): string {
  return `# yaml-language-server: $schema=../../devices/schema/requests.schema.json
requests:
  - name: ${TRY_REQUEST}
    device: { serialNumber: DMPXK2ABCDEF }
    playbook: unlock-and-wipe
    reason: Leaver returned the iPad
    ticket: INC-4711
    expires: ${expires}
    acknowledge: [dataLoss, physicalPossession]
`;
}
