/** Saving what was chosen on the settings page; whoever was faster is named, and nothing of theirs is overwritten unseen. */

import { platformNow } from "../../clock";
import { call, type Refused } from "../../http";
import type { SettingChange } from "./records";
import { toast } from "../../toasts";
import { lang, t } from "../../words";
import { act, at, undo, why } from "./acts";
import { changeSaid } from "./ChangeList";
import { noticed, type Changes, type Seen } from "./draft";
import { dated } from "./zone";

/** Who was faster, with what; null: the refusal is another one. */
function fasterSaid(error: Refused, zone: string): string | null {
  if (error.code !== "changed_meanwhile") return null;
  const change = (error.body as { change: SettingChange | null }).change;
  if (!change) return t("settings.refused.changed_meanwhile");
  const now = platformNow();
  const time = dated(Date.parse(change.time), zone, now, lang.value);
  return t("settings.faster", { name: change.actor, time, change: changeSaid(change, zone, now) });
}

/** Saves what was chosen of what was `seen`: what somebody else set meanwhile is not overwritten unseen. */
export const save = (resident: string, zone: string, changes: Changes, seen: Seen, back: Changes): Promise<string | null> =>
  act(
    async () => {
      await call("PATCH", at(resident), { ...changes, seen });
      const undone = { ...back, seen: changes };
      const no = (error: Refused): string => fasterSaid(error, zone) ?? why(error);
      toast(t("settings.saved"), () => void undo(() => call("PATCH", at(resident), undone), no));
    },
    (error) => {
      const faster = fasterSaid(error, zone);
      if (faster !== null) noticed(resident);
      return faster === null ? why(error) : `${faster} ${t("settings.faster.next")}`;
    },
  );
