/** The desk: the queue, the alert in hand, the person. On a phone one swipe after the other. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { alerts, fetched, open } from "../alerts";
import { isOpen } from "../order";
import { byLoudness } from "../order";
import { t, type Key } from "../words";
import { AlertPane } from "./AlertPane";
import { inHand, takeInHand } from "./hand";
import { PersonPane } from "./Person";
import { QueuePane } from "./Queue";
import { Quiet } from "./Quiet";

const PANES: Key[] = ["tab.queue", "tab.alert", "tab.person"];
/** Below this the panes are swiped (styles/desk.css has the same number). */
const PHONE = "(max-width: 759px)";

/** Takes the loudest alert in hand when nothing is; never changes what is in hand. */
function useFirstAlert(): void {
  const first = [...open.value].sort(byLoudness)[0]?.id;
  useEffect(() => {
    if (inHand.value === null && first && !matchMedia(PHONE).matches) takeInHand(first, true);
  }, [first, inHand.value]);
}

/** On a phone an alert taken in hand scrolls into view. */
function useSwipes(): { desk: { current: HTMLElement | null }; pane: number; show: (pane: number) => void } {
  const desk = useRef<HTMLElement>(null);
  const [pane, setPane] = useState(0);
  const show = (to: number): void => {
    const box = desk.current;
    if (box) box.scrollTo({ left: to * box.clientWidth });
  };
  useLayoutEffect(() => {
    if (inHand.value !== null && matchMedia(PHONE).matches) show(1);
  }, [inHand.value]);
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
  const { desk, pane, show } = useSwipes();
  const alert = inHand.value ? (alerts.value.get(inHand.value) ?? null) : null;
  const quiet = inHand.value === null && fetched.value.state !== "loading" && !open.value.some(isOpen);
  return (
    <>
      <div class="tabs" role="tablist">
        {PANES.map((words, i) => (
          <button key={words} role="tab" aria-selected={pane === i} onClick={() => show(i)}>
            {t(words)}
            {i === 0 && open.value.length > 0 && <span class="count figures">{open.value.length}</span>}
          </button>
        ))}
      </div>
      <main class={`desk ${quiet ? "desk-quiet" : ""}`} id="content" ref={desk}>
        <QueuePane />
        <section class="pane pane-alert" aria-label={t("tab.alert")}>
          {quiet ? <Quiet /> : <AlertPane id={inHand.value} known={alert} onPerson={() => show(2)} />}
        </section>
        {!quiet && <PersonPane resident={alert?.resident.id ?? null} version={alert?.version ?? 0} />}
      </main>
    </>
  );
}
