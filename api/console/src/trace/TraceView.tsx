/** The trace, drawn well: its controls, its words, and the drawing itself. */

import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { short } from "../reasons";
import type { Alert, Trace } from "../records";
import { Choose } from "../shell/Choose";
import { t } from "../words";
import { Drawing, GUTTER_PX, phasesOf, type Told } from "./Drawing";
import { linesOf, peakNear, turnsOf, valueAt } from "./geometry";
import { Phases, phaseWords } from "./Phases";
import { axes, near } from "./view";

const WIDE_S = 60;
/** The close view shows a free fall of 0.3 s as some forty pixels. */
const NEAR_S = 5;
/** How far from the marked impact its highest sample may lie. */
const PEAK_AROUND_S = 1;
/** The arrow keys walk the reading line by this share of the window. */
const KEY_STEP = 1 / 100;

/** The plot is as tall as the window has room for, px; the rest of the alert needs about OTHER_PX. */
const [SHORTEST_PX, TALLEST_PX, OTHER_PX] = [150, 320, 690];

/** From this width on the alert has the whole height of the window (styles/desk.css has the same number). */
const THREE_COLUMNS_PX = 1280;

/** A plot taller than this share of its width makes a fall look like any other needle. */
const TALLEST_SHARE = 0.4;

function plotHeight(width: number): number {
  if (innerWidth < THREE_COLUMNS_PX) return SHORTEST_PX;
  const most = Math.min(TALLEST_PX, innerHeight - OTHER_PX, width * TALLEST_SHARE);
  return Math.round(Math.max(SHORTEST_PX, most));
}

function useWidth(): [{ current: HTMLDivElement | null }, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const measure = (): void => setWidth(Math.max(0, Math.floor(element.clientWidth) - GUTTER_PX));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return [box, width];
}

interface Props {
  trace: Trace;
  alert: Alert;
  /** When each stage was told. */
  told: Told[];
}

export function TraceView(props: Props): JSX.Element {
  const { trace, alert } = props;
  if (trace.complete === false || trace.segments.some((segment) => segment.values.length)) return <Drawn {...props} />;
  // No sensor of movement saw it (a button, a radar): there is nothing to draw, and nothing to zoom.
  return (
    <section class="trace" data-testid="trace" data-complete="true">
      <h3>{t(alert.kind === "fall" ? "trace.title" : "trace.title.moment")}</h3>
      <p class="trace-empty">{t("trace.none")}</p>
    </section>
  );
}

function Drawn({ trace, alert, told }: Props): JSX.Element {
  const [box, width] = useWidth();
  const [cursor, setCursor] = useState<number | null>(null);
  const impactMs = Date.parse(trace.impact ?? alert.event_time);
  const lines = linesOf(trace, "values", impactMs);
  const hasAxes = trace.segments.some((segment) => segment.x?.length);
  const half = near.value ? NEAR_S : WIDE_S;
  const from = near.value ? -NEAR_S : -WIDE_S;
  const peak = peakNear(lines, 0, PEAK_AROUND_S);
  const isFall = alert.kind === "fall";
  const turns = useMemo(() => (isFall ? turnsOf(trace, impactMs) : []), [trace, impactMs, isFall]);

  const onKey = (event: KeyboardEvent): void => {
    const walk = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!walk) return;
    setCursor(Math.max(-half, Math.min(half, (cursor ?? 0) + walk * 2 * half * KEY_STEP)));
    event.preventDefault();
  };

  const phases = phaseWords(phasesOf(trace, alert), impactMs);
  const summary = t("trace.summary", {
    peak: peak ? short(peak[1]) : "-",
    at: peak ? short(peak[0]) : "-",
    phases: phases.map(({ words }) => words).join(t("reason.join")) || t("common.none"),
  });
  const read = cursor === null ? null : valueAt(lines, cursor);
  return (
    <section class="trace" data-testid="trace" data-complete={trace.complete !== false}>
      <header class="trace-head">
        <h3>{t(isFall ? "trace.title" : "trace.title.moment")}</h3>
        <Choose
          value={near.value}
          set={(to) => (near.value = to)}
          options={[
            [true, t("trace.zoom.10")],
            [false, t("trace.zoom.120")],
          ]}
        />
        {hasAxes && (
          <Choose
            value={axes.value}
            set={(to) => (axes.value = to)}
            options={[
              [false, "|a|"],
              [true, t("trace.axes.on")],
            ]}
          />
        )}
      </header>
      <div
        class="trace-box"
        ref={box}
        tabIndex={0}
        role="img"
        aria-label={summary}
        onKeyDown={onKey}
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left - GUTTER_PX;
          setCursor(x < 0 ? null : from + (x / Math.max(1, width)) * 2 * half);
        }}
        onPointerLeave={() => setCursor(null)}
        onDblClick={() => (axes.value = !axes.value)}
      >
        {width > 0 && (
          <Drawing
            trace={trace}
            alert={alert}
            impactMs={impactMs}
            window={{ from, to: half, width }}
            plot={plotHeight(width)}
            axes={axes.value && hasAxes}
            peak={isFall ? peak : null}
            turns={axes.value && hasAxes ? [] : turns}
            told={told}
            cursor={cursor}
          />
        )}
      </div>
      <p class="trace-foot muted figures">
        {cursor !== null && read !== null ? (
          <span class="trace-read">
            {cursor >= 0 ? "+" : "−"}
            {Math.abs(cursor).toFixed(near.value ? 2 : 1)} {t("trace.axis.s")} · {read.toFixed(2)} g
          </span>
        ) : (
          <span>{trace.complete === false ? t("trace.recording", { s: WIDE_S }) : t("trace.about")}</span>
        )}
        <span class="trace-keys">{t("trace.keys")}</span>
      </p>
      <Phases phases={phases} told={told} />
    </section>
  );
}
