/** Bars across the page for what must not be overlooked: the connection is lost, the sound is blocked or off. */

import type { JSX } from "preact";
import { ringing } from "../alerts";
import { nowMs } from "../clock";
import { inHand, PHONE } from "../desk/hand";
import { connection, isStale } from "../line";
import { arm, setWanted, soundState } from "../sound";
import { running } from "../when";
import { lang, t } from "../words";
import { Icon, Shape } from "../marks";
import { headline, placeName } from "../reasons";
import { follow, path } from "../router";
import { Running } from "../times";
import { DueBar } from "./DueBar";
import { Simulated } from "./Simulated";

function LostBar(): JSX.Element | null {
  const { state, since } = connection.value;
  if (!isStale()) return null;
  void nowMs.value; // Renews each second.
  return (
    <div class="bar bar-lost" role="alert" data-testid="connection-bar">
      <span class="spinner" />
      <span>
        {t(state === "blind" ? "live.blind.bar" : "live.lost.bar", { time: running(Date.now() - since, lang.value) })}
      </span>
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

/** Away from the alert that rings, it is named here. */
function RingingBar(): JSX.Element | null {
  const alert = ringing.value;
  const onDesk = path.value === "/" || path.value.startsWith("/alerts/");
  if (!alert || (onDesk && !(matchMedia(PHONE).matches && inHand.value && inHand.value !== alert.id))) return null;
  return (
    <a
      class={`bar bar-ringing bar-${alert.severity}`}
      href={`/alerts/${encodeURIComponent(alert.id)}`}
      data-testid="ringing-bar"
      onClick={follow}
    >
      <Shape severity={alert.severity} />
      <span>{t("ringing.bar", { what: headline(alert), place: placeName(alert) })}</span>
      <Running since={alert.raised_time} />
      <span class="bar-go">{t("ringing.go")}</span>
    </a>
  );
}

export function Bars(): JSX.Element {
  return (
    <aside class="bars" aria-label={t("bars.label")}>
      <Simulated />
      <LostBar />
      <RingingBar />
      <DueBar />
      <SoundBar />
    </aside>
  );
}
