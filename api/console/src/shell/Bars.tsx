/** Bars across the page for what must not be overlooked: the connection is lost, the sound is blocked or off. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { connection, isStale } from "../live";
import { arm, setWanted, soundState } from "../sound";
import { running } from "../when";
import { lang, t } from "../words";
import { Icon } from "../marks";

function LostBar(): JSX.Element | null {
  const { state, since } = connection.value;
  if (!isStale()) return null;
  void nowMs.value; // Renews each second.
  return (
    <div class="bar bar-lost" role="alert" data-testid="connection-bar">
      <span class="spinner" />
      <span>{t(state === "blind" ? "live.blind.bar" : "live.lost.bar", { time: running(Date.now() - since, lang.value) })}</span>
    </div>
  );
}

function SoundBar(): JSX.Element | null {
  const state = soundState();
  if (state === "armed") return null;
  if (state === "blocked") {
    return (
      <button class="bar bar-sound" onClick={arm}>
        <Icon name="mute" />
        {t("sound.blocked.bar")}
      </button>
    );
  }
  return (
    <button class="bar bar-quietsound" onClick={() => setWanted(true)}>
      <Icon name="mute" />
      {t("sound.off.bar")} <span class="bar-act">{t("sound.turnon")}</span>
    </button>
  );
}

export function Bars(): JSX.Element {
  return (
    <div class="bars">
      <LostBar />
      <SoundBar />
    </div>
  );
}
