/** Devices, the unwell first: last heard, battery, link, worn, and what of theirs could not be understood. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { follow } from "../router";
import { readsDevices } from "../session";
import { Empty, Failed, Loading } from "../states";
import { Ago } from "../times";
import { said, t } from "../words";
import { chosen, countOf, SHOWS, unitsOf, unreadOf, type DeviceHealth, type Show, type Trouble } from "./choose";

/** A device that comes back, or dies, need not be seen at once. */
const EVERY_MS = 30_000;

export function DevicesPage(): JSX.Element {
  const loaded = useLoaded<{ devices: DeviceHealth[] }>("/devices/health", 0, EVERY_MS);
  const [show, setShow] = useState<Show>("all");
  const [unit, setUnit] = useState("");
  const [query, setQuery] = useState("");
  const all = loaded.value?.devices ?? [];
  const found = chosen(all, show, unit, query);
  const forbidden = loaded.error?.kind === "forbidden";
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("devices.title")}</h1>
        {loaded.value && <span class="muted figures">{t("devices.count", { n: all.length })}</span>}
        {loaded.value && (
          <input
            id="search"
            class="search"
            type="search"
            placeholder={t("devices.search")}
            aria-label={t("devices.search")}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        )}
      </header>
      <p class="muted">{t("devices.about")}</p>
      {!loaded.value && !loaded.error && <Loading text={t("devices.loading")} />}
      {forbidden && <Empty>{t("devices.forbidden")}</Empty>}
      {loaded.error && !forbidden && <Failed text={t("devices.failed")} again={loaded.again} />}
      {loaded.value && all.length === 0 && <Empty>{t("devices.empty")}</Empty>}
      {all.length > 0 && (
        <div class="devices-tools">
          <div class="segments devices-shows" role="group" aria-label={t("devices.filter")}>
            {SHOWS.map((one) => (
              <button key={one} aria-pressed={show === one} data-testid={`show-${one}`} onClick={() => setShow(one)}>
                {t(`devices.show.${one}`)} <span class="figures">{countOf(all, one)}</span>
              </button>
            ))}
          </div>
          <label class="field devices-place">
            <span class="unseen">{t("devices.place")}</span>
            <select value={unit} onChange={(event) => setUnit(event.currentTarget.value)}>
              <option value="">{t("devices.place.all")}</option>
              {unitsOf(all).map(([id, name]) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      {all.length > 0 && found.length === 0 && <Empty>{t("devices.none")}</Empty>}
      <ul class="device-cards" data-testid="devices">
        {found.map((one) => (
          <Card key={one.id} one={one} />
        ))}
      </ul>
    </main>
  );
}

/** Troubles by shape and word: from six metres nobody reads this page, and it rings nothing. */
const MARKS: Record<Trouble, string> = {
  silent: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM6.4 6.4l11.2 11.2",
  not_understood: "M9 9.2a3 3 0 1 1 4.3 2.7c-.9.5-1.3 1-1.3 2m0 3v.2",
  battery: "M3 8h15v8H3Zm15 2.5h2.5v3H18M6 10.5v3",
  weak_link: "M5 19v-3m5 3v-7m5 7V8m5 11V4M3 3l18 18",
};

function Mark({ trouble }: { trouble: Trouble }): JSX.Element {
  return (
    <span class="chip device-trouble">
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d={MARKS[trouble]} />
      </svg>
      {t(`devices.trouble.${trouble}`)}
    </span>
  );
}

function Whose({ one }: { one: DeviceHealth }): JSX.Element {
  if (!one.binding) return <span class="muted">{t("devices.nobody")}</span>;
  const where = one.place_name ?? one.unit_name;
  return (
    <span>
      {one.resident_name && <b>{one.resident_name}</b>} <span class={one.resident_name ? "muted" : ""}>{where}</span>
    </span>
  );
}

function Worn({ one }: { one: DeviceHealth }): JSX.Element {
  const state = one.worn === null ? "unknown" : one.worn ? "yes" : "no";
  return <span class={state === "unknown" ? "muted" : ""}>{t(`devices.worn.${state}`)}</span>;
}

function Card({ one }: { one: DeviceHealth }): JSX.Element {
  const unread = unreadOf(one);
  const bad = (trouble: Trouble): string => (one.troubles.includes(trouble) ? "device-bad" : "");
  return (
    <li class={`panel device-card ${one.troubles.length ? "device-unwell" : ""}`} data-testid="device" data-device={one.id}>
      <div class="device-who">
        <b>{one.label ?? said(`device.kind.${one.kind}`, one.kind)}</b> <span class="device-id">{one.id}</span>
        <p>
          <Whose one={one} />
        </p>
      </div>
      <div class="device-marks">
        {one.troubles.map((trouble) => (
          <Mark key={trouble} trouble={trouble} />
        ))}
        {!one.troubles.length && one.binding && <span class="muted">{t("devices.well")}</span>}
        {readsDevices() && one.last_seen && (
          <a class="entry-read" href={`/decode?device=${encodeURIComponent(one.id)}`} onClick={follow}>
            {t("devices.read")}
          </a>
        )}
      </div>
      <dl class="device-facts figures">
        <div class={bad("silent")}>
          <dt>{t("devices.heard")}</dt>
          <dd>{one.last_seen ? <Ago at={one.last_seen} /> : t("devices.heard.never")}</dd>
        </div>
        <div class={bad("battery")}>
          <dt>{t("devices.battery")}</dt>
          <dd>{one.battery === null ? <span class="muted">{t("devices.battery.unknown")}</span> : `${Math.round(one.battery)} %`}</dd>
        </div>
        <div class={bad("weak_link")}>
          <dt>{t("devices.link")}</dt>
          <dd>{one.link ? t("devices.link.of", { n: Math.round(one.link.quality) }) : <span class="muted">{t("devices.link.unknown")}</span>}</dd>
        </div>
        {one.kind === "wearable" && (
          <div>
            <dt>{t("devices.worn")}</dt>
            <dd>
              <Worn one={one} />
            </dd>
          </div>
        )}
        {unread > 0 && (
          <div class="device-bad">
            <dt>{t("devices.quarantined")}</dt>
            <dd>
              {unread}{" "}
              <a href="/quarantine" onClick={follow}>
                {t("devices.quarantined.see")}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </li>
  );
}
