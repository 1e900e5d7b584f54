/** What a place does when it rings: its steps by kind of alert, beside every alert of who lives there. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoaded } from "../load";
import type { Place } from "../rights/records";
import { sending } from "../resident/settings/acts";
import { readsLog } from "../session";
import { Empty, Failed, Loading } from "../states";
import { Moment } from "../times";
import { addWords, said, t } from "../words";
import { en } from "../words/sheet.en";
import { zh } from "../words/sheet.zh";
import { saveHouse, sheetChanged } from "./acts";
import { ringName } from "./names";
import { RINGS, type PlaceSheet, type Scripts } from "./records";
import { written } from "./StepsDialog";
import { stepsOf } from "./steps";

addWords({ en, zh });

const same = (a: Scripts, b: Scripts): boolean => RINGS.every((kind) => (a[kind] ?? "").trim() === (b[kind] ?? "").trim());

function Kind({ kind, text, may, set }: KindProps): JSX.Element {
  const advice = said(`advice.${kind}`, "");
  return (
    <section class="panel house-kind">
      <h2 class="label" id={`house-${kind}`}>
        {ringName(kind)}
      </h2>
      <textarea
        aria-labelledby={`house-${kind}`}
        data-testid={`house-${kind}-text`}
        rows={Math.min(8, Math.max(2, text.split("\n").length + 1))}
        maxLength={2000}
        readOnly={!may}
        value={text}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {!text.trim() && (
        <div class="house-advice">
          <p class="muted fine">{t(advice ? "house.advice" : "house.empty")}</p>
          <ol>
            {stepsOf(advice).map((step, i) => (
              <li key={i}>{step}</li>
            ))}
          </ol>
          {advice && may && (
            <button class="button" onClick={() => set(advice)}>
              {t("house.take")}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

interface KindProps {
  kind: string;
  text: string;
  may: boolean;
  set: (text: string) => void;
}

function House({ sheet, above }: { sheet: PlaceSheet; above: string | null }): JSX.Element {
  // As it was when this place was opened or saved: what somebody else writes meanwhile must not be overwritten.
  const [was, setWas] = useState(sheet);
  const [scripts, setScripts] = useState<Scripts>(sheet.scripts);
  const [refusal, setRefusal] = useState<string | null>(null);
  const changed = !same(was.scripts, scripts);
  const may = readsLog();
  useEffect(() => {
    if (sheet.version === was.version || changed) return;
    setWas(sheet);
    setScripts(sheet.scripts);
  }, [sheet.version, changed]);
  const save = async (): Promise<void> => {
    const to = written(scripts);
    const no = await saveHouse(was, to);
    setRefusal(no);
    if (no !== null) return;
    setWas({ ...was, version: was.version + 1, scripts: to });
    setScripts(to);
  };
  return (
    <>
      {above && <p class="muted">{t("house.above", { name: above })}</p>}
      {!may && <p class="notice">{t("house.readonly")}</p>}
      <div class="house-kinds">
        {RINGS.map((kind) => (
          <Kind
            key={kind}
            kind={kind}
            may={may}
            text={scripts[kind] ?? ""}
            set={(text) => {
              setRefusal(null);
              setScripts({ ...scripts, [kind]: text });
            }}
          />
        ))}
      </div>
      {was.set_time && !changed && (
        <p class="muted fine">
          {was.set_by} · <Moment at={was.set_time} />
        </p>
      )}
      {changed && (
        <div class="save-bar" role="region" aria-label={t("house.unsaved")}>
          {refusal && (
            <p class="refusal" role="alert">
              {refusal}
            </p>
          )}
          <span>{t("house.unsaved")}</span>
          <button class="button button-main" data-testid="house-save" disabled={sending.value} onClick={() => void save()}>
            {sending.value ? t("action.busy") : t("sheet.save")}
          </button>
          <button class="button" disabled={sending.value} onClick={() => (setScripts(was.scripts), setRefusal(null))}>
            {t("settings.drop")}
          </button>
        </div>
      )}
    </>
  );
}

const depth = (place: Place): string => " ".repeat(Math.max(0, place.path.length - 1) * 2);

export function HousePage(): JSX.Element {
  const places = useLoaded<{ places: Place[] }>("/places");
  const all = places.value?.places ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const at = chosen ?? all[0]?.id ?? null;
  const sheet = useLoaded<PlaceSheet>(at && `/places/${encodeURIComponent(at)}/sheet`, sheetChanged.value);
  const parent = all.find((one) => one.id === all.find((each) => each.id === at)?.parent);
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("house.title")}</h1>
      </header>
      <p class="muted">{t("house.about")}</p>
      {!places.value && !places.error && <Loading text={t("house.loading")} />}
      {!places.value && places.error && <Failed text={t("house.failed.places")} again={places.again} />}
      {places.value && !all.length && <Empty>{t("house.noplaces")}</Empty>}
      {at && (
        <label class="field house-place">
          {t("house.place")}
          <select data-testid="house-place" value={at} onChange={(event) => setChosen(event.currentTarget.value)}>
            {all.map((place) => (
              <option key={place.id} value={place.id}>
                {depth(place)}
                {place.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {at && !sheet.value && !sheet.error && <Loading text={t("house.loading")} />}
      {at && !sheet.value && sheet.error && <Failed text={t("house.failed")} again={sheet.again} />}
      {sheet.value && <House key={sheet.value.place} sheet={sheet.value} above={parent?.name ?? null} />}
    </main>
  );
}
