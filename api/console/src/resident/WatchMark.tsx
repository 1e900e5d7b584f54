/** A person's watch in a few words, where many people are listed. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { useLoaded } from "../load";
import type { Device } from "../records";
import { t } from "../words";
import { watchOf, type Watch } from "./watch";

/** Often enough that a watch that falls silent is seen soon. */
const EVERY_MS = 15_000;

/** Returns how a resident is watched, or null while that is not known. */
export function useWatches(): (resident: string) => Watch | null {
  const loaded = useLoaded<{ devices: Device[] }>("/devices", 0, EVERY_MS);
  const { value, error } = loaded;
  if (!value || error) return () => null;
  return (resident) =>
    watchOf(
      value.devices.filter((device) => device.binding?.resident === resident),
      nowMs.value,
    );
}

export function WatchMark({ watch }: { watch: Watch | null }): JSX.Element | null {
  if (!watch) return null;
  return (
    <span class={`watch watch-${watch}`}>
      <span class="dot" />
      {t(`watch.${watch}`)}
    </span>
  );
}
