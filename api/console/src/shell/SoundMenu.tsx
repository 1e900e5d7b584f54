/** Sound on this device: whether it can be heard, how loud, and how each severity sounds. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, SeverityMark } from "../marks";
import type { Severity } from "../records";
import { arm, play, setVolume, setWanted, soundState, volume } from "../sound";
import { t } from "../words";
import { Dialog } from "./Dialog";

const SEVERITIES: Severity[] = ["high", "medium", "low"];

function Settings({ close }: { close: () => void }): JSX.Element {
  const off = soundState() === "off";
  return (
    <Dialog title={t("sound.title")} close={close}>
      <label class="volume">
        {t("sound.volume")}
        <input
          type="range"
          min="0.05"
          max="1"
          step="0.05"
          value={volume.value}
          onInput={(event) => setVolume(Number(event.currentTarget.value))}
        />
      </label>
      {SEVERITIES.map((severity) => (
        <div class="sound-test" key={severity}>
          <SeverityMark severity={severity} />
          <button
            class="button"
            onClick={() => {
              arm();
              play(severity);
            }}
          >
            {t("sound.test")}
          </button>
        </div>
      ))}
      <button class="button button-wide" onClick={() => setWanted(off)}>
        {t(off ? "sound.turnon" : "sound.turnoff")}
      </button>
    </Dialog>
  );
}

export function SoundMenu(): JSX.Element {
  const [shown, setShown] = useState(false);
  const state = soundState();
  return (
    <>
      <button class={`sound sound-${state}`} title={t(`sound.${state}`)} onClick={() => setShown(true)}>
        <Icon name={state === "armed" ? "sound" : "mute"} />
        <span class="word">{t(`sound.${state}`)}</span>
      </button>
      {shown && <Settings close={() => setShown(false)} />}
    </>
  );
}
