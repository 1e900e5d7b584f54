/** What is resolved and not closed: a list with its picture beside, quick by keyboard. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, type Refused } from "../http";
import { helpOpen } from "../keys";
import { useLoaded } from "../load";
import { kindName } from "../reasons";
import { OUTCOMES } from "../records";
import { Empty, Failed, Loading } from "../states";
import { toast } from "../toasts";
import { lang, t } from "../words";
import { answered, close, gone } from "./closing";
import { CorrectDialog } from "./CorrectDialog";
import { Looked } from "./Looked";
import { momentIn } from "./plan";
import type { Waiting, WaitingPage } from "./records";
import { WaitingRow } from "./WaitingRow";

const PAGE = 50;
const KINDS = ["fall", "sos", "inactivity", "routine", "wandering", "smoke", "gas", "water_leak", "platform"];
/** From here on the picture stands beside the list, and not under its row (styles/review.css has the same number). */
const BESIDE_PX = 1100;
/** Under each other the figures come after the list: it begins short. */
const FEW = 8;

interface Props {
  place: string;
  zone: string | undefined;
}

export function WaitingPart({ place, zone }: Props): JSX.Element {
  const [kind, setKind] = useState("");
  const [outcome, setOutcome] = useState("");
  const [late, setLate] = useState("");
  const only = { place, kind, outcome, late };
  const asked = Object.entries(only).flatMap(([name, value]) => (value ? [`${name}=${encodeURIComponent(value)}`] : []));
  const path = `/review/alerts?${[...asked, `limit=${PAGE}`].join("&")}`;
  const loaded = useLoaded<WaitingPage>(path, answered.value);
  const [more, setMore] = useState<{ key: string; pages: WaitingPage[] }>({ key: "", pages: [] });
  const key = `${path} ${answered.value}`;
  const pages = loaded.value ? [loaded.value, ...(more.key === key ? more.pages : [])] : [];
  const rows = pages.flatMap((page) => page.alerts).filter((one) => !gone.value.has(one.id));
  const next = pages[pages.length - 1]?.more ?? null;
  const left = Math.max(rows.length, (loaded.value?.left ?? 0) - gone.value.size);
  const filtered = Boolean(kind || outcome || late);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const selected = rows.filter((one) => chosen.has(one.id));
  const [at, setAt] = useState<string | null>(null);
  const [correcting, setCorrecting] = useState<Waiting | null>(null);
  const beside = innerWidth >= BESIDE_PX;
  const [few, setFew] = useState(!beside);
  const drawn = few ? rows.slice(0, FEW) : rows;
  const inHand = rows.find((one) => one.id === at) ?? (beside ? (rows[0] ?? null) : null);

  const toggle = (id: string): void => {
    const to = new Set(chosen);
    if (!to.delete(id)) to.add(id);
    setChosen(to);
  };
  const shut = (ids: string[]): void => {
    const staying = rows.filter((one) => !ids.includes(one.id));
    const behind = rows.slice(rows.findIndex((one) => one.id === inHand?.id)).find((one) => !ids.includes(one.id));
    setChosen(new Set());
    setAt((behind ?? staying[staying.length - 1])?.id ?? null);
    close(ids);
  };
  const fetchMore = (): void => {
    if (!next) return;
    get<WaitingPage>(`${path}&before=${encodeURIComponent(next)}`).then(
      (page) => setMore({ key, pages: [...pages.slice(1), page] }),
      (error: Refused) => toast(t("review.more.failed", { message: error.message })),
    );
  };
  useKeys((pressed) => {
    const where = rows.findIndex((one) => one.id === inHand?.id);
    const step = { j: 1, k: -1 }[pressed];
    if (step) {
      const to = rows[Math.max(0, Math.min(rows.length - 1, where + (at === null && where < 0 ? 1 : step)))];
      if (!to) return false;
      setAt(to.id);
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-review="${to.id}"]`)?.focus());
    } else if (pressed === "e" && (selected.length || inHand)) {
      shut(selected.length ? selected.map((one) => one.id) : inHand ? [inHand.id] : []);
    } else if (pressed === "x" && inHand) toggle(inHand.id);
    else if (pressed === "o" && inHand) setCorrecting(inHand);
    else return false;
    return true;
  }, correcting !== null);

  return (
    <section class="review-wait" aria-labelledby="review-wait">
      <header class="review-wait-head">
        <h2 id="review-wait">{t("review.wait")}</h2>
        {loaded.value && (
          <span class="muted figures" data-testid="left">
            {t("review.wait.n", { n: left })}
            {left > 0 && loaded.value.oldest_time && ` · ${t("review.wait.oldest", { time: momentIn(loaded.value.oldest_time, zone, lang.value) })}`}
          </span>
        )}
        <span class="review-filters">
          <Filter words={t("review.filter.kind")} value={kind} set={setKind} options={KINDS.map((one) => [one, kindName(one)])} />
          <Filter
            words={t("review.filter.outcome")}
            value={outcome}
            set={setOutcome}
            options={OUTCOMES.map((one) => [one, t(`outcome.${one}`)])}
          />
          <Filter
            words={t("review.filter.time")}
            value={late}
            set={setLate}
            options={[
              ["true", t("review.filter.late")],
              ["false", t("review.filter.intime")],
            ]}
          />
        </span>
      </header>
      {!loaded.value && !loaded.error && <Loading text={t("review.wait.loading")} />}
      {!loaded.value && loaded.error && <Failed text={t("review.wait.failed")} again={loaded.again} />}
      {loaded.value && rows.length === 0 && (
        <Empty>{t(filtered || left > 0 ? "review.wait.nofit" : "review.wait.none")}</Empty>
      )}
      {rows.length > 0 && (
        <div class="review-columns">
          <div class="review-list">
            <Bulk rows={drawn} selected={selected} set={setChosen} shut={shut} />
            <ul data-testid="review-list">
              {drawn.map((one) => (
                <li key={one.id}>
                  <WaitingRow
                    alert={one}
                    zone={zone}
                    current={one.id === inHand?.id}
                    chosen={chosen.has(one.id)}
                    take={() => setAt(one.id === at && !beside ? null : one.id)}
                    toggle={() => toggle(one.id)}
                  />
                  {!beside && one.id === inHand?.id && <Looked alert={one} zone={zone} shut={shut} correct={setCorrecting} />}
                </li>
              ))}
            </ul>
            {(next || drawn.length < rows.length) && (
              <button class="button button-wide" onClick={drawn.length < rows.length ? () => setFew(false) : fetchMore}>
                {t("review.more")}
              </button>
            )}
          </div>
          {beside && (
            <div class="review-beside">
              {inHand && <Looked key={inHand.id} alert={inHand} zone={zone} shut={shut} correct={setCorrecting} />}
            </div>
          )}
        </div>
      )}
      {correcting && (
        <CorrectDialog
          alert={correcting}
          close={(done) => {
            setCorrecting(null);
            if (done) answered.value += 1;
          }}
        />
      )}
    </section>
  );
}

/** Calls `act` for each key that is pressed outside of fields and dialogs; `off`: a dialog of ours is open. */
function useKeys(act: (key: string) => boolean, off: boolean): void {
  const now = useRef(act);
  now.current = act;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== "checkbox";
      if (off || typing || helpOpen.value || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (document.querySelector("dialog[open]") || !now.current(event.key)) return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [off]);
}

interface FilterProps {
  words: string;
  value: string;
  set: (to: string) => void;
  options: [string, string][];
}

function Filter({ words, value, set, options }: FilterProps): JSX.Element {
  return (
    <label class="field">
      {words}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">{t("review.filter.any")}</option>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface BulkProps {
  rows: Waiting[];
  selected: Waiting[];
  set: (to: ReadonlySet<string>) => void;
  shut: (ids: string[]) => void;
}

function Bulk({ rows, selected, set, shut }: BulkProps): JSX.Element {
  const n = selected.length;
  return (
    <div class={`review-bulk ${n ? "review-bulk-on" : ""}`}>
      <label class="review-tick">
        <input
          type="checkbox"
          data-testid="select-all"
          checked={n > 0 && n === rows.length}
          ref={(box) => {
            if (box) box.indeterminate = n > 0 && n < rows.length;
          }}
          onChange={() => set(n === rows.length ? new Set() : new Set(rows.map((one) => one.id)))}
        />
        <span>{n ? t("review.selected", { n }) : t("review.select.all", { n: rows.length })}</span>
      </label>
      {n > 0 && (
        <button class="button button-main" data-testid="close-many" onClick={() => shut(selected.map((one) => one.id))}>
          {t("review.close.many", { n })} <kbd>e</kbd>
        </button>
      )}
    </div>
  );
}
