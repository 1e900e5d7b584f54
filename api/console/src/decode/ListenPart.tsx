/** Listening: what arrives at the broker, each message with what it means. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Empty, Failed, Loading } from "../states";
import { said as words, t } from "../words";
import { hear, type Counts, type EarState } from "./ear";
import { heardMore, letIn, NOTHING, visible, type Heard } from "./heard";
import { Line } from "./Message";

type Phase = { is: "idle" } | { is: EarState } | { is: "ended"; text: string };

const CODES: Record<string, "decode.listen.everywhere" | "decode.listen.full" | "decode.forbidden"> = {
  listen_everywhere: "decode.listen.everywhere",
  too_many_listeners: "decode.listen.full",
  not_allowed: "decode.forbidden",
};

function endOf(reason: string, code: string | null, message: string): string {
  if (reason !== "refused") return reason === "lost" ? t("decode.listen.lost") : words(`decode.listen.end.${reason}`, reason);
  const known = code ? CODES[code] : undefined;
  if (known) return t(known);
  return code === "bad_topic" ? t("decode.refused", { message }) : t("decode.listen.failed");
}

const topicAsked = (): string => new URLSearchParams(location.search).get("topic") ?? "zigbee2mqtt/#";

export function ListenPart(): JSX.Element {
  const [topic, setTopic] = useState(topicAsked);
  const [on, setOn] = useState("");
  const [phase, setPhase] = useState<Phase>({ is: "idle" });
  const [counts, setCounts] = useState<Counts>({ heard: 0, skipped: 0 });
  const [heard, setHeard] = useState<Heard>(NOTHING);
  const [paused, setPaused] = useState(false);
  const [quiet, setQuiet] = useState(false);
  const [hand, setHand] = useState(false);
  const held = useRef(false);
  held.current = paused || hand;
  const key = useRef(0);
  const hangUp = useRef<() => void>(() => undefined);

  useEffect(() => () => hangUp.current(), []);

  const start = (event: Event): void => {
    event.preventDefault();
    hangUp.current();
    const wanted = topic.trim();
    setOn(wanted);
    setPaused(false);
    setPhase({ is: "connecting" });
    setCounts({ heard: 0, skipped: 0 });
    hangUp.current = hear(wanted, {
      onMessage: ({ said, size: _size, ...given }) => {
        key.current += 1;
        const read = { key: key.current, given, said };
        setHeard((now) => heardMore(now, read, held.current));
        setCounts((now) => ({ ...now, heard: now.heard + 1 }));
      },
      onState: (state, now) => {
        setPhase({ is: state });
        setCounts({ heard: now.heard, skipped: now.skipped });
      },
      onEnd: (reason, code, message) => setPhase({ is: "ended", text: endOf(reason, code, message) }),
    });
  };
  const stop = (): void => {
    hangUp.current();
    setPaused(false);
    setPhase({ is: "idle" });
  };
  const pause = (): void => {
    if (paused) setHeard(letIn);
    setPaused(!paused);
  };
  const clear = (): void => setHeard(NOTHING);

  const runs = phase.is !== "idle" && phase.is !== "ended";
  const shown = visible(heard.shown, quiet);
  const waiting = visible(heard.waiting, quiet).length;
  return (
    <div class="decode-listen">
      <form class="decode-ear" onSubmit={start}>
        <label class="field">
          {t("decode.filter")}
          <input
            data-testid="filter"
            value={topic}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            required
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        <div class="decode-acts">
          {(!runs || topic.trim() !== on) && (
            <button class="button button-main" data-testid="listen">
              {t(phase.is === "ended" ? "decode.listen.again" : "decode.listen.start")}
            </button>
          )}
          {runs && (
            <button type="button" class="button" data-testid="pause" aria-pressed={paused} onClick={pause}>
              {t(paused ? "decode.listen.resume" : "decode.listen.pause")}
            </button>
          )}
          {runs && (
            <button type="button" class="button" data-testid="stop" onClick={stop}>
              {t("decode.listen.stop")}
            </button>
          )}
          {heard.shown.length + heard.waiting.length > 0 && (
            <button type="button" class="button" data-testid="listen-clear" onClick={clear}>
              {t("decode.clear")}
            </button>
          )}
        </div>
      </form>
      <div class="decode-state" role="status" data-testid="ear" data-state={phase.is}>
        {phase.is === "connecting" && <Loading text={t("decode.listen.connecting")} />}
        {phase.is === "listening" && (
          <p>
            <span class="dot decode-on" aria-hidden="true" /> {paused ? t("decode.listen.paused") : t("decode.listen.listening", { topic: on })}
          </p>
        )}
        {phase.is === "away" && <p class="notice">{t("decode.listen.away")}</p>}
        {phase.is === "refused" && <p class="notice">{t("decode.listen.refused")}</p>}
      </div>
      {phase.is === "ended" && <Failed text={phase.text} />}
      {(runs || heard.shown.length > 0) && (
        <div class="decode-counts">
          <span class="figures muted" data-testid="counts">
            {t("decode.listen.counts", { heard: counts.heard })}
            {counts.skipped > 0 && ` · ${t("decode.listen.skipped", { n: counts.skipped })}`}
          </span>
          <label class="decode-switch">
            <input type="checkbox" data-testid="quiet" checked={quiet} onChange={(event) => setQuiet(event.currentTarget.checked)} />
            {t("decode.listen.quiet")}
          </label>
          {waiting > 0 && (
            <button class="button decode-new" data-testid="let-in" onClick={() => setHeard(letIn)}>
              {t("decode.listen.new", { n: waiting })}
            </button>
          )}
        </div>
      )}
      <ul
        class="read-lines"
        data-testid="heard-list"
        onPointerEnter={() => setHand(true)}
        onPointerLeave={() => setHand(false)}
        onFocusCapture={() => setHand(true)}
        onBlurCapture={() => setHand(false)}
      >
        {shown.map((one) => (
          <Line key={one.key} read={one} />
        ))}
      </ul>
      {phase.is === "idle" && heard.shown.length === 0 && <Empty>{t("decode.listen.idle")}</Empty>}
      {phase.is === "listening" && heard.shown.length + heard.waiting.length === 0 && <Empty>{t("decode.listen.nothing")}</Empty>}
      {runs && heard.shown.length > 0 && shown.length === 0 && <Empty>{t("decode.listen.onlyquiet")}</Empty>}
    </div>
  );
}
