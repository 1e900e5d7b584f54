/** "I am with her": who is with a person just now, so that their alerts rest; begun and ended by one press. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isMine } from "../acts";
import { nowMs } from "../clock";
import { overview, refreshOverview } from "../overview";
import { call, post, Refused } from "../http";
import type { Pause, Resident } from "../records";
import { Filled, Moment } from "../times";
import { t } from "../words";

/** Who is with somebody now, by what the platform said last; it ends by itself. */
export function pauseOf(resident: string): Pause | null {
  const found = overview.value?.pauses?.find((one) => one.resident === resident);
  return found && Date.parse(found.until) > nowMs.value ? found : null;
}

/** How many people somebody is with: on the line of the shift. */
export const pausesNow = (): number =>
  (overview.value?.pauses ?? []).filter((one) => Date.parse(one.until) > nowMs.value).length;

/** `Li Mei is with her, until 14:30`; null while nobody is. */
export function ThereMark({ resident }: { resident: string }): JSX.Element | null {
  const pause = pauseOf(resident);
  if (!pause) return null;
  const words = isMine(pause.by) ? "pause.you" : "pause.other";
  return (
    <span class="chip chip-there" data-testid="there">
      <Filled words={words} fill={{ name: pause.by }} name="time" value={<Moment at={pause.until} />} />
    </span>
  );
}

export function WithHer({ person }: { person: Resident }): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const pause = pauseOf(person.id);
  const path = `/residents/${encodeURIComponent(person.id)}/pause`;
  const press = async (ask: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setFailed(null);
    try {
      await ask();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setFailed(error.code === "somebody_is" ? t("pause.somebody") : t("pause.failed"));
    }
    await refreshOverview();
    setBusy(false);
  };
  const begin = (): void => void press(() => post(path, {}));
  const end = (): void => void press(() => call("DELETE", path, {}));
  return (
    <section class={`there ${pause ? "there-on" : ""}`} data-testid="with-her">
      {pause ? <ThereMark resident={person.id} /> : <p class="muted">{t("pause.about")}</p>}
      <div class="buttons">
        {(!pause || isMine(pause.by)) && (
          <button class="button" data-testid="pause-begin" disabled={busy} onClick={begin}>
            {t(pause ? "pause.longer" : "pause.begin")}
          </button>
        )}
        {pause && (
          <button class="button" data-testid="pause-end" disabled={busy} onClick={end}>
            {t(isMine(pause.by) ? "pause.end" : "pause.end.other")}
          </button>
        )}
      </div>
      {failed && (
        <p class="refusal" role="alert">
          {failed}
        </p>
      )}
    </section>
  );
}
