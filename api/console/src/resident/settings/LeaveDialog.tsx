/** Asks whoever leaves with something not saved. */

import type { JSX } from "preact";
import { Dialog } from "../../shell/Dialog";
import { t } from "../../words";
import { sending } from "./acts";

interface Props {
  save: () => void;
  drop: () => void;
  stay: () => void;
}

export function LeaveDialog({ save, drop, stay }: Props): JSX.Element {
  return (
    <Dialog title={t("settings.leave.title")} close={stay}>
      <p>{t("settings.leave.about")}</p>
      <div class="buttons">
        <button class="button button-main" data-testid="leave-save" autoFocus disabled={sending.value} onClick={save}>
          {t("settings.leave.save")}
        </button>
        <button class="button" data-testid="leave-drop" disabled={sending.value} onClick={drop}>
          {t("settings.leave.drop")}
        </button>
        <button class="button" onClick={stay}>
          {t("settings.stay")}
        </button>
      </div>
    </Dialog>
  );
}
