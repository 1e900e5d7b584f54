/** Asks the owner of an alert whose time is nearly over: one press, wherever in the console they are. */

import type { JSX } from "preact";
import { busy, extend, isMine } from "../acts";
import { open } from "../alerts";
import { nowMs } from "../clock";
import { asks, leftMs } from "../desk/until";
import { headline } from "../reasons";
import { follow } from "../router";
import { running } from "../when";
import { lang, t } from "../words";

export function DueBar(): JSX.Element | null {
  const now = nowMs.value;
  const mine = open.value.filter((alert) => isMine(alert.claimed_by) && asks(alert, now));
  const alert = mine.sort((a, b) => (leftMs(a, now) ?? 0) - (leftMs(b, now) ?? 0))[0];
  if (!alert) return null;
  const time = running(leftMs(alert, now) ?? 0, lang.value);
  return (
    <div class="bar bar-due" role="status" data-testid="due-bar">
      <a href={`/alerts/${encodeURIComponent(alert.id)}`} onClick={follow}>
        {t(alert.state === "held" ? "due.bar.held" : "due.bar", { what: headline(alert), time })}
      </a>
      {alert.state === "claimed" && (
        <button class="button" disabled={busy.value !== null} onClick={() => void extend(alert)}>
          {t("action.extend")}
        </button>
      )}
    </div>
  );
}
