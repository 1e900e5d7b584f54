/** The devices that watch over a person: worn where, charged how far, heard when. */

import type { JSX } from "preact";
import { nowMs } from "../clock";
import { Icon } from "../marks";
import type { Device } from "../records";
import { Ago, Filled } from "../times";
import { said, t } from "../words";
import { isSilent } from "./watch";

/** Below this a watch does not last the night. */
const LOW_BATTERY = 20;

function Battery({ percent }: { percent: number | null }): JSX.Element {
  if (percent === null) return <span class="muted">{t("device.battery.unknown")}</span>;
  const n = Math.round(percent);
  return (
    <span class={`battery ${percent < LOW_BATTERY ? "battery-low" : ""}`} title={t("device.battery", { n })}>
      <svg viewBox="0 0 28 14" aria-hidden="true">
        <rect class="battery-case" x="1" y="1" width="23" height="12" rx="3" />
        <rect class="battery-fill" x="3" y="3" width={(19 * percent) / 100} height="8" rx="1.5" />
        <rect class="battery-tip" x="25" y="5" width="2.5" height="4" rx="1" />
      </svg>
      <span class="figures">{n} %</span>
    </span>
  );
}

function Seen({ device }: { device: Device }): JSX.Element {
  if (!device.last_seen) return <span class="device-silent">{t("device.never")}</span>;
  const silent = isSilent(device, nowMs.value);
  return (
    <span class={silent ? "device-silent" : "muted"}>
      <Filled words={silent ? "device.silent" : "device.seen"} name="when" value={<Ago at={device.last_seen} />} />
    </span>
  );
}

export function DeviceList({ devices }: { devices: Device[] }): JSX.Element {
  if (!devices.length) return <p class="notice">{t("person.devices.none")}</p>;
  return (
    <ul class="devices">
      {devices.map((device) => {
        const position = device.binding?.position ?? device.position;
        return (
          <li key={device.id}>
            <Icon name="watch" />
            <span class="device-name">
              {device.label ?? said(`device.kind.${device.kind}`, device.kind)}
              {position && <span class="muted"> · {said(`position.${position}`, position)}</span>}
            </span>
            <Battery percent={device.battery} />
            <span>
              <Seen device={device} /> <span class="device-id">{device.id}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
