/** All residents: those with an open alert first, searched by name or room. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { open } from "../alerts";
import { useLoaded } from "../load";
import { SeverityMark } from "../marks";
import { byLoudness } from "../order";
import type { Alert, Resident } from "../records";
import { follow } from "../router";
import { Empty, Failed, Loading } from "../states";
import { Running } from "../times";
import { alertName } from "../reasons";
import { t } from "../words";
import { SetMarks } from "./AwayLine";
import { useAsking } from "./asking";
import { personLine } from "./facts";
import { changed } from "./settings/acts";
import { ThereMark } from "./WithHer";
import type { Watch } from "./watch";
import { useWatches, WatchMark } from "./WatchMark";

/** A suggestion is nothing that anybody waits for. */
const ASKED_EVERY_MS = 60_000;
/** Who is away, and what is left off, changes on other screens; the live stream tells of alerts alone. */
export const LIST_EVERY_MS = 60_000;

interface TileProps {
  person: Resident;
  alert: Alert | undefined;
  watch: Watch | null;
  /** Whether a setting is suggested for them. */
  asks: boolean;
  /** Whether they may be back, and nobody has said so. */
  back: boolean;
}

function Tile({ person, alert, watch, asks, back }: TileProps): JSX.Element {
  return (
    <li>
      <a class={`tile ${alert ? `tile-${alert.severity}` : ""}`} href={`/residents/${person.id}`} onClick={follow}>
        <span class="avatar" aria-hidden="true">
          {person.name.slice(0, 1)}
        </span>
        <span class="tile-main">
          <b>{person.name}</b>
          <span class="muted">{personLine(person)}</span>
          <span class="tile-marks">
            <WatchMark watch={watch} />
            <ThereMark resident={person.id} />
            <SetMarks person={person} />
            {back && <span class="chip chip-asks">{t("absence.asks.chip")}</span>}
            {asks && <span class="chip">{t("proposal.title")}</span>}
          </span>
        </span>
        {alert && (
          <span class="tile-alert">
            <SeverityMark severity={alert.severity} quiet={alert.state !== "raised"} />
            <b>{alertName(alert)}</b>
            <Running since={alert.raised_time} />
          </span>
        )}
      </a>
    </li>
  );
}

function fits(person: Resident, query: string): boolean {
  const text = `${person.name} ${person.room ?? ""} ${person.unit_name ?? ""}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function ResidentsPage(): JSX.Element {
  const people = useLoaded<{ residents: Resident[] }>("/residents", changed.value, LIST_EVERY_MS);
  const watches = useWatches();
  const away = new Set(useAsking().map((one) => one.resident));
  const asked = useLoaded<{ proposals: { resident: string }[] }>("/proposals", 0, ASKED_EVERY_MS).value?.proposals ?? [];
  const asks = new Set(asked.map((one) => one.resident));
  const [query, setQuery] = useState("");
  const loud = [...open.value].sort(byLoudness);
  const alertOf = (person: Resident): Alert | undefined => loud.find((alert) => alert.resident.id === person.id);
  const found = people.value?.residents.filter((person) => fits(person, query)) ?? [];
  const sorted = [...found].sort((a, b) => Number(!alertOf(a)) - Number(!alertOf(b)));
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("residents.title")}</h1>
        {people.value && (
          <span class="muted figures">{t("residents.count", { n: people.value.residents.length })}</span>
        )}
        <input
          id="search"
          class="search"
          type="search"
          placeholder={`${t("residents.search")}  /`}
          aria-label={t("residents.search")}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </header>
      {!people.value && !people.error && <Loading text={t("residents.loading")} />}
      {!people.value && people.error && <Failed text={t("residents.failed")} again={people.again} />}
      {people.value && people.value.residents.length === 0 && <Empty>{t("residents.empty")}</Empty>}
      {people.value && people.value.residents.length > 0 && sorted.length === 0 && (
        <Empty>{t("residents.none", { query })}</Empty>
      )}
      <ul class="tiles">
        {sorted.map((person) => (
          <Tile key={person.id} person={person} alert={alertOf(person)} watch={watches(person.id)} asks={asks.has(person.id)} back={away.has(person.id)} />
        ))}
      </ul>
    </main>
  );
}
