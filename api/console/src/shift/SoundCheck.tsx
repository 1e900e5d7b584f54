/** Whether one hears this console, asked at the beginning of a shift: an alarm that nobody hears is none. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../marks";
import { arm, play, setWanted, soundState } from "../sound";
import { t } from "../words";

/** `done` is told whether the test was heard. */
export function SoundCheck({ words, busy, done }: SoundCheckProps): JSX.Element {
  const [played, setPlayed] = useState(false);
  const state = soundState();
  const test = (): void => {
    setWanted(true);
    arm();
    // The browser allows it within this press; a moment later it can be heard.
    setTimeout(() => play("high"), 60);
    setPlayed(true);
  };
  if (!played)
    return (
      <div class="sound-check">
        <p class={state === "armed" ? "muted" : "notice"}>{t(`shift.sound.${state}`)}</p>
        <button class="button button-main button-wide" data-testid="sound-play" onClick={test}>
          <Icon name="sound" />
          {t("shift.sound.play")}
        </button>
      </div>
    );
  return (
    <div class="sound-check">
      <p>{t("shift.sound.heard")}</p>
      <button class="button button-main button-wide" data-testid="sound-heard" disabled={busy} onClick={() => done(true)}>
        <Icon name="check" />
        {t(words === "begin" ? "shift.sound.yes.begin" : "shift.sound.yes.accept")}
      </button>
      <div class="sound-more">
        <button class="button" onClick={test}>
          {t("shift.sound.again")}
        </button>
        <button class="button" data-testid="sound-silent" disabled={busy} onClick={() => done(false)}>
          {t("shift.sound.no")}
        </button>
      </div>
      <p class="muted fine">{t("shift.sound.hint")}</p>
    </div>
  );
}

interface SoundCheckProps {
  words: "begin" | "accept";
  busy: boolean;
  done: (heard: boolean) => void;
}
