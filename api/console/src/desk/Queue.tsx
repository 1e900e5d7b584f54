/** The queue: loudest first, live, and still under the hand of whoever is about to press. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { all, cameLive, fetched, handled, open } from "../alerts";
import { nowMs } from "../clock";
import { isStale } from "../line";
import { Shape } from "../marks";
import { arrange } from "../order";
import { overview } from "../overview";
import { headline, outcomeName } from "../reasons";
import type { Alert } from "../records";
import { useAsking } from "../resident/asking";
import { daysSince } from "../resident/settings/absences";
import { follow } from "../router";
import { Failed, Loading } from "../states";
import { Moment } from "../times";
import { clockTime } from "../when";
import { lang, t } from "../words";
import { pausesNow } from "../resident/WithHer";
import { Card } from "./Card";
import { inHand, onScreen, takeInHand } from "./hand";

/** A pointer that rests is not about to press: an alert must not wait behind a forgotten mouse. */
const POINTER_HOLD_MS = 4_000;
/** A focused card stays while keys are being used, and a little longer. */
const KEY_HOLD_MS = 8_000;
/** Of whom it is asked whether they are still away, by name: a foot of the queue, and no list. */
const MOST_ASKED = 3;

interface Hold {
  held: string[] | null;
  touch: (forMs: number) => void;
  letGo: () => void;
}

/** Keeps the order on the screen for a while after each touch. */
function useHold(ids: () => string[]): Hold {
  const [held, setHeld] = useState<string[] | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const until = useRef(0);
  const letGo = (): void => {
    clearTimeout(timer.current);
    until.current = 0;
    setHeld(null);
  };
  const touch = (forMs: number): void => {
    setHeld((was) => was ?? ids());
    until.current = Math.max(until.current, Date.now() + forMs);
    clearTimeout(timer.current);
    timer.current = setTimeout(letGo, until.current - Date.now());
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { held, touch, letGo };
}

function NewBar({ waiting, show }: { waiting: Alert[]; show: () => void }): JSX.Element | null {
  const bar = useRef<HTMLButtonElement>(null);
  const first = waiting[0];
  useEffect(() => {
    for (const alert of waiting) if (cameLive.get(alert.id) === 0) cameLive.set(alert.id, Date.now());
    if (first && bar.current && !bar.current.dataset.shownAt) bar.current.dataset.shownAt = String(Date.now());
  });
  if (!first) return null;
  return (
    <button
      ref={bar}
      class={`new-bar new-bar-${first.severity}`}
      data-testid="new-bar"
      data-alert-id={first.id}
      onClick={show}
    >
      <Shape severity={first.severity} />
      <span class="new-bar-what">
        <b>{t(waiting.length === 1 ? "queue.new.one" : "queue.new.many", { n: waiting.length })}</b> {headline(first)}
      </span>
      <span class="new-bar-act">{t("queue.new.show")}</span>
    </button>
  );
}

function Stale(): JSX.Element | null {
  if (!isStale() || !fetched.value.at) return null;
  return <p class="stale">{t("queue.stale", { time: clockTime(fetched.value.at, lang.value) })}</p>;
}

function Head(): JSX.Element {
  const n = open.value.length;
  return (
    <header class="pane-head">
      <h1>{t(n === 1 ? "queue.open.one" : "queue.open.many", { n })}</h1>
    </header>
  );
}

function Handled(): JSX.Element | null {
  if (fetched.value.state === "loading") return null;
  const list = handled.value;
  return (
    <details class="handled">
      <summary>
        {t("queue.done")} <span class="count figures">{list.length}</span>
      </summary>
      {list.length === 0 && <p class="muted">{t("queue.done.none")}</p>}
      {list.map((alert) => (
        <button
          key={alert.id}
          class="row-button"
          aria-current={inHand.value === alert.id}
          onClick={() => takeInHand(alert.id)}
        >
          <Shape severity={alert.severity} quiet />
          <span class="row-main">{headline(alert)}</span>
          <span class="muted">{alert.outcome && outcomeName(alert)}</span>
          {alert.resolved_time && <Moment at={alert.resolved_time} />}
        </button>
      ))}
    </details>
  );
}

function QuietFoot(): JSX.Element | null {
  const seen = overview.value;
  if (!seen) return null;
  const all = seen.watched === seen.residents;
  const there = pausesNow();
  return (
    <a class={`quiet-foot figures ${all ? "" : "quiet-foot-some"}`} href="/residents" onClick={follow}>
      <span class="dot" />
      {t("quiet.watched", { watched: seen.watched, residents: seen.residents })}
      {there > 0 && <span data-testid="there-count"> · {t("pause.count", { n: there })}</span>}
    </a>
  );
}

/** Who may be back without anybody having said so: no alarm, and read in passing. */
function AskFoot(): JSX.Element | null {
  const asking = useAsking();
  if (asking.length === 0) return null;
  return (
    <p class="ask-foot" data-testid="ask-foot">
      <span>{t("absence.asks.chip")}</span>
      {asking.slice(0, MOST_ASKED).map(({ resident, name, absence }) => (
        <a key={resident} href={`/residents/${encodeURIComponent(resident)}`} onClick={follow}>
          {t("absence.asks.who", { name, n: daysSince(absence, nowMs.value) })}
        </a>
      ))}
      {asking.length > MOST_ASKED && (
        <a href="/residents" onClick={follow}>
          {t("absence.asks.more", { n: asking.length - MOST_ASKED })}
        </a>
      )}
    </p>
  );
}

export function QueuePane(): JSX.Element {
  const ids = useRef<string[]>([]);
  const { held, touch, letGo } = useHold(() => ids.current);
  const { shown, waiting } = arrange(all.value, held);
  ids.current = shown.map((alert) => alert.id);
  useEffect(() => {
    onScreen.value = ids.current;
  });
  const { state } = fetched.value;
  const touched = (event: PointerEvent): void => {
    if (event.pointerType !== "touch") touch(POINTER_HOLD_MS);
  };
  return (
    <section class="pane pane-queue" aria-label={t("queue.title")}>
      {waiting.length ? <NewBar waiting={waiting} show={letGo} /> : <Head />}
      <Stale />
      <div class="pane-body">
        {state === "loading" && <Loading text={t("queue.loading")} />}
        {state === "failed" && <Failed text={t("queue.failed")} />}
        <ol
          class="queue"
          data-testid="queue"
          onPointerMove={touched}
          onPointerLeave={letGo}
          onKeyDown={() => touch(KEY_HOLD_MS)}
        >
          {shown.map((alert) => (
            <li key={alert.id}>
              <Card alert={alert} chosen={inHand.value === alert.id} />
            </li>
          ))}
        </ol>
        {state === "ok" && !isStale() && shown.length === 0 && <p class="queue-empty">{t("quiet.title")}</p>}
        <Handled />
      </div>
      <AskFoot />
      <QuietFoot />
    </section>
  );
}
