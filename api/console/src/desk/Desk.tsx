/** The desk: the queue, the alert in hand, the person. On a phone one swipe after the other. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { alerts, fetched, open } from "../alerts";
import { byLoudness, isOpen } from "../order";
import { go } from "../router";
import { t, type Key } from "../words";
import { AlertPane } from "./AlertPane";
import { inHand, PHONE, takeInHand } from "./hand";
import { PersonPane } from "./Person";
import { QueuePane } from "./Queue";
import { Quiet } from "./Quiet";

const PANES: Key[] = ["tab.queue", "tab.alert", "tab.person"];
/** Takes the loudest alert in hand when nothing is; never changes what is in hand. */
function useFirstAlert(): void {
  const first = [...open.value].sort(byLoudness)[0]?.id;
  useEffect(() => {
    if (inHand.value === null && first && !matchMedia(PHONE).matches) takeInHand(first, true);
  }, [first, inHand.value]);
}

/** A handled alert is let go when nobody touches the page for this long: at night it shows the watch again. */
const LET_GO_MS = 30_000;
const TOUCHES = ["pointermove", "pointerdown", "keydown"] as const;

function useLetGo(handled: boolean): void {
  useEffect(() => {
    if (!handled) return undefined;
    let timer = setTimeout(() => go("/"), LET_GO_MS);
    const touched = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => go("/"), LET_GO_MS);
    };
    TOUCHES.forEach((name) => addEventListener(name, touched));
    return () => {
      clearTimeout(timer);
      TOUCHES.forEach((name) => removeEventListener(name, touched));
    };
  }, [handled, inHand.value]);
}

/** On a phone an alert taken in hand scrolls into view. */
function useSwipes(quiet: boolean): {
  desk: { current: HTMLElement | null };
  pane: number;
  show: (pane: number) => void;
} {
  const desk = useRef<HTMLElement>(null);
  const [pane, setPane] = useState(0);
  const show = (to: number): void => {
    const box = desk.current;
    if (box) box.scrollTo({ left: to * box.clientWidth });
  };
  useLayoutEffect(() => {
    if (matchMedia(PHONE).matches) show(inHand.value !== null || quiet ? 1 : 0);
  }, [inHand.value, quiet]);
  useEffect(() => {
    const box = desk.current;
    if (!box) return undefined;
    const follow = (): void => setPane(Math.round(box.scrollLeft / Math.max(1, box.clientWidth)));
    box.addEventListener("scroll", follow, { passive: true });
    return () => box.removeEventListener("scroll", follow);
  }, []);
  return { desk, pane, show };
}

export function Desk(): JSX.Element {
  useFirstAlert();
  const alert = inHand.value ? (alerts.value.get(inHand.value) ?? null) : null;
  const quiet = inHand.value === null && fetched.value.state !== "loading" && !open.value.some(isOpen);
  useLetGo(alert !== null && !isOpen(alert));
  const { desk, pane, show } = useSwipes(quiet);
  const panes: Key[] = quiet ? ["tab.queue", "quiet.title"] : PANES;
  return (
    <>
      <nav aria-label={t("nav.desk")}>
        <div class="tabs" role="tablist">
          {panes.map((words, i) => (
            <button key={words} role="tab" aria-selected={pane === i} onClick={() => show(i)}>
              {t(words)}
              {i === 0 && open.value.length > 0 && <span class="count figures">{open.value.length}</span>}
            </button>
          ))}
        </div>
      </nav>
      <main class={`desk ${quiet ? "desk-quiet" : ""}`} id="content" ref={desk}>
        <QueuePane />
        <section class="pane pane-alert" aria-label={t("tab.alert")}>
          {quiet ? <Quiet /> : <AlertPane id={inHand.value} known={alert} onPerson={() => show(2)} />}
        </section>
        {!quiet && <PersonPane resident={alert?.resident.id ?? null} kind={alert?.kind ?? null} version={alert?.version ?? 0} />}
      </main>
    </>
  );
}
