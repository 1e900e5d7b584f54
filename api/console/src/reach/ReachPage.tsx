/** Reaching people: who is called at a place, whether each telephone can be reached, what was sent, and what it says. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { Empty, Failed, Loading } from "../states";
import { t } from "../words";
import { LogPart } from "./LogPart";
import { PeoplePart } from "./PeoplePart";
import type { Place } from "./records";
import { TemplatesPart } from "./TemplatesPart";

const INDENT = "\u2003";

export function ReachPage(): JSX.Element {
  const loaded = useLoaded<{ places: Place[] }>("/places");
  const [chosen, setChosen] = useState("");
  const places = loaded.value?.places ?? [];
  const top = Math.min(...places.map((one) => one.path.length));
  const place = places.find((one) => one.id === chosen) ?? places[0];
  const forbidden = loaded.error?.kind === "forbidden";
  return (
    <main class="page reach" id="content">
      <header class="page-head reach-head">
        <h1>{t("reach.title")}</h1>
        {place && (
          <label class="field reach-place">
            {t("reach.place")}
            <select data-testid="reach-place" value={place.id} onChange={(event) => setChosen(event.currentTarget.value)}>
              {places.map((one) => (
                <option key={one.id} value={one.id}>
                  {INDENT.repeat(one.path.length - top)}
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      <p class="muted reach-about">{t("reach.about")}</p>
      {!loaded.value && !loaded.error && <Loading text={t("reach.loading")} />}
      {!loaded.value && forbidden && <Empty>{t("reach.forbidden")}</Empty>}
      {!loaded.value && loaded.error && !forbidden && <Failed text={t("reach.failed")} again={loaded.again} />}
      {loaded.value && !place && <Empty>{t("reach.empty")}</Empty>}
      {place && (
        <>
          <PeoplePart key={`people-${place.id}`} place={place} places={places} />
          <LogPart key={`log-${place.id}`} place={place.id} />
          <TemplatesPart />
        </>
      )}
    </main>
  );
}
